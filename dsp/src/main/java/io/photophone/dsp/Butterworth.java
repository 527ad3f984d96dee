package io.photophone.dsp;

import java.util.ArrayList;
import java.util.List;

/// Design of Butterworth band-passes: analog prototype, band transformation, bilinear
/// transformation with the edges prewarped, so that both edges lie at −3.01 dB at the real sample
/// rate.
///
/// Source: Oppenheim and Schafer, "Discrete-Time Signal Processing", chapter 7. The same bits on
/// every machine.
///
/// Contract: M4.
public final class Butterworth {
  private Butterworth() {}

  /// A filter with its state at zero, of as many second-order sections as the order of the
  /// prototype says; each has gain 1 at the band's centre.
  ///
  /// @param order of the prototype: the band-pass has twice as many poles
  public static SosFilter bandPass(int order, double lowHz, double highHz, double rateHz) {
    if (order < 1 || order > 8) {
      throw new IllegalArgumentException("order is %d, allowed: 1 to 8".formatted(order));
    }
    if (!(0 < lowHz && lowHz < highHz && highHz < rateHz / 2)) {
      throw new IllegalArgumentException(
          "band is %s to %s Hz, allowed: rising, between 0 and %s Hz"
              .formatted(lowHz, highHz, rateHz / 2));
    }
    double low = StrictMath.tan(Math.PI * lowHz / rateHz);
    double high = StrictMath.tan(Math.PI * highHz / rateHz);
    double centre = StrictMath.sqrt(low * high);
    List<double[]> sections = new ArrayList<>();
    for (int k = 0; 2 * k < order; k++) {
      Complex prototype = Complex.atCycles(0.25 + (2 * k + 1) / (4.0 * order));
      Complex half = prototype.times((high - low) / 2);
      Complex root = half.times(half).minus(new Complex(centre * centre, 0)).squareRoot();
      Complex upper = bilinear(half.plus(root));
      Complex lower = bilinear(half.minus(root));
      if (2 * k + 1 == order) {
        sections.add(section(upper, lower, centre));
      } else {
        sections.add(section(upper, upper.conjugate(), centre));
        sections.add(section(lower, lower.conjugate(), centre));
      }
    }
    return new SosFilter(sections.toArray(new double[0][]));
  }

  private static Complex bilinear(Complex s) {
    Complex one = new Complex(1, 0);
    return one.plus(s).dividedBy(one.minus(s));
  }

  /// Two poles, both real or conjugate, with zeros at 0 Hz and half the sample rate.
  private static double[] section(Complex pole, Complex otherPole, double centre) {
    double a1 = -pole.plus(otherPole).re();
    double a2 = pole.times(otherPole).re();
    Complex z = bilinear(new Complex(0, centre));
    Complex zSquared = z.times(z);
    Complex numerator = zSquared.minus(new Complex(1, 0));
    Complex denominator = zSquared.plus(z.times(a1)).plus(new Complex(a2, 0));
    double gain = StrictMath.sqrt(denominator.squaredMagnitude() / numerator.squaredMagnitude());
    return new double[] {gain, 0, -gain, a1, a2};
  }
}
