package io.photophone.dsp;

import java.util.Arrays;

/// A recursive filter as a chain of second-order sections, with its state: what it makes of a
/// sample depends on all samples since the last reset, however they were cut into blocks.
///
/// Coefficients and state are double: in a narrow band, float ones cost 100 ppm of the amplitude. A
/// section is in transposed direct form II. Allocates nothing; for one thread.
///
/// Contract: M4.
public final class SosFilter {
  private static final int COEFFICIENTS = 5;

  /// b0, b1, b2, a1, a2 of each section in turn, a0 being 1.
  private final double[] coefficients;

  /// Two values for each section.
  private final double[] state;

  /// A filter with its state at zero, designed at the sample rate.
  ///
  /// @throws IllegalArgumentException for an edge that the rate doesn't carry, and for a band so
  ///   narrow that the poles, as doubles, lie on the unit circle
  public static SosFilter of(FilterShape shape, FilterBand band, double rateHz) {
    return new SosFilter(FilterDesign.sections(shape, band, rateHz));
  }

  /// Copies the sections, each of them b0, b1, b2, a1, a2 with a0 = 1.
  public SosFilter(double[][] sections) {
    coefficients = new double[COEFFICIENTS * sections.length];
    state = new double[2 * sections.length];
    for (int k = 0; k < sections.length; k++) {
      if (sections[k].length != COEFFICIENTS) {
        throw new IllegalArgumentException(
            "section %d has %d coefficients, needed: b0, b1, b2, a1, a2"
                .formatted(k, sections[k].length));
      }
      System.arraycopy(sections[k], 0, coefficients, COEFFICIENTS * k, COEFFICIENTS);
    }
    if (!(largestPoleRadius() < 1)) {
      throw new IllegalArgumentException(
          "not stable: a pole lies at radius " + largestPoleRadius());
    }
  }

  /// The output for the next sample. A sample that is no finite number would stay in the state
  /// until the next reset.
  public double next(double sample) {
    double[] c = coefficients;
    double[] s = state;
    double value = sample;
    for (int i = 0, j = 0; j < s.length; i += COEFFICIENTS, j += 2) {
      double input = value;
      value = c[i] * input + s[j];
      s[j] = c[i + 1] * input - c[i + 3] * value + s[j + 1];
      s[j + 1] = c[i + 2] * input - c[i + 4] * value;
    }
    return value;
  }

  /// Forgets all samples.
  public void reset() {
    Arrays.fill(state, 0);
  }

  /// What a settled filter multiplies e^(2πi · cyclesPerSample · n) by.
  public Complex response(double cyclesPerSample) {
    Complex delay = Complex.atCycles(-cyclesPerSample);
    Complex delayTwice = delay.times(delay);
    Complex one = new Complex(1, 0);
    Complex response = one;
    for (int i = 0; i < coefficients.length; i += COEFFICIENTS) {
      Complex numerator =
          one.times(coefficients[i])
              .plus(delay.times(coefficients[i + 1]))
              .plus(delayTwice.times(coefficients[i + 2]));
      Complex denominator =
          one.plus(delay.times(coefficients[i + 3])).plus(delayTwice.times(coefficients[i + 4]));
      response = response.times(numerator.dividedBy(denominator));
    }
    return response;
  }

  /// Samples after a reset until the slowest pole's answer to it has fallen to `remainder`, in (0,
  /// 1), of its first value.
  public int settlingSamples(double remainder) {
    if (!(remainder > 0 && remainder < 1)) {
      throw new IllegalArgumentException("remainder is %s, allowed: (0, 1)".formatted(remainder));
    }
    double radius = largestPoleRadius();
    return radius == 0
        ? 2 * state.length
        : (int) StrictMath.ceil(StrictMath.log(remainder) / StrictMath.log(radius));
  }

  /// Distance from 0 of the slowest pole: what is left of its answer after one sample; below 1.
  public double largestPoleRadius() {
    double largest = 0;
    for (int i = 0; i < coefficients.length; i += COEFFICIENTS) {
      double a1 = coefficients[i + 3];
      double a2 = coefficients[i + 4];
      double discriminant = a1 * a1 - 4 * a2;
      double radius =
          discriminant < 0
              ? StrictMath.sqrt(a2)
              : (Math.abs(a1) + StrictMath.sqrt(discriminant)) / 2;
      largest = Math.max(largest, radius);
    }
    return largest;
  }
}
