package io.photophone.dsp;

/// The chi-square distribution.
///
/// Source: Digital Library of Mathematical Functions, sections 8.11 (series) and 8.9 (continued
/// fraction, evaluated by Lentz's method, section 3.10); 5.11.1 for the gamma function.
final class ChiSquare {
  private static final int MOST_TERMS = 10_000;

  private ChiSquare() {}

  /// What a value with so many degrees of freedom, above 0, stays below with a probability in (0,
  /// 1).
  static double quantile(double probability, double degreesOfFreedom) {
    double low = 0;
    double high = degreesOfFreedom;
    while (probability(high, degreesOfFreedom) < probability) {
      high *= 2;
    }
    while (high - low > 1e-14 * high) {
      double middle = (low + high) / 2;
      if (probability(middle, degreesOfFreedom) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /// Of a value below `x`: the regularised incomplete gamma function P(degrees / 2, x / 2).
  static double probability(double x, double degreesOfFreedom) {
    double a = degreesOfFreedom / 2;
    double z = x / 2;
    if (z <= 0) {
      return 0;
    }
    double scale = Math.exp(a * Math.log(z) - z - logGamma(a));
    return z < a + 1 ? scale * lowerSeries(a, z) : 1 - scale * upperFraction(a, z);
  }

  /// Σ z^k / (a (a + 1) … (a + k))
  private static double lowerSeries(double a, double z) {
    double term = 1 / a;
    double sum = term;
    for (int k = 1; k < MOST_TERMS && term > 1e-17 * sum; k++) {
      term *= z / (a + k);
      sum += term;
    }
    return sum;
  }

  /// 1 / (z + 1 − a − 1 (1 − a) / (z + 3 − a − 2 (2 − a) / …))
  private static double upperFraction(double a, double z) {
    double b = z + 1 - a;
    double c = 1e300;
    double d = 1 / b;
    double value = d;
    for (int k = 1; k < MOST_TERMS; k++) {
      double numerator = -k * (k - a);
      b += 2;
      d = 1 / (b + numerator * d);
      c = b + numerator / c;
      double factor = c * d;
      value *= factor;
      if (Math.abs(factor - 1) < 1e-16) {
        break;
      }
    }
    return value;
  }

  /// Stirling's series, beyond 10, where its last term is below 1e-13; the recurrence leads there.
  private static double logGamma(double x) {
    double shift = 0;
    double y = x;
    while (y < 10) {
      shift += Math.log(y);
      y++;
    }
    double r = 1 / (y * y);
    double series = (1 - r * (1 / 30.0 - r * (1 / 105.0 - r * (1 / 140.0 - r / 99)))) / (12 * y);
    return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
  }
}
