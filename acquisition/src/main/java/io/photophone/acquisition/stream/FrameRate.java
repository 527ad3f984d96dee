package io.photophone.acquisition.stream;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/// Frames a second over a sliding window of five seconds.
///
/// The window is cut into buckets of 100 ms; a frame counts into the bucket of its time. The rate
/// is that of the complete buckets, so it falls to 0 within the window when frames stop. One thread
/// counts, any may ask; neither locks nor allocates.
final class FrameRate {
  private static final long BUCKET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int WINDOW_BUCKETS = 50;

  /// More than the window needs, so that the counting thread is not at work in a bucket that is
  /// read.
  private static final int BUCKETS = 64;

  private static final int COUNT_BITS = 20;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

  /// In each element the bucket's index since the origin, then its count.
  private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

  private final long originNanos;

  FrameRate(long originNanos) {
    this.originNanos = originNanos;
    for (int i = 0; i < BUCKETS; i++) {
      buckets.set(i, -1L << COUNT_BITS);
    }
  }

  void count(long monotonicNanos) {
    long bucket = bucketOf(monotonicNanos);
    int slot = (int) (bucket % BUCKETS);
    long before = buckets.get(slot);
    long count = before >> COUNT_BITS == bucket ? before & COUNT_MASK : 0;
    buckets.setRelease(slot, bucket << COUNT_BITS | count + 1);
  }

  /// Frames a second; while the clock is younger than the window, over its age.
  double framesPerSecond(long monotonicNanos) {
    long now = bucketOf(monotonicNanos);
    long first = Math.max(0, now - WINDOW_BUCKETS);
    if (first == now) {
      return 0;
    }
    long frames = 0;
    for (long bucket = first; bucket < now; bucket++) {
      long entry = buckets.getAcquire((int) (bucket % BUCKETS));
      if (entry >> COUNT_BITS == bucket) {
        frames += entry & COUNT_MASK;
      }
    }
    return frames * 1e9 / ((now - first) * BUCKET_NANOS);
  }

  private long bucketOf(long monotonicNanos) {
    return Math.max(0, monotonicNanos - originNanos) / BUCKET_NANOS;
  }
}
