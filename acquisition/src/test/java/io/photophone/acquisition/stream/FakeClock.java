package io.photophone.acquisition.stream;

import io.photophone.model.CaptureTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A clock that moves when the test says so or, where that was chosen, by whoever sleeps.
public final class FakeClock implements StreamClock {
  /// Neither clock starts at 0, and they differ, so that mixing them up shows.
  public static final long START_MONOTONIC_NANOS = 7_000_000_000_123L;

  public static final long START_EPOCH_NANOS = 1_750_000_000_000_000_000L;

  private final boolean movedBySleepers;
  private final List<Long> sleeps = new ArrayList<>();
  private long elapsedNanos;
  private long wallStepNanos;
  private boolean asleep;

  private FakeClock(boolean movedBySleepers) {
    this.movedBySleepers = movedBySleepers;
  }

  /// A sleeper sleeps until the test has advanced the clock far enough.
  public static FakeClock held() {
    return new FakeClock(false);
  }

  /// A sleeper is woken at once, and finds the time at which it wanted to be woken.
  public static FakeClock movedBySleepers() {
    return new FakeClock(true);
  }

  @Override
  public synchronized CaptureTime now() {
    return new CaptureTime(
        START_EPOCH_NANOS + wallStepNanos + elapsedNanos, START_MONOTONIC_NANOS + elapsedNanos);
  }

  @Override
  public synchronized void sleepUntil(long monotonicNanos) throws InterruptedException {
    long left = monotonicNanos - START_MONOTONIC_NANOS - elapsedNanos;
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (left <= 0) {
      return;
    }
    sleeps.add(left);
    if (movedBySleepers) {
      elapsedNanos += left;
      return;
    }
    asleep = true;
    notifyAll();
    try {
      while (START_MONOTONIC_NANOS + elapsedNanos < monotonicNanos) {
        wait();
      }
    } finally {
      asleep = false;
    }
  }

  public synchronized void advance(Duration time) {
    elapsedNanos += time.toNanos();
    notifyAll();
  }

  /// Sets the wall clock alone, as a time server does.
  public synchronized void stepWallClock(Duration step) {
    wallStepNanos += step.toNanos();
  }

  /// Waits until somebody sleeps.
  public synchronized void awaitSleeper() throws InterruptedException {
    while (!asleep) {
      wait();
    }
  }

  public synchronized Duration elapsed() {
    return Duration.ofNanos(elapsedNanos);
  }

  /// How long each sleep was meant to be, in order.
  public synchronized List<Duration> sleeps() {
    return sleeps.stream().map(Duration::ofNanos).toList();
  }
}
