package io.photophone.events.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.events.profile.ThreadState;
import io.photophone.events.trace.KeptSamples.Kept;
import io.photophone.events.trace.KeptSamples.State;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V13")
final class OffCpuTest {
  private static final int KIND = 3;
  private static final long[] STACK = {0x10, 0x20, 0x30};

  private final KeptSamples kept = new KeptSamples();
  private final OffCpu offCpu = new OffCpu(kept, KIND);

  @Test
  void time_from_leaving_to_coming_back_is_a_sample_with_the_stack_at_leaving() {
    offCpu.left(100, 7, 8, 1, ThreadState.SLEEPING, STACK, 2);
    offCpu.came(350, 7, 8, 0);
    assertEquals(List.of(new Kept(100, 7, 8, 1, KIND, 250, List.of(0x10L, 0x20L))), kept.samples);
    assertEquals(List.of(new State(7, 8, ThreadState.SLEEPING, -1, 100, 350)), kept.states);
  }

  @Test
  void a_stack_is_copied_since_the_callers_changes() {
    long[] changing = STACK.clone();
    offCpu.left(100, 7, 8, 1, ThreadState.BLOCKED, changing, 3);
    changing[0] = 0x99;
    offCpu.came(200, -1, 8, 0);
    assertEquals(List.of(0x10L, 0x20L, 0x30L), kept.samples.getFirst().stack());
    assertEquals(7, kept.samples.getFirst().pid());
  }

  @Test
  void a_thread_that_never_comes_back_has_been_away_until_the_end() {
    offCpu.left(100, 7, 8, 1, ThreadState.SLEEPING, STACK, 1);
    offCpu.finish(1000, (_, _) -> false);
    assertEquals(900, kept.samples.getFirst().value());
    offCpu.finish(2000, (_, _) -> true);
    assertEquals(1, kept.samples.size());
  }

  @Test
  void a_thread_that_was_there_and_comes_has_been_away_since_the_beginning_without_a_stack() {
    offCpu.there(50, 7, 8);
    offCpu.came(80, 7, 8, 0);
    assertEquals(List.of(new Kept(50, 7, 8, 0, KIND, 30, List.of())), kept.samples);
  }

  @Test
  void a_thread_that_was_there_and_leaves_has_run_since_the_beginning() {
    offCpu.there(50, 7, 8);
    offCpu.left(80, 7, 8, 2, ThreadState.RUNNABLE, STACK, 1);
    assertEquals(List.of(), kept.samples);
    assertEquals(List.of(new State(7, 8, ThreadState.RUNNING, 2, 50, 80)), kept.states);
  }

  @Test
  void of_threads_that_never_switched_those_that_sleep_were_away() {
    offCpu.there(50, 7, 8);
    offCpu.there(50, 7, 9);
    offCpu.finish(150, (_, tid) -> tid == 9);
    assertEquals(List.of(new Kept(50, 7, 9, 0, KIND, 100, List.of())), kept.samples);
  }

  @Test
  void a_number_that_is_given_again_is_another_thread() {
    offCpu.came(10, 7, 8, 0);
    offCpu.left(20, 7, 8, 0, ThreadState.SLEEPING, STACK, 1);
    offCpu.ended(30, 8);
    offCpu.came(90, 70, 8, 0);
    offCpu.left(95, 70, 8, 0, ThreadState.SLEEPING, STACK, 0);
    offCpu.came(99, 70, 8, 0);
    assertEquals(List.of(new Kept(95, 70, 8, 0, KIND, 4, List.of())), kept.samples);
  }

  @Test
  void numbers_that_no_thread_has_are_left_out() {
    for (int tid : new int[] {-1, 0, 1 << 22, Integer.MAX_VALUE}) {
      offCpu.left(10, 7, tid, 0, ThreadState.SLEEPING, STACK, 1);
      offCpu.came(20, 7, tid, 0);
    }
    offCpu.left(10, 7, (1 << 22) - 1, 0, ThreadState.SLEEPING, STACK, 1);
    offCpu.came(20, 7, (1 << 22) - 1, 0);
    assertEquals(List.of((1 << 22) - 1), kept.samples.stream().map(Kept::tid).toList());
  }

  @Test
  void nothing_is_noted_if_nobody_wants_it() {
    OffCpu unwanted = new OffCpu(kept, -1);
    unwanted.there(50, 7, 8);
    unwanted.left(60, 7, 8, 2, ThreadState.RUNNABLE, STACK, 1);
    unwanted.finish(150, (_, _) -> true);
    assertEquals(List.of(), kept.samples);
    assertEquals(List.of(), kept.states);
  }
}
