package io.photophone.events.jfr;

/// Turns the times of JFR into those of [System#nanoTime].
///
/// JFR stamps events with ticks of a counter that runs on whatever is done to the wall clock; each
/// chunk of a recording says what wall time its first tick was. Markers tie ticks to
/// [System#nanoTime]: between two of them a time is interpolated, so that neither a step of the
/// wall clock nor counters that drift apart are seen; the error is at most half the width of a
/// marker. Before the first marker, the wall clock is all there is. One thread.
final class JfrClock {
  /// At one marker a second they reach back for 17 minutes, further back the rate is kept.
  static final int MARKS = 1024;

  /// A marker whose thread was interrupted for longer would do more harm than good.
  static final long WIDEST_MARK_NANOS = 100_000;

  /// Over less the rate of the ticks isn't known well enough.
  private static final long SHORTEST_SPAN_NANOS = 500_000_000;

  /// Marks from which the rate beyond the last one is taken.
  private static final int RECENT = 8;

  private final long[] ticks = new long[MARKS];
  private final long[] nanos = new long[MARKS];

  /// [System#nanoTime] less the nanoseconds since 1970.
  private final long wallOffsetNanos;

  private long lastWallNanos;

  /// Marks that were ever set; the last [#MARKS] are kept.
  private long count;

  JfrClock(long wallOffsetNanos) {
    this.wallOffsetNanos = wallOffsetNanos;
  }

  boolean isMarked() {
    return count > 0;
  }

  /// Says what [System#nanoTime] was at a tick. A mark not after the last one, or too wide, is left
  /// out.
  ///
  /// @param widthNanos time between the readings that it was taken between
  /// @param wallNanos since 1970, as the recording reckons it for the tick
  void mark(long tick, long widthNanos, long nanoTime, long wallNanos) {
    if (widthNanos > WIDEST_MARK_NANOS
        || (isMarked() && (tick <= tickOf(count - 1) || nanoTime <= nanoOf(count - 1)))) {
      return;
    }
    int at = (int) (count % MARKS);
    ticks[at] = tick;
    nanos[at] = nanoTime;
    lastWallNanos = wallNanos;
    count++;
  }

  /// The time of a tick on the clock of [System#nanoTime].
  ///
  /// @param wallNanos since 1970, as the recording reckons it for the tick
  long nanos(long tick, long wallNanos) {
    if (!isMarked()) {
      return wallNanos + wallOffsetNanos;
    }
    long last = count - 1;
    long first = Math.max(0, count - MARKS);
    if (nanoOf(last) - nanoOf(first) < SHORTEST_SPAN_NANOS) {
      return nanoOf(last) + (wallNanos - lastWallNanos);
    }
    if (tick >= tickOf(last)) {
      return along(Math.max(first, last - RECENT), last, last, tick);
    }
    if (tick <= tickOf(first)) {
      return along(first, Math.min(last, first + RECENT), first, tick);
    }
    long below = first;
    long above = last;
    while (above - below > 1) {
      long middle = (below + above) >>> 1;
      if (tickOf(middle) <= tick) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return along(below, above, below, tick);
  }

  /// On the line through two marks, counted from one of them.
  private long along(long from, long to, long origin, long tick) {
    double nanosPerTick =
        (double) (nanoOf(to) - nanoOf(from)) / (double) (tickOf(to) - tickOf(from));
    return nanoOf(origin) + Math.round((tick - tickOf(origin)) * nanosPerTick);
  }

  private long tickOf(long mark) {
    return ticks[(int) (mark % MARKS)];
  }

  private long nanoOf(long mark) {
    return nanos[(int) (mark % MARKS)];
  }
}
