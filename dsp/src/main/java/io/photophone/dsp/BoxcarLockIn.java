package io.photophone.dsp;

import java.util.Arrays;

/// A lock-in over the last whole periods of the reference, rounded to samples; what the rounding
/// leaves of the signal's image at twice the frequency is solved for.
///
/// Harmonics and a constant vanish as far as the periods are whole. A sample that is no finite
/// number leaves the value with the last window that holds it.
///
/// Contract: M5.
public final class BoxcarLockIn implements RunningLockIn {
  /* Sums over a sliding window without subtracting, so that no rounding piles up: products come in
   * blocks as long as the window. Up to `position` the arrays hold the present block's products; from
   * there on, sums from an element of the previous block to its end.
   */
  private static final int LONGEST_WINDOW = 1 << 24;

  private final Reference reference;
  private final Oscillator oscillator;
  private final double[] re;
  private final double[] im;
  private int position;
  private double blockRe;
  private double blockIm;

  /// @param periods at least 1; the window has at least 8 samples and at most 16 777 216
  public BoxcarLockIn(Reference reference, int periods) {
    double length = periods / reference.cyclesPerSample();
    if (periods < 1 || length < 8 || length > LONGEST_WINDOW) {
      throw new IllegalArgumentException(
          "%d periods are %s samples, allowed: from 1 period, 8 to %d samples"
              .formatted(periods, length, LONGEST_WINDOW));
    }
    this.reference = reference;
    oscillator = new Oscillator(reference);
    re = new double[(int) Math.rint(length)];
    im = new double[re.length];
  }

  /// Samples of the window.
  public int length() {
    return re.length;
  }

  @Override
  public void start(long index) {
    oscillator.start(index);
    Arrays.fill(re, 0);
    Arrays.fill(im, 0);
    beginBlock();
  }

  private void beginBlock() {
    position = 0;
    blockRe = 0;
    blockIm = 0;
  }

  @Override
  public void add(double sample) {
    double productRe = sample * oscillator.cos();
    double productIm = -sample * oscillator.sin();
    oscillator.turn();
    re[position] = productRe;
    im[position] = productIm;
    blockRe += productRe;
    blockIm += productIm;
    position++;
    if (position == re.length) {
      for (int i = re.length - 2; i >= 0; i--) {
        re[i] += re[i + 1];
        im[i] += im[i + 1];
      }
      beginBlock();
    }
  }

  @Override
  public Complex signal() {
    long to = oscillator.index();
    Complex sum = new Complex(blockRe + re[position], blockIm + im[position]);
    return LockIn.signal(sum, reference.image(to - re.length, to), re.length);
  }

  @Override
  public long settlingSamples(double remainder) {
    return re.length;
  }

  @Override
  public double noiseBandwidthHz() {
    return reference.rateHz() / (2.0 * re.length);
  }
}
