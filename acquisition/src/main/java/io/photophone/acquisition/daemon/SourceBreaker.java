package io.photophone.acquisition.daemon;

import dev.failsafe.CircuitBreaker;
import io.photophone.model.BreakerState;
import java.time.Duration;
import java.util.function.BiConsumer;

/// Keeps a source that fails again and again from being tried all the time.
///
/// The library keeps the state and counts; when the open time is over the daemon's clock says, so
/// that a test sets the time and a stop ends the wait. Half-open, it admits one probe. Any thread
/// may ask for the state. Contract: B25.
final class SourceBreaker {
  /// The library's own clock never ends the open time.
  private static final Duration NEVER = Duration.ofDays(100_000);

  private final CircuitBreaker<Object> breaker;

  /// A closed one.
  ///
  /// @param threshold failures in a row that open it
  /// @param onChange told from what to what it changes, on the thread that reported the outcome
  SourceBreaker(int threshold, BiConsumer<BreakerState, BreakerState> onChange) {
    breaker =
        CircuitBreaker.builder()
            .withFailureThreshold(threshold)
            .withSuccessThreshold(1)
            .withDelay(NEVER)
            .onOpen(event -> onChange.accept(of(event.getPreviousState()), BreakerState.OPEN))
            .onHalfOpen(
                event -> onChange.accept(of(event.getPreviousState()), BreakerState.HALF_OPEN))
            .onClose(event -> onChange.accept(of(event.getPreviousState()), BreakerState.CLOSED))
            .build();
  }

  private static BreakerState of(CircuitBreaker.State state) {
    return switch (state) {
      case CLOSED -> BreakerState.CLOSED;
      case OPEN -> BreakerState.OPEN;
      case HALF_OPEN -> BreakerState.HALF_OPEN;
    };
  }

  BreakerState state() {
    return of(breaker.getState());
  }

  /// Asks to try; the open time is over or somebody asked for it. False while another's probe is
  /// under way.
  boolean admit() {
    if (breaker.isOpen()) {
      breaker.halfOpen();
    }
    return breaker.tryAcquirePermit();
  }

  void succeeded() {
    breaker.recordSuccess();
  }

  /// The attempt failed, or was given up.
  void failed() {
    breaker.recordFailure();
  }

  /// Opens it before the failures do.
  void open() {
    breaker.open();
  }
}
