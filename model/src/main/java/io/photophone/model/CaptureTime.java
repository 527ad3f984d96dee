package io.photophone.model;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// When a sample was captured, on two clocks: the wall clock for people, and a monotonic one that
/// keeps the order when the wall clock is set.
///
/// @param epochNanos nanoseconds since 1970-01-01T00:00:00Z
/// @param monotonicNanos nanoseconds since an arbitrary origin, comparable within one run only
public record CaptureTime(long epochNanos, long monotonicNanos) {

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
