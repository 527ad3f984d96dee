package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V7")
class PerfSessionBuilderTest {
  private static String mistakes(PerfSessionBuilder builder) {
    return assertThrows(IllegalArgumentException.class, builder::build).getMessage();
  }

  @Test
  void all_mistakes_are_told_at_once_with_place_value_and_what_is_allowed() {
    String message =
        mistakes(
            PerfSession.builder()
                .pageCount(3)
                .stackBytes(7)
                .pid(0)
                .wholeMachine()
                .cpuSamples(0, StackCapture.NONE)
                .tracepoint("../x", StackCapture.NONE)
                .reorderWindow(Duration.ofSeconds(-1))
                .latency(Duration.ofDays(1)));
    for (String part :
        List.of(
            "pageCount is 3, allowed: powers of 2",
            "stackBytes is 7, allowed: multiples of 8",
            "a pid is out of range",
            "and the whole machine",
            "a rate of 0 Hz, allowed: 1 to",
            "tracepoint is \"../x\", allowed: like sched:sched_switch",
            "reorderWindow is PT-1S",
            "latency is PT24H")) {
      assertTrue(message.contains(part), part + " in " + message);
    }
  }

  @Test
  void page_counts_are_powers_of_two() {
    for (int pages : new int[] {0, -8, 3, 129, 1 << 17, Integer.MIN_VALUE}) {
      assertTrue(
          mistakes(PerfSession.builder().pageCount(pages)).contains("pageCount is " + pages));
    }
  }

  @Test
  void a_tracepoint_given_twice_is_refused() {
    assertTrue(
        mistakes(
                PerfSession.builder()
                    .tracepoint("a:b", StackCapture.NONE)
                    .tracepoint("a:b", "pid == 1", StackCapture.NONE))
            .contains("[a:b] are given more than once"));
  }

  private static SessionSettings settings(Map<String, SessionSettings.Tracepoint> tracepoints) {
    return new SessionSettings(
        new Target.Processes(List.of(1)),
        8,
        4096,
        true,
        false,
        null,
        StackCapture.COPY,
        StackCapture.CALL_CHAIN,
        tracepoints);
  }

  @Test
  void without_tracefs_switches_are_plain_records_and_tracepoints_are_refused_with_the_command() {
    EventPlan plan =
        new EventPlan(
            settings(Map.of("a:b", new SessionSettings.Tracepoint("a:b", "", StackCapture.NONE))),
            Optional.empty(),
            1000);
    PerfAttr records = plan.events().getFirst().setup().perfAttr();
    assertTrue((records.flags() & PerfAttr.CONTEXT_SWITCH) != 0);
    assertTrue((records.flags() & PerfAttr.BUILD_ID) != 0);
    assertTrue(plan.remarks().getFirst().contains("sudo mount "));
    assertTrue(plan.refused().getFirst().startsWith("a:b: tracefs isn't mounted"));
    assertEquals(
        List.of("records", "page_fault"),
        plan.events().stream().map(each -> each.setup().name()).toList());
  }

  @Test
  void with_tracefs_switches_are_the_tracepoint_of_the_scheduler(@TempDir Path root)
      throws IOException {
    Path point = Files.createDirectories(root.resolve("events/sched/sched_switch"));
    Files.writeString(point.resolve("format"), Records.FORMAT);
    EventPlan plan = new EventPlan(settings(Map.of()), Optional.of(new Tracefs(root)), 1000);
    EventSetup switches = plan.events().getLast().setup();
    assertEquals("sched:sched_switch", switches.name());
    assertTrue(new SampleLayout(switches.perfAttr()).has(SampleLayout.USER_STACK));
    assertTrue(plan.remarks().isEmpty() && plan.refused().isEmpty());
    assertEquals(List.of("sched:sched_switch"), new Tracefs(root).events());
    assertEquals(77, new Tracefs(root).format("sched:sched_switch").id());
    assertTrue(
        assertThrows(IOException.class, () -> new Tracefs(root).format("a:b"))
            .getMessage()
            .contains("no tracepoint a:b"));
    assertThrows(IOException.class, () -> new Tracefs(root).format("../../etc:passwd"));
  }
}
