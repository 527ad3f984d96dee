package io.photophone.acquisition.daemon;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import java.util.concurrent.atomic.AtomicReference;

/// The phase of one daemon; it changes only as the table of [Phase] says, whichever thread asks.
/// Contract: B13.
final class PhaseMachine {
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STOPPED);

  Phase now() {
    return phase.get();
  }

  /// Changes the phase.
  ///
  /// @throws TransitionException if the table doesn't allow it; the phase stays
  void enter(Phase next) {
    Phase before = phase.get();
    while (!phase.compareAndSet(allowed(before, next), next)) {
      before = phase.get();
    }
  }

  private static Phase allowed(Phase from, Phase next) {
    if (!from.next().contains(next)) {
      throw new TransitionException(from, next);
    }
    return from;
  }

  /// Changes the phase where the table allows it; else it stays, and the answer is false.
  boolean tryEnter(Phase next) {
    while (true) {
      Phase before = phase.get();
      if (!before.next().contains(next)) {
        return false;
      }
      if (phase.compareAndSet(before, next)) {
        return true;
      }
    }
  }
}
