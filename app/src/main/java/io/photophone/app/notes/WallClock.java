package io.photophone.app.notes;

import io.photophone.acquisition.stream.StreamClock;
import io.photophone.model.CaptureTime;
import java.time.Instant;

/// Turns times of the monotonic clock into those of the wall clock as it goes now, and back. A wall
/// clock that was set since is off by as much for what was before.
final class WallClock {
  static final WallClock SYSTEM = new WallClock(StreamClock.SYSTEM);

  private final StreamClock clock;

  WallClock(StreamClock clock) {
    this.clock = clock;
  }

  Instant at(long nanos) {
    CaptureTime now = clock.now();
    return now.plusNanos(nanos - now.monotonicNanos()).instant();
  }

  long nanosOf(Instant time) {
    CaptureTime now = clock.now();
    return now.monotonicNanos()
        + time.getEpochSecond() * 1_000_000_000L
        + time.getNano()
        - now.epochNanos();
  }
}
