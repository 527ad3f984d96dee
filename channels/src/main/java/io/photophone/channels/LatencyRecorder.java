package io.photophone.channels;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/// Times of one receiver's messages. One thread records; any reads. Its size does not depend on how
/// much was recorded.
final class LatencyRecorder {
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int DIGITS = 2;

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(LONGEST_NANOS, DIGITS);
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by the lock.
  private final Histogram total = empty();

  private @Nullable Histogram interval;

  static Histogram empty() {
    return new Histogram(LONGEST_NANOS, DIGITS);
  }

  void record(long nanos) {
    recorder.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
  }

  void addTo(Histogram sum) {
    lock.lock();
    try {
      interval = recorder.getIntervalHistogram(interval);
      total.add(interval);
      sum.add(total);
    } finally {
      lock.unlock();
    }
  }

  static LatencyStats stats(Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      return LatencyStats.NONE;
    }
    return new LatencyStats(
        histogram.getTotalCount(),
        histogram.getMean(),
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9),
        histogram.getMaxValue());
  }
}
