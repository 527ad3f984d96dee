package io.photophone.dsp;

import java.util.Arrays;

/// The power density of a stream of samples over frequency, averaged over overlapping windowed
/// segments: power for each hertz, one-sided, so that its integral is the samples' mean square.
///
/// Averaged is power: complex spectra of segments that begin at any phase would cancel a tone.
/// Segments are taken as they are, without removing a mean or a trend. A sample that is no finite
/// number drops the segments it would be part of; nothing is averaged across it. Arithmetic is
/// double. Allocates nothing per sample; for one thread.
///
/// Source: Welch, IEEE Trans. Audio Electroacoustics 15, 70 (1967).
///
/// Contract: M2.
public final class PowerDensity {
  private final int size;
  private final int overlap;
  private final DoubleFft fft;
  private final double[] taper;
  private final double[] segment;
  private final double[] tapered;
  private final double[] real;
  private final double[] imaginary;
  private final double[] sums;
  private final double scale;
  private int filled;
  private int segments;

  /// @param size samples of one segment, a power of two from 256 to 65536
  /// @param overlap samples that a segment shares with the next one; half the size suits Hann
  public PowerDensity(int size, int overlap, Window window, double rateHz) {
    fft = new DoubleFft(size);
    if (overlap < 0 || overlap >= size) {
      throw new IllegalArgumentException(
          "overlap is %d, allowed: 0 to %d".formatted(overlap, size - 1));
    }
    if (!(rateHz > 0 && rateHz < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate is %s Hz, allowed: above 0 Hz".formatted(rateHz));
    }
    this.size = size;
    this.overlap = overlap;
    taper = window.values(size);
    segment = new double[size];
    tapered = new double[size];
    real = new double[size / 2 + 1];
    imaginary = new double[size / 2 + 1];
    sums = new double[size / 2 + 1];
    double squares = 0;
    for (double value : taper) {
      squares += value * value;
    }
    scale = 2 / (rateHz * squares);
  }

  /// Frequencies from 0 to half the rate: size / 2 + 1.
  public int bins() {
    return sums.length;
  }

  /// How many segments the average is of.
  public int segments() {
    return segments;
  }

  public void add(double sample) {
    if (!Double.isFinite(sample)) {
      skip();
      return;
    }
    segment[filled] = sample;
    filled++;
    if (filled == size) {
      addSegment();
      System.arraycopy(segment, size - overlap, segment, 0, overlap);
      filled = overlap;
    }
  }

  /// Drops the segment in progress: samples are missing between the last one and the next.
  public void skip() {
    filled = 0;
  }

  /// Forgets all samples.
  public void reset() {
    filled = 0;
    segments = 0;
    Arrays.fill(sums, 0);
  }

  private void addSegment() {
    for (int n = 0; n < size; n++) {
      tapered[n] = segment[n] * taper[n];
    }
    fft.transform(tapered, real, imaginary);
    for (int k = 0; k < sums.length; k++) {
      sums[k] += real[k] * real[k] + imaginary[k] * imaginary[k];
    }
    segments++;
  }

  /// Writes the average into the first `bins()` elements.
  ///
  /// @throws IllegalStateException before the first segment is complete
  public void density(double[] density) {
    if (segments == 0) {
      throw new IllegalStateException("no segment of %d samples is complete".formatted(size));
    }
    int last = sums.length - 1;
    for (int k = 0; k <= last; k++) {
      density[k] = sums[k] * scale / segments;
    }
    // Elsewhere half the power is at the negative frequency; these two have none.
    density[0] /= 2;
    density[last] /= 2;
  }
}
