package io.photophone.acquisition.stream;

import io.photophone.model.CaptureTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// The time by which frames are stamped and paced; tests have one that they set.
public interface StreamClock {

  CaptureTime now();

  /// Returns at or after a time of the monotonic clock, at once if it has passed.
  void sleepUntil(long monotonicNanos) throws InterruptedException;

  /// The machine's clocks.
  StreamClock SYSTEM =
      new StreamClock() {
        @Override
        public CaptureTime now() {
          Instant wall = Instant.now();
          return new CaptureTime(
              TimeUnit.SECONDS.toNanos(wall.getEpochSecond()) + wall.getNano(), System.nanoTime());
        }

        @Override
        public void sleepUntil(long monotonicNanos) throws InterruptedException {
          long left = monotonicNanos - System.nanoTime();
          if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
          }
        }
      };
}
