package io.photophone.bench.load;

/// Tells from the numbers of a client's frames what it missed. Used by one thread at a time.
final class FrameCount {
  /// Between wall clock and monotonic clock, so that no object is made to read the first.
  private static final long EPOCH_MICROS =
      System.currentTimeMillis() * 1000 - System.nanoTime() / 1000;

  private long seen;
  private long toldSinceFrame;

  /// @param seen number of the frame that the client had before
  FrameCount(long seen) {
    this.seen = seen;
  }

  long seen() {
    return seen;
  }

  /// A frame has come.
  ///
  /// @param endMicros when its last sample was captured, since 1970
  void frame(long number, long endMicros, Tally tally) {
    tally.frames++;
    if (seen != StreamRequest.NOTHING_SEEN) {
      long hole = number - seen - 1;
      tally.lost += hole;
      tally.unexplained += Math.abs(hole - toldSinceFrame);
    }
    seen = number;
    toldSinceFrame = 0;
    tally.delay(EPOCH_MICROS + System.nanoTime() / 1000 - endMicros);
  }

  /// The server says that frames were missed.
  void lagged(long missed, Tally tally) {
    tally.told += missed;
    toldSinceFrame += missed;
  }
}
