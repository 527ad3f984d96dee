package io.photophone.dsp;

import java.util.Locale;

/// A taper for a block of samples, in its periodic form: a sum of cosines over the block.
///
/// Coefficients: Harris, Proc. IEEE 66, 51 (1978); the flat top is the one of D'Antona and Ferrero,
/// "Digital Signal Processing for Measurement Systems" (2006).
///
/// Contract: M1.
public enum Window {
  RECTANGULAR(1, 0, 0, 0, 0),
  HANN(0.5, 0.5, 0, 0, 0),
  HAMMING(0.54, 0.46, 0, 0, 0),
  BLACKMAN(0.42, 0.5, 0.08, 0, 0),
  BLACKMAN_HARRIS(0.35875, 0.48829, 0.14128, 0.01168, 0),
  FLAT_TOP(0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368);

  private final double constant;
  private final double onePeriod;
  private final double twoPeriods;
  private final double threePeriods;
  private final double fourPeriods;

  /// The weights of the cosines with 0 to 4 periods in the block; those of odd ones are subtracted.
  Window(
      double constant,
      double onePeriod,
      double twoPeriods,
      double threePeriods,
      double fourPeriods) {
    this.constant = constant;
    this.onePeriod = onePeriod;
    this.twoPeriods = twoPeriods;
    this.threePeriods = threePeriods;
    this.fourPeriods = fourPeriods;
  }

  /// The name in files and answers, as in `flat_top`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// A new array of `size` factors, at least 16, so that the constants below are exact.
  public double[] values(int size) {
    if (size < 16) {
      throw new IllegalArgumentException("window size is %d, allowed: from 16".formatted(size));
    }
    double[] values = new double[size];
    for (int n = 0; n < size; n++) {
      double angle = 2 * Math.PI * n / size;
      values[n] =
          constant
              - onePeriod * Math.cos(angle)
              + twoPeriods * Math.cos(2 * angle)
              - threePeriods * Math.cos(3 * angle)
              + fourPeriods * Math.cos(4 * angle);
    }
    return values;
  }

  /// What the amplitude of a tone on a bin is multiplied by: the mean of the values.
  public double coherentGain() {
    return constant;
  }

  /// Width in bins of the rectangle, as high as the answer to a tone on the bin, that lets as much
  /// white noise through.
  public double enbwBins() {
    double cosines =
        onePeriod * onePeriod
            + twoPeriods * twoPeriods
            + threePeriods * threePeriods
            + fourPeriods * fourPeriods;
    return 1 + cosines / (2 * constant * constant);
  }
}
