package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.Event;
import io.photophone.events.FieldRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V13")
class PerfSessionIT {
  @BeforeEach
  void is_possible_here() {
    Possible.wholeMachine();
  }

  @Test
  void cpu_samples_and_switches_of_all_threads_of_a_process_come_in_order_of_time()
      throws Exception {
    Possible.samplesPerSecond(1000);
    Process busy = Busy.start("spin", "2");
    try (PerfSession session =
        PerfSession.builder()
            .pid(busy.pid())
            .cpuSamples(997, StackCapture.CALL_CHAIN)
            .contextSwitches(StackCapture.CALL_CHAIN)
            .build()) {
      PerfEvents events = session.events();
      Map<Integer, Integer> samples = new HashMap<>();
      Set<String> names = new HashSet<>();
      long[] last = {0};
      int[] counts = new int[3];
      events
          .event(PerfEvents.CPU_SAMPLE)
          .addCallback(data -> {
            samples.merge(data.tid(), 1, Integer::sum);
            counts[0] += data.longsOf(events.callChain()) > 1 ? 1 : 0;
            counts[1] += data.timeNanos() < last[0] ? 1 : 0;
            last[0] = data.timeNanos();
          });
      Event switches = events.event(PerfEvents.SCHED_SWITCH);
      FieldRef previous = switches.format().fieldRef("prev_pid");
      switches.addCallback(data -> counts[2] += data.intOf(previous) == data.tid() ? 1 : 0);
      FieldRef name = events.event("comm").format().fieldRef("comm");
      events.event("comm").addCallback(data -> names.add(data.textOf(name)));

      session.enable();
      session.read(Duration.ofMillis(700));
      Busy.tell(busy);
      session.read(Duration.ofMillis(700));
      session.disable();
      session.drain();

      System.out.println(session.statistics() + " " + session.counts() + " " + samples);
      assertTrue(events.errors().isEmpty(), () -> events.errors().first().toString());
      assertEquals(0, counts[1], "out of order");
      assertTrue(names.contains("spin-0") && names.contains("spin-1"), names::toString);
      assertTrue(names.contains("spin-2"), names + " has the one born later");
      assertTrue(samples.values().stream().filter(each -> each > 20).count() >= 3);
      assertTrue(counts[0] > 100, "samples with a call chain");
      assertEquals(
          session.statistics().samples(PerfEvents.SCHED_SWITCH), counts[2], "of the thread itself");
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  @Test
  void the_whole_machine_has_other_processes_and_of_ours_only_what_the_scheduler_did()
      throws Exception {
    Process busy = Busy.start("spin", "1");
    try (PerfSession session =
        PerfSession.builder()
            .wholeMachine()
            .pageCount(1024)
            .tracepoint("raw_syscalls:sys_enter", StackCapture.NONE)
            .contextSwitches(StackCapture.NONE)
            .switchRecords()
            .build()) {
      long own = ProcessHandle.current().pid();
      Map<String, Integer> counts = new HashMap<>();
      Set<Integer> named = new HashSet<>();
      for (String name :
          new String[] {"raw_syscalls:sys_enter", PerfEvents.SCHED_SWITCH, "switch_cpu_wide"}) {
        session
            .events()
            .event(name)
            .addCallback(
                data -> counts.merge(name + (data.pid() == own ? " own" : ""), 1, Integer::sum));
      }
      session.events().event("comm").addCallback(data -> named.add(data.pid()));
      session.enable();
      session.read(Duration.ofMillis(300));
      session.disable();
      session.drain();

      PerfStatistics statistics = session.statistics();
      System.out.println(counts + " " + statistics);
      assertEquals(0, counts.getOrDefault("raw_syscalls:sys_enter own", 0));
      assertTrue(counts.get(PerfEvents.SCHED_SWITCH) > 0);
      assertTrue(counts.get(PerfEvents.SCHED_SWITCH + " own") > 0);
      assertTrue(counts.get("switch_cpu_wide") > 0);
      assertTrue(statistics.own() > 0);
      assertTrue(named.contains((int) busy.pid()), "told of what ran before");
      for (Map.Entry<String, EventCount> each : session.counts().entrySet()) {
        assertEquals(
            each.getValue().counted(),
            statistics.samples(each.getKey()) + each.getValue().lost(),
            each.getKey());
      }
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  @Test
  void the_kernel_applies_a_filter_and_refuses_a_wrong_one_by_its_text() throws Exception {
    Process work =
        new ProcessBuilder(
                "sh", "-c", "read x; i=0; while [ $i -lt 50 ]; do kill -0 $$; i=$((i+1)); done")
            .start();
    try (PerfSession session =
        PerfSession.builder()
            .pid(work.pid())
            .tracepoint("raw_syscalls:sys_enter", "id == 62", StackCapture.NONE)
            .build()) {
      Set<Long> seen = new HashSet<>();
      Event calls = session.events().event("raw_syscalls:sys_enter");
      FieldRef id = calls.format().fieldRef("id");
      calls.addCallback(data -> seen.add(data.longOf(id)));
      session.enable();
      work.outputWriter().write("\n");
      work.outputWriter().flush();
      work.waitFor();
      // The process that was recorded is gone: what it did is read still.
      session.read(Duration.ofMillis(10));
      session.disable();
      session.drain();
      assertEquals(50, session.statistics().samples("raw_syscalls:sys_enter"));
      assertEquals(Set.of(62L), seen);
    } finally {
      work.destroyForcibly().waitFor();
    }
    PerfException e =
        assertThrows(
            PerfException.class,
            PerfSession.builder()
                    .tracepoint("raw_syscalls:sys_enter", "nothing == 1", StackCapture.NONE)
                ::build);
    assertTrue(e.getMessage().contains("refuses the filter \"nothing == 1\""), e.getMessage());
    PerfException gone =
        assertThrows(PerfException.class, PerfSession.builder().pid(Integer.MAX_VALUE)::build);
    assertTrue(gone.getMessage().contains("no process 2147483647"), gone.getMessage());
  }

  @Test
  void an_event_whose_filter_is_refused_records_nothing_rather_than_all() throws Exception {
    // On the processor whose events are opened first, before anything was refused.
    Process work =
        new ProcessBuilder(
                "taskset",
                "-c",
                Integer.toString(Procfs.processors().getFirst()),
                "sh",
                "-c",
                "read x; i=0; while [ $i -lt 50 ]; do kill -0 $$; i=$((i+1)); done")
            .start();
    try (PerfSession session =
        PerfSession.builder()
            .pid(work.pid())
            .cpuSamples(97, StackCapture.NONE)
            .tracepoint("raw_syscalls:sys_enter", "nothing == 1", StackCapture.NONE)
            .withoutWhatIsRefused()
            .build()) {
      assertTrue(
          session.remarks().stream().anyMatch(each -> each.contains("refuses the filter")),
          session.remarks().toString());
      session.enable();
      work.outputWriter().write("\n");
      work.outputWriter().flush();
      work.waitFor();
      session.disable();
      session.drain();
      assertEquals(0, session.statistics().samples("raw_syscalls:sys_enter"));
    } finally {
      work.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_session_recorded_to_a_file_is_read_with_nothing_lost_uncounted(@TempDir Path folder)
      throws Exception {
    Process work =
        new ProcessBuilder(
                "sh",
                "-c",
                "read x; for i in 1 2 3 4 5; do dd if=/dev/zero of=/dev/null bs=1 count=2000"
                    + " status=none; done")
            .start();
    Path file = folder.resolve("session");
    EventCount count;
    try (PerfSession session =
            PerfSession.builder()
                .pid(work.pid())
                .tracepoint("raw_syscalls:sys_enter", StackCapture.NONE)
                .pageFaults(StackCapture.COPY)
                .buildIds()
                .build();
        RecordingSink sink = session.sink(file)) {
      session.enable();
      work.outputWriter().write("\n");
      work.outputWriter().flush();
      Thread reader = Thread.currentThread();
      var _ = work.onExit().thenRun(reader::interrupt);
      session.record(sink, Duration.ofSeconds(30));
      assertTrue(Thread.interrupted(), "the work ended");
      session.disable();
      session.record(sink, Duration.ZERO);
      count = session.counts().get("raw_syscalls:sys_enter");
      assertTrue(sink.bytes() > 0);
    }
    try (RecordedSource source = RecordedSource.open(file)) {
      int[] stacks = new int[2];
      Event faults = source.events().event(PerfEvents.PAGE_FAULT);
      faults.addCallback(data -> {
        // Not where the kernel itself touches the new program's memory before that runs.
        stacks[0] += source.events().userStack().length() > 0 ? 1 : 0;
        stacks[1]++;
        if (source.events().userRegisters().isPresent()) {
          assertEquals(
              Long.bitCount(source.events().userRegisterMask()),
              data.longsOf(source.events().userRegisters()));
        }
      });
      Set<String> files = new HashSet<>();
      FieldRef name = source.events().event("mmap2_build_id").format().fieldRef("filename");
      source.events().event("mmap2_build_id").addCallback(data -> files.add(data.textOf(name)));
      source.read();
      assertTrue(source.events().errors().isEmpty());
      PerfStatistics statistics = source.statistics();
      assertEquals(count.counted(), statistics.samples("raw_syscalls:sys_enter") + count.lost());
      assertTrue(count.counted() > 20_000);
      assertTrue(stacks[0] > 10 && stacks[0] > stacks[1] / 2, stacks[0] + " of " + stacks[1]);
      assertTrue(files.stream().anyMatch(each -> each.endsWith("/dd")), files::toString);
      assertEquals(0, statistics.damaged() + statistics.unknown() + statistics.outOfOrder());
    } finally {
      work.destroyForcibly().waitFor();
    }
  }
}
