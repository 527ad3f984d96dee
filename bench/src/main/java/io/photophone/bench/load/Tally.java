package io.photophone.bench.load;

import org.HdrHistogram.Histogram;

/// What clients have got. Used by one thread at a time.
final class Tally {
  private static final long LONGEST_MICROS = 60_000_000;

  /// Frames that came.
  long frames;

  /// Frames that didn't: holes in the numbers.
  long lost;

  /// Frames that the server said were missed.
  long told;

  /// Frames missing that the server didn't tell of, or told of without their missing.
  long unexplained;

  /// Everything read, HTTP's own bytes included.
  long bytes;

  /// Streams that the server ended, and connections that broke.
  long ended;

  /// From the last sample of a frame to the read of its last byte, µs.
  final Histogram delayMicros = new Histogram(LONGEST_MICROS, 3);

  void delay(long micros) {
    delayMicros.recordValue(Math.clamp(micros, 0, LONGEST_MICROS));
  }

  void add(Tally other) {
    frames += other.frames;
    lost += other.lost;
    told += other.told;
    unexplained += other.unexplained;
    bytes += other.bytes;
    ended += other.ended;
    delayMicros.add(other.delayMicros);
  }

  double delayMs(double percentile) {
    return delayMicros.getValueAtPercentile(percentile) / 1000.0;
  }
}
