package io.photophone.events.windows;

/// Turns ticks of QueryPerformanceCounter, by which a session's events are timed, into the time of
/// [System#nanoTime].
///
/// HotSpot's `nanoTime` on Windows is that counter, scaled to nanoseconds without an offset. The
/// offset here is measured when a session begins nevertheless, so that nothing depends on it.
///
/// @param frequencyHz ticks a second
/// @param offsetNanos what is added to the ticks in nanoseconds
public record QpcClock(long frequencyHz, long offsetNanos) {
  private static final long SECOND_NANOS = 1_000_000_000;

  /// So that the rest of a division times 10^9 is a `long`.
  private static final long FASTEST_HZ = 9_000_000_000L;

  public QpcClock {
    if (frequencyHz < 1 || frequencyHz > FASTEST_HZ) {
      throw new IllegalArgumentException(
          "frequency is %d Hz, allowed: 1 to %d".formatted(frequencyHz, FASTEST_HZ));
    }
  }

  /// On the clock of [System#nanoTime].
  public long nanos(long ticks) {
    long seconds = ticks / frequencyHz;
    long rest = ticks % frequencyHz;
    return seconds * SECOND_NANOS + rest * SECOND_NANOS / frequencyHz + offsetNanos;
  }

  /// A clock by which a tick is now.
  ///
  /// @param ticks read at the time that is given
  static QpcClock at(long frequencyHz, long ticks, long nanoTime) {
    return new QpcClock(frequencyHz, nanoTime - new QpcClock(frequencyHz, 0).nanos(ticks));
  }
}
