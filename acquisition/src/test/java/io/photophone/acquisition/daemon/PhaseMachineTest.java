package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("B13")
final class PhaseMachineTest {
  private final PhaseMachine machine = new PhaseMachine();

  @Test
  void it_goes_round_from_stopped_to_stopped() {
    for (Phase next :
        List.of(Phase.STARTING, Phase.RUNNING, Phase.STOPPING, Phase.STOPPED, Phase.STARTING)) {
      machine.enter(next);
      assertEquals(next, machine.now());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"ERROR"},
      mode = EnumSource.Mode.EXCLUDE)
  void every_phase_may_become_an_error_and_an_error_is_only_left_to_stopped(Phase phase) {
    assertTrue(phase.next().contains(Phase.ERROR));
    assertEquals(phase == Phase.STOPPED, Phase.ERROR.next().contains(phase));
  }

  @ParameterizedTest
  @CsvSource({
    "STOPPED, RUNNING, 'error, starting'",
    "STOPPED, STOPPING, 'error, starting'",
    "STARTING, ENDED, 'error, running, stopped, stopping'",
    "STOPPING, RUNNING, 'error, stopped'",
    "ERROR, STARTING, stopped"
  })
  void a_wrong_transition_is_refused_with_both_phases_and_changes_nothing(
      Phase from, Phase to, String allowed) {
    reach(from);
    TransitionException refused = assertThrows(TransitionException.class, () -> machine.enter(to));
    assertEquals(from, refused.from());
    assertEquals(to, refused.to());
    assertEquals(
        "the acquisition is %s and can't become %s, allowed: %s"
            .formatted(from.wireName(), to.wireName(), allowed),
        refused.getMessage());
    assertEquals(from, machine.now());
  }

  @Test
  void of_many_threads_that_start_exactly_one_does() throws Exception {
    int threads = 8;
    for (int round = 0; round < 200; round++) {
      PhaseMachine contended = new PhaseMachine();
      List<Future<Boolean>> starts = new ArrayList<>();
      try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
        for (int i = 0; i < threads; i++) {
          starts.add(executor.submit(() -> contended.tryEnter(Phase.STARTING)));
        }
      }
      int won = 0;
      for (Future<Boolean> start : starts) {
        won += start.get() ? 1 : 0;
      }
      assertEquals(1, won);
    }
  }

  private void reach(Phase phase) {
    switch (phase) {
      case STOPPED -> {}
      case STARTING, ERROR -> machine.enter(phase);
      case RUNNING, STOPPING -> {
        machine.enter(Phase.STARTING);
        machine.enter(phase);
      }
      case RETRYING, STALLED, ENDED -> throw new AssertionError("no row begins at " + phase);
    }
  }
}
