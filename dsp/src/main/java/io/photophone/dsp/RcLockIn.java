package io.photophone.dsp;

import java.util.Arrays;

/// A lock-in with a cascade of RC low-passes.
///
/// Each stage's answer to a jump is exact at the samples. What the low-pass leaves of the signal's
/// image at twice the frequency, about (4π · frequency · time constant)^(−order) of it, is solved
/// for as it is of a settled signal. A sample that is no finite number stays in the value until the
/// next start.
///
/// Contract: M5.
public final class RcLockIn implements RunningLockIn {
  private final Oscillator oscillator;
  private final RcLowPass lowPass;
  private final double rateHz;
  private final double share;

  /// What the low-pass lets through at minus twice the frequency, against the next sample's phase.
  private final Complex image;

  private final double[] re;
  private final double[] im;

  public RcLockIn(Reference reference, RcLowPass lowPass) {
    oscillator = new Oscillator(reference);
    this.lowPass = lowPass;
    rateHz = reference.rateHz();
    share = -StrictMath.expm1(-1 / (lowPass.timeConstantSeconds() * rateHz));
    Complex twice = Complex.atCycles(2 * reference.cyclesPerSample());
    Complex stage = new Complex(share, 0).dividedBy(Complex.ONE.minus(twice.times(1 - share)));
    Complex through = twice;
    for (int k = 0; k < lowPass.order(); k++) {
      through = through.times(stage);
    }
    image = through;
    re = new double[lowPass.order()];
    im = new double[lowPass.order()];
  }

  @Override
  public void start(long index) {
    oscillator.start(index);
    Arrays.fill(re, 0);
    Arrays.fill(im, 0);
  }

  @Override
  public void add(double sample) {
    double inputRe = sample * oscillator.cos();
    double inputIm = -sample * oscillator.sin();
    oscillator.turn();
    for (int k = 0; k < re.length; k++) {
      re[k] += share * (inputRe - re[k]);
      im[k] += share * (inputIm - im[k]);
      inputRe = re[k];
      inputIm = im[k];
    }
  }

  @Override
  public Complex signal() {
    // The value is Z + g · Z*, g being the image at the last sample.
    Complex value = new Complex(2 * re[re.length - 1], 2 * im[im.length - 1]);
    Complex back = new Complex(oscillator.cos(), -oscillator.sin());
    Complex g = image.times(back).times(back);
    return value.minus(g.times(value.conjugate())).times(1 / (1 - g.squaredMagnitude()));
  }

  @Override
  public long settlingSamples(double remainder) {
    return (long) StrictMath.ceil(lowPass.settlingSeconds(remainder) * rateHz);
  }

  @Override
  public double noiseBandwidthHz() {
    return lowPass.noiseBandwidthHz();
  }
}
