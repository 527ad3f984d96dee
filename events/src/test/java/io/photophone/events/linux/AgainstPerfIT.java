package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Our session and `perf record` side by side on the same processes.
@Tag("V13")
class AgainstPerfIT {
  private static final Pattern TID_AND_TIME =
      Pattern.compile("\\s*(?<tid>-?\\d+)\\s+(?<seconds>\\d+)\\.(?<nanos>\\d{9}):.*");

  @TempDir private Path folder;

  @BeforeEach
  void is_possible_here() {
    Possible.wholeMachine();
    PerfTool.assumePresent();
  }

  /// By thread, of what `perf script -F tid,time` wrote, between two times.
  private static Map<Integer, Integer> byThread(List<String> lines, long from, long to) {
    Map<Integer, Integer> counts = new TreeMap<>();
    for (String line : lines) {
      Matcher matcher = TID_AND_TIME.matcher(line);
      if (matcher.matches()) {
        long time =
            Long.parseLong(matcher.group("seconds")) * 1_000_000_000
                + Long.parseLong(matcher.group("nanos"));
        if (time >= from && time < to) {
          counts.merge(Integer.parseInt(matcher.group("tid")), 1, Integer::sum);
        }
      }
    }
    return counts;
  }

  @Test
  void samples_of_each_thread_are_as_many_as_perf_record_has() throws Exception {
    Possible.samplesPerSecond(1000);
    Process busy = Busy.start("spin", "3");
    try (PerfSession session =
            PerfSession.builder()
                .pid(busy.pid())
                .cpuSamples(997, StackCapture.CALL_CHAIN)
                .pageCount(512)
                .build();
        PerfTool perf =
            PerfTool.record(
                folder.resolve("cpu"),
                "-e",
                "cpu-clock",
                "-F",
                "997",
                "-g",
                "-p",
                Long.toString(busy.pid()))) {
      Map<Integer, Integer> ours = new HashMap<>();
      long[] window = new long[2];
      session
          .events()
          .event(PerfEvents.CPU_SAMPLE)
          .addCallback(data -> {
            if (data.timeNanos() >= window[0] && data.timeNanos() < window[1]) {
              ours.merge(data.tid(), 1, Integer::sum);
            }
          });
      session.enable();
      window[0] = System.nanoTime();
      window[1] = window[0] + Duration.ofSeconds(4).toNanos();
      session.read(Duration.ofSeconds(4));
      session.disable();
      session.drain();
      perf.end();

      Map<Integer, Integer> theirs =
          byThread(perf.script("-F", "tid,time", "-G"), window[0], window[1]);
      System.out.println("ours " + new TreeMap<>(ours) + " theirs " + theirs);
      int compared = 0;
      for (Map.Entry<Integer, Integer> each : theirs.entrySet()) {
        if (each.getValue() >= 150) {
          int own = ours.getOrDefault(each.getKey(), 0);
          assertEquals(each.getValue(), own, 0.02 * each.getValue(), "thread " + each.getKey());
          compared++;
        }
      }
      assertTrue(compared >= 2, () -> "busy threads: " + theirs);
      assertEquals(0, session.statistics().lostInRings());
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  @Test
  void context_switches_are_exactly_those_that_perf_record_has() throws Exception {
    Process busy = Busy.start("switch", "10000");
    try (PerfSession session =
            PerfSession.builder()
                .pid(busy.pid())
                .contextSwitches(StackCapture.NONE)
                .pageCount(1024)
                .build();
        PerfTool perf =
            PerfTool.record(
                folder.resolve("switches"),
                "-e",
                "sched:sched_switch",
                "-p",
                Long.toString(busy.pid()))) {
      Map<Integer, Integer> ours = new TreeMap<>();
      long[] window = new long[2];
      long[] first = {Long.MAX_VALUE};
      session
          .events()
          .event(PerfEvents.SCHED_SWITCH)
          .addCallback(data -> {
            if (data.timeNanos() >= window[0]) {
              ours.merge(data.tid(), 1, Integer::sum);
            }
            first[0] = Math.min(first[0], data.timeNanos());
          });
      session.enable();
      window[0] = System.nanoTime();
      Busy.tell(busy);
      Thread reader = Thread.currentThread();
      Thread.ofPlatform()
          .start(() -> {
            try {
              busy.inputReader().readLine();
            } catch (java.io.IOException e) {
              throw new java.io.UncheckedIOException(e);
            } finally {
              reader.interrupt();
            }
          });
      session.read(Duration.ofSeconds(60));
      assertTrue(Thread.interrupted(), "the work ended");
      session.disable();
      window[1] = System.nanoTime();
      session.drain();
      perf.end();
      // What it does after the work, and before ours ended, is in both.
      Map<Integer, Integer> theirs = byThread(perf.script("-F", "tid,time"), window[0], window[1]);
      int total = ours.values().stream().mapToInt(Integer::intValue).sum();
      System.out.println("ours " + ours + " theirs " + theirs);
      assertEquals(0, session.statistics().lostInRings());
      assertTrue(total > 5_000, () -> "switches: " + total);
      EventCount counted = session.counts().get(PerfEvents.SCHED_SWITCH);
      assertEquals(
          counted.counted(),
          session.statistics().samples(PerfEvents.SCHED_SWITCH) + counted.lost());
      assertEquals(theirs, ours);
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }
}
