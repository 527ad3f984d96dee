package io.photophone.channels;

/// Time from send to receive of the messages that were timed, in nanoseconds. Percentiles and the
/// maximum are exact to two decimal digits, whatever the number of messages; times above an hour
/// count as an hour.
///
/// @param count how many messages were timed; the others are 0 if none was
public record LatencyStats(
    long count, double meanNanos, long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos) {
  static final LatencyStats NONE = new LatencyStats(0, 0, 0, 0, 0, 0);
}
