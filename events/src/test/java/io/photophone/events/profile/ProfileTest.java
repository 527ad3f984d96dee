package io.photophone.events.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V16")
final class ProfileTest {
  private final Profile profile = new Profile(ProfileLimits.DEFAULT);

  @Test
  void samples_come_back_in_order_of_time() {
    int cpu = profile.kind(SampleKind.CPU);
    int faults = profile.kind(SampleKind.ofEvent("page-faults"));
    int stack = profile.stack(new long[] {0, 0x10, 0x20}, 1, 2);
    assertTrue(profile.sample(20, 1, 2, 3, cpu, 1000, stack));
    assertTrue(profile.sample(10, 4, 5, -1, faults, 1, 0));
    assertTrue(profile.sample(20, 1, 7, 0, cpu, 1, 0));
    List<Sample> samples = new ArrayList<>();
    profile.samples().forEach(samples::add);
    assertEquals(
        List.of(
            new Sample(10, 4, 5, -1, SampleKind.ofEvent("page-faults"), 1, 0),
            new Sample(20, 1, 2, 3, SampleKind.CPU, 1000, stack),
            new Sample(20, 1, 7, 0, SampleKind.CPU, 1, 0)),
        samples);
    assertArrayEquals(new long[] {0x10, 0x20}, profile.addresses(stack));
    assertEquals(cpu, profile.kind(SampleKind.CPU));
  }

  @Test
  void a_fork_takes_the_mappings_over_and_not_later_ones() {
    profile.mapped(1, mapping(0x1000, 0x2000, "old", 0));
    profile.forked(10, 2, 1);
    profile.mapped(1, mapping(0x1000, 0x2000, "parent's", 20));
    profile.mapped(2, mapping(0x3000, 0x4000, "child's", 20));
    assertEquals("old", fileAt(2, 0x1000, 30));
    assertEquals("parent's", fileAt(1, 0x1000, 30));
    assertEquals("child's", fileAt(2, 0x3000, 30));
    assertNull(profile.mappingAt(1, 0x3000, 30));
    assertNull(profile.mappingAt(2, 0x3000, 19));
  }

  @Test
  void a_new_program_has_none_of_the_old_ones_mappings_but_earlier_samples_do() {
    profile.processNamed(1, "sh");
    profile.mapped(1, mapping(0x1000, 0x2000, "sh", 0));
    profile.executed(10, 1, "java");
    profile.mapped(1, mapping(0x5000, 0x6000, "java", 11));
    assertEquals("sh", fileAt(1, 0x1000, 9));
    assertNull(profile.mappingAt(1, 0x1000, 10));
    assertEquals("java", fileAt(1, 0x5000, 11));
    assertEquals("java", profile.processes().getFirst().name());
  }

  @Test
  void a_pid_given_again_is_another_process() {
    profile.processNamed(7, "first");
    profile.exited(10, 7);
    profile.forked(20, 7, 1);
    profile.processNamed(7, "second");
    TracedProcess first = profile.processAt(7, 19);
    TracedProcess second = profile.processAt(7, 20);
    assertNotNull(first);
    assertNotNull(second);
    assertEquals("first", first.name());
    assertEquals(10, first.endNanos());
    assertEquals("second", second.name());
    assertEquals(Long.MAX_VALUE, second.endNanos());
    assertEquals(1, second.parentPid());
    assertNull(profile.processAt(8, 20));
  }

  @Test
  void threads_are_renamed_in_place() {
    profile.threadNamed(1, 2, "java");
    profile.threadNamed(1, 2, "acquisition");
    assertEquals(
        List.of(new TracedThread(2, "acquisition")),
        List.copyOf(profile.processes().getFirst().threads()));
  }

  @Test
  void what_no_longer_fits_is_counted() {
    Profile small = new Profile(new ProfileLimits(1, 8192, 1, 1, 1, 1, 1));
    int cpu = small.kind(SampleKind.CPU);
    assertTrue(small.sample(1, 1, 1, 0, cpu, 1, 0));
    assertFalse(small.sample(2, 1, 1, 0, cpu, 1, 0));
    small.threadNamed(1, 1, "a");
    small.threadNamed(1, 2, "b");
    small.processNamed(2, "c");
    small.mapped(1, mapping(1, 2, "a", 0));
    small.mapped(1, mapping(2, 3, "b", 0));
    Span span = new Span("s", 1, 2, 1, 1, Span.NO_PARENT);
    assertEquals(0, small.span(span));
    assertEquals(Span.NO_PARENT, small.span(span));
    StateSlice state = new StateSlice(1, 1, ThreadState.RUNNING, 0, 1, 2);
    assertTrue(small.state(state));
    assertFalse(small.state(state));
    assertEquals(0, small.stack(new long[5000], 0, 5000));
    assertEquals(0, small.stack(new long[70_000], 0, 70_000));
    small.lost(Loss.LOST_RECORDS, 12);
    assertEquals(
        Map.of(
            Loss.SAMPLES,
            1L,
            Loss.THREADS,
            1L,
            Loss.PROCESSES,
            1L,
            Loss.MAPPINGS,
            1L,
            Loss.SPANS,
            1L,
            Loss.STATES,
            1L,
            Loss.STACKS,
            2L,
            Loss.LOST_RECORDS,
            12L),
        small.losses().counts());
    assertEquals(
        "12 records lost by the kernel, 1 samples dropped, 2 call stacks dropped,"
            + " 1 processes dropped, 1 threads dropped, 1 mappings dropped, 1 spans dropped,"
            + " 1 states of threads dropped",
        small.losses().text());
  }

  @Test
  void kinds_beyond_a_thousand_are_counted_with_their_samples() {
    for (int i = 0; i < 1000; i++) {
      assertEquals(i, profile.kind(SampleKind.ofEvent("event " + i)));
    }
    int beyond = profile.kind(SampleKind.CPU);
    assertEquals(-1, beyond);
    assertFalse(profile.sample(1, 1, 1, 0, beyond, 1, 0));
    assertEquals(Map.of(Loss.KINDS, 1L, Loss.SAMPLES, 1L), profile.losses().counts());
  }

  @Test
  void wrong_arguments_name_what_is_allowed() {
    int cpu = profile.kind(SampleKind.CPU);
    assertRefused(
        "kind of a sample is not within 0..0: 1", () -> profile.sample(1, 1, 1, 0, 1, 1, 0));
    assertRefused(
        "value of a sample is negative: -1", () -> profile.sample(1, 1, 1, 0, cpu, -1, 0));
    assertRefused(
        "stack of a sample is not within 0..0: 1", () -> profile.sample(1, 1, 1, 0, cpu, 1, 1));
    assertRefused(
        "parent of span s is not within -1..-1: 0",
        () -> profile.span(new Span("s", 1, 1, 1, 1, 0)));
    assertRefused("span s ends before its start: 2, 1 ns", () -> new Span("s", 2, 1, 1, 1, -1));
    assertRefused(
        "mapping of f does not end after its start: 0x2 to 0x2", () -> mapping(2, 2, "f", 0));
    assertRefused(
        "count of LOST_RECORDS is negative: -1", () -> profile.lost(Loss.LOST_RECORDS, -1));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private String fileAt(int pid, long address, long timeNanos) {
    Mapping mapping = profile.mappingAt(pid, address, timeNanos);
    assertNotNull(mapping);
    return mapping.file();
  }

  private static Mapping mapping(long start, long end, String file, long timeNanos) {
    return new Mapping(start, end, 0, file, "", timeNanos);
  }
}
