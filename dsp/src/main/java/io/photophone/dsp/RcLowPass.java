package io.photophone.dsp;

/// A cascade of equal RC low-passes, as lock-ins have it: its order and each stage's time constant.
///
/// The figures are those of the analog cascade; [RcLockIn] agrees with them to about `order` sample
/// intervals in time. Source: Zurich Instruments, "Principles of lock-in detection" (2016), table
/// of filter properties; the formulas follow from H = (1 + 2πif·TC)^(−order).
///
/// Contract: M5.
public record RcLowPass(int order, double timeConstantSeconds) {
  public static final int HIGHEST_ORDER = 8;

  public RcLowPass {
    if (order < 1 || order > HIGHEST_ORDER) {
      throw new IllegalArgumentException(
          "order is %d, allowed: 1 to %d".formatted(order, HIGHEST_ORDER));
    }
    if (!(timeConstantSeconds > 0 && timeConstantSeconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "time constant is %s s, allowed: above 0 s".formatted(timeConstantSeconds));
    }
  }

  /// Where it passes half the power.
  public double bandwidthHz() {
    return StrictMath.sqrt(StrictMath.pow(2, 1.0 / order) - 1)
        / (2 * Math.PI * timeConstantSeconds);
  }

  /// Width of the rectangle, from 0 Hz and with gain 1, that lets as much white noise through.
  public double noiseBandwidthHz() {
    double width = 0.25 / timeConstantSeconds;
    for (int k = 1; k < order; k++) {
      width *= (2 * k - 1) / (2.0 * k);
    }
    return width;
  }

  /// Until all but `remainder`, in (0, 1), of a jump has come through.
  public double settlingSeconds(double remainder) {
    if (!(remainder > 0 && remainder < 1)) {
      throw new IllegalArgumentException("remainder is %s, allowed: (0, 1)".formatted(remainder));
    }
    double low = 0;
    double high = 1;
    while (missing(high) > remainder) {
      high *= 2;
    }
    while (high - low > 4 * Math.ulp(high)) {
      double middle = (low + high) / 2;
      if (missing(middle) > remainder) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high * timeConstantSeconds;
  }

  /// What a jump of 1 lacks after so many time constants: e^(−t) · Σ t^k / k! for k below the
  /// order.
  private double missing(double timeConstants) {
    double term = StrictMath.exp(-timeConstants);
    double sum = 0;
    for (int k = 0; k < order; k++) {
      sum += term;
      term *= timeConstants / (k + 1);
    }
    return sum;
  }
}
