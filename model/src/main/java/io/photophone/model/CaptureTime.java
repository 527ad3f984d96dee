package io.photophone.model;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// When a sample was captured, on two clocks: the wall clock for people, and a monotonic one that
/// keeps the order when the wall clock is set.
///
/// @param epochNanos nanoseconds since 1970-01-01T00:00:00Z
/// @param monotonicNanos nanoseconds since an arbitrary origin, comparable within one run only
public record CaptureTime(long epochNanos, long monotonicNanos) {
  /// What a sample has whose recording doesn't tell.
  public static final CaptureTime UNKNOWN = new CaptureTime(Long.MIN_VALUE, 0);

  public boolean isKnown() {
    return epochNanos != Long.MIN_VALUE;
  }

  public long epochMillis() {
    return TimeUnit.NANOSECONDS.toMillis(epochNanos);
  }

  public Instant instant() {
    return Instant.ofEpochSecond(0, epochNanos);
  }

  /// The same instant on both clocks, moved by a span that may be negative.
  public CaptureTime plusNanos(long nanos) {
    return new CaptureTime(epochNanos + nanos, monotonicNanos + nanos);
  }
}
