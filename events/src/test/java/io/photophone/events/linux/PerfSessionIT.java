package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.Event;
import io.photophone.events.FieldRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
      assertTrue(samples.values().stream().filter(each -> each > 100).count() >= 3);
      assertTrue(counts[0] > 500, "samples with a call chain");
      assertEquals(
          session.statistics().samples(PerfEvents.SCHED_SWITCH), counts[2], "of the thread itself");
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }
}
