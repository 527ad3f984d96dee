package io.photophone.acquisition.daemon;

import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import java.util.stream.Collectors;

/// A change of phase that the table of [Phase] doesn't have.
public final class TransitionException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private final Phase from;
  private final Phase to;

  TransitionException(Phase from, Phase to) {
    super(
        "the acquisition is %s and can't become %s, allowed: %s"
            .formatted(
                from.wireName(),
                to.wireName(),
                from.next().stream()
                    .map(Phase::wireName)
                    .sorted()
                    .collect(Collectors.joining(", "))));
    this.from = from;
    this.to = to;
  }

  public Phase from() {
    return from;
  }

  public Phase to() {
    return to;
  }
}
