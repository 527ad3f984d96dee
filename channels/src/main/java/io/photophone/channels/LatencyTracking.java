package io.photophone.channels;

/// Which messages are timed from their send to their receive.
public enum LatencyTracking {
  /// None. Costs nothing.
  OFF(-1),
  /// One in 64, by the order in which they were sent.
  SAMPLED(63),
  /// Every one: two clock reads a message.
  FULL(0);

  private final long mask;

  LatencyTracking(long mask) {
    this.mask = mask;
  }

  boolean times(long sequence) {
    return (sequence & mask) == 0;
  }
}
