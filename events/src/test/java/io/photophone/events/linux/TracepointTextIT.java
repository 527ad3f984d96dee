package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fields of tracepoints by our formats against the text of `perf script`, for the same events of
/// the same processes.
@Tag("V13")
@Tag("V2")
class TracepointTextIT {
  private static final Pattern LINE =
      Pattern.compile("\\s*(?<tid>-?\\d+)\\s+[\\d.]+:\\s+(?<event>\\w+:\\w+): (?<text>.*)");

  /// What needs the kernel's names of addresses and flags.
  private static final Pattern LEFT_OUT = Pattern.compile("(call_site|gfp_flags)=\\S+ ");

  @TempDir private Path folder;

  @BeforeEach
  void is_possible_here() {
    Possible.wholeMachine();
    PerfTool.assumePresent();
  }

  private static long number(EventData data, String field) {
    return data.longOf(data.format().fieldRef(field));
  }

  private static String text(EventData data, String field) {
    return data.textOf(data.format().fieldRef(field));
  }

  private static String state(long state) {
    StringBuilder text = new StringBuilder();
    String names = "SDTtXZPI";
    for (int i = 0; i < names.length(); i++) {
      if (((state >> i) & 1) != 0) {
        text.append(text.isEmpty() ? "" : "|").append(names.charAt(i));
      }
    }
    return (text.isEmpty() ? "R" : text) + ((state & 0x100) != 0 ? "+" : "");
  }

  private static Map<String, BiFunction<EventData, EventFormat, String>> kinds() {
    Map<String, BiFunction<EventData, EventFormat, String>> kinds = new LinkedHashMap<>();
    kinds.put(
        "sched:sched_switch",
        (data, _) ->
            "prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s ==> next_comm=%s next_pid=%d next_prio=%d"
                .formatted(
                    text(data, "prev_comm"),
                    number(data, "prev_pid"),
                    number(data, "prev_prio"),
                    state(number(data, "prev_state")),
                    text(data, "next_comm"),
                    number(data, "next_pid"),
                    number(data, "next_prio")));
    kinds.put(
        "sched:sched_waking",
        (data, _) ->
            "comm=%s pid=%d prio=%d target_cpu=%03d"
                .formatted(
                    text(data, "comm"),
                    number(data, "pid"),
                    number(data, "prio"),
                    number(data, "target_cpu")));
    kinds.put(
        "sched:sched_process_exec",
        (data, _) ->
            "filename=%s pid=%d old_pid=%d"
                .formatted(text(data, "filename"), number(data, "pid"), number(data, "old_pid")));
    kinds.put(
        "sched:sched_process_fork",
        (data, _) ->
            "comm=%s pid=%d child_comm=%s child_pid=%d"
                .formatted(
                    text(data, "parent_comm"),
                    number(data, "parent_pid"),
                    text(data, "child_comm"),
                    number(data, "child_pid")));
    kinds.put(
        "task:task_rename",
        (data, _) ->
            "pid=%d oldcomm=%s newcomm=%s oom_score_adj=%d"
                .formatted(
                    number(data, "pid"),
                    text(data, "oldcomm"),
                    text(data, "newcomm"),
                    number(data, "oom_score_adj")));
    kinds.put(
        "raw_syscalls:sys_enter",
        (data, format) -> {
          StringBuilder all = new StringBuilder("NR %d (".formatted(number(data, "id")));
          for (int i = 0; i < 6; i++) {
            all.append(i == 0 ? "" : ", ")
                .append(Long.toHexString(data.longOf(format.fieldRef("args"), i)));
          }
          return all.append(')').toString();
        });
    kinds.put(
        "raw_syscalls:sys_exit",
        (data, _) -> "NR %d = %d".formatted(number(data, "id"), number(data, "ret")));
    kinds.put(
        "kmem:kmem_cache_alloc",
        (data, _) ->
            "ptr=0x%x name=%s bytes_req=%d bytes_alloc=%d node=%d accounted=%s"
                .formatted(
                    number(data, "ptr"),
                    text(data, "name"),
                    number(data, "bytes_req"),
                    number(data, "bytes_alloc"),
                    number(data, "node"),
                    number(data, "accounted") != 0));
    return kinds;
  }

  @Test
  void fields_are_those_that_perf_script_prints_for_ten_thousand_events_of_eight_kinds()
      throws Exception {
    Map<String, BiFunction<EventData, EventFormat, String>> kinds = kinds();
    String command =
        "echo ready; read x; i=0; while [ $i -lt 60 ]; do /bin/cat /proc/self/stat > /dev/null;"
            + " i=$((i+1)); done";
    Process work = new ProcessBuilder("sh", "-c", command).start();
    assertEquals("ready", work.inputReader().readLine());
    PerfSessionBuilder builder = PerfSession.builder().pid(work.pid()).pageCount(2048);
    kinds.keySet().forEach(kind -> builder.tracepoint(kind, StackCapture.NONE));
    try (PerfSession session = builder.build();
        PerfTool perf =
            PerfTool.record(
                folder.resolve("text"),
                "-e",
                String.join(",", kinds.keySet()),
                "-p",
                Long.toString(work.pid()))) {
      Map<String, List<String>> ours = new TreeMap<>();
      kinds.forEach((kind, text) -> {
        EventFormat format = session.events().event(kind).format();
        session
            .events()
            .event(kind)
            .addCallback(data ->
                ours.computeIfAbsent(data.tid() + " " + kind, _ -> new ArrayList<>())
                    .add(text.apply(data, format)));
      });
      session.enable();
      work.outputWriter().write("\n");
      work.outputWriter().flush();
      Thread reader = Thread.currentThread();
      var _ = work.onExit().thenRun(reader::interrupt);
      session.read(Duration.ofSeconds(60));
      assertTrue(Thread.interrupted(), "the work ended");
      session.disable();
      session.drain();
      perf.end();

      assertTrue(session.events().errors().isEmpty());
      assertEquals(0, session.statistics().lostInRings());
      Map<String, List<String>> theirs = new TreeMap<>();
      for (String line : perf.script("-F", "tid,time,event,trace")) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches() && kinds.containsKey(matcher.group("event"))) {
          theirs
              .computeIfAbsent(
                  matcher.group("tid") + " " + matcher.group("event"), _ -> new ArrayList<>())
              .add(LEFT_OUT.matcher(matcher.group("text")).replaceAll(""));
        }
      }
      Map<String, Integer> counts = new TreeMap<>();
      for (Map.Entry<String, List<String>> each : theirs.entrySet()) {
        List<String> own = ours.getOrDefault(each.getKey(), List.of());
        assertEquals(String.join("\n", each.getValue()), String.join("\n", own), each.getKey());
        counts.merge(each.getKey().replaceAll(".* ", ""), own.size(), Integer::sum);
      }
      System.out.println(counts);
      assertEquals(theirs.keySet(), ours.keySet());
      assertEquals(kinds.keySet().size(), counts.size(), counts::toString);
      assertTrue(
          counts.values().stream().mapToInt(Integer::intValue).sum() >= 10_000, counts::toString);
    } finally {
      work.destroyForcibly().waitFor();
    }
  }

  @Test
  void every_format_of_this_kernel_is_understood() throws Exception {
    Tracefs tracefs = Tracefs.find().orElseThrow();
    List<String> events = tracefs.events();
    assertTrue(events.size() > 100, () -> "tracepoints: " + events.size());
    List<String> failed = new ArrayList<>();
    for (String event : events) {
      try {
        EventFormat format = tracefs.format(event);
        if (!event.endsWith(":" + format.name()) || format.id() <= 0) {
          failed.add(event + " is " + format.name() + " " + format.id());
        }
      } catch (java.io.IOException | io.photophone.events.FormatException e) {
        failed.add(event + ": " + e.getMessage());
      }
    }
    System.out.println(events.size() + " tracepoints, not understood: " + failed);
    assertEquals(List.of(), failed.stream().filter(each -> !each.startsWith("ftrace:")).toList());
  }
}
