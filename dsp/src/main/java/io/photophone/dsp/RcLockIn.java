package io.photophone.dsp;

import java.util.Arrays;

/// A lock-in with a cascade of RC low-passes.
///
/// Each stage's answer to a jump is exact at the samples. The signal's image at twice the frequency
/// remains, weaker by about (4π · frequency · time constant)^order. A sample that is no finite
/// number stays in the value until the next start.
///
/// Contract: M5.
public final class RcLockIn implements RunningLockIn {
  private final Oscillator oscillator;
  private final RcLowPass lowPass;
  private final double rateHz;
  private final double share;
  private final double[] re;
  private final double[] im;

  public RcLockIn(Reference reference, RcLowPass lowPass) {
    oscillator = new Oscillator(reference);
    this.lowPass = lowPass;
    rateHz = reference.rateHz();
    share = -StrictMath.expm1(-1 / (lowPass.timeConstantSeconds() * rateHz));
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
    return new Complex(2 * re[re.length - 1], 2 * im[im.length - 1]);
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
