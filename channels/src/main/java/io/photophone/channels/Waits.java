package io.photophone.channels;

import java.time.Duration;

/// Blocking sends over one that doesn't wait.
final class Waits {
  private static final Duration LONGEST = Duration.ofNanos(WaitStrategy.FOR_EVER);

  private final WaitStrategy strategy;
  private final Parking parking;

  Waits(WaitStrategy strategy, Parking parking) {
    this.strategy = strategy;
    this.parking = parking;
  }

  interface Attempt {
    Sent tryOnce();
  }

  /// Repeats an attempt that was refused as full whenever there may be room.
  Sent until(WaitStrategy.Ready room, long timeoutNanos, Attempt attempt)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    Waiter waiter = new Waiter(parking);
    Sent outcome = Sent.FULL;
    while (outcome == Sent.FULL && strategy.await(room, deadline, waiter)) {
      outcome = attempt.tryOnce();
    }
    return outcome;
  }

  /// A timeout in nanoseconds, safe to add to [System#nanoTime].
  static long nanos(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("timeout is " + timeout + ", allowed: 0 or more");
    }
    return timeout.compareTo(LONGEST) > 0 ? WaitStrategy.FOR_EVER : timeout.toNanos();
  }
}
