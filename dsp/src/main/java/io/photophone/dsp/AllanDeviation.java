package io.photophone.dsp;

import java.util.ArrayList;
import java.util.List;

/// The scatter between neighbouring averages of a steady signal, over the averaging time: falls as
/// 1/√time while the noise is white, and rises again where the signal drifts.
///
/// Source: Riley and Howe, "Handbook of Frequency Stability Analysis", NIST Special Publication
/// 1065 (2008), sections 5.2.4 (overlapping estimate) and 5.4.1 (degrees of freedom).
///
/// Contract: M9.
public final class AllanDeviation {
  /// Bounds hold with the probability of one standard deviation of a normal distribution.
  private static final double CONFIDENCE = 0.682689492137086;

  private AllanDeviation() {}

  /// The deviation at one averaging time.
  ///
  /// @param averaged how many values an average is of
  /// @param degreesOfFreedom of the estimate, for white noise; where drift rules there are fewer
  /// @param lower with [#upper], the interval that holds the true deviation with a probability of
  ///   68.3 %, for white noise
  public record Point(
      int averaged,
      double averagingSeconds,
      double deviation,
      double degreesOfFreedom,
      double lower,
      double upper) {}

  /// The overlapping estimate for averages of 1, 2, 4 … values, up to half of them.
  ///
  /// @param values finite, at equal intervals, three or more
  public static List<Point> overlapping(double[] values, double intervalSeconds) {
    List<Point> points = new ArrayList<>();
    double[] sums = sums(values);
    check(intervalSeconds);
    for (int averaged = 1; averaged <= values.length / 2; averaged *= 2) {
      points.add(point(sums, averaged, intervalSeconds));
    }
    return points;
  }

  /// The overlapping estimate for averages of so many values, at most half of them.
  public static Point overlapping(double[] values, double intervalSeconds, int averaged) {
    double[] sums = sums(values);
    check(intervalSeconds);
    if (averaged < 1 || averaged > values.length / 2) {
      throw new IllegalArgumentException(
          "averages of %d values, allowed for %d values: 1 to %d"
              .formatted(averaged, values.length, values.length / 2));
    }
    return point(sums, averaged, intervalSeconds);
  }

  private static void check(double intervalSeconds) {
    if (!(intervalSeconds > 0 && intervalSeconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "interval is %s s, allowed: above 0 s".formatted(intervalSeconds));
    }
  }

  /// Sums of the first 0, 1, 2 … values, less their mean, which would cost digits.
  private static double[] sums(double[] values) {
    if (values.length < 3) {
      throw new IllegalArgumentException("%d values, needed: 3".formatted(values.length));
    }
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "value %d is %s, allowed: finite numbers".formatted(i, values[i]));
      }
      mean += (values[i] - mean) / (i + 1);
    }
    double[] sums = new double[values.length + 1];
    for (int i = 0; i < values.length; i++) {
      sums[i + 1] = sums[i] + (values[i] - mean);
    }
    return sums;
  }

  private static Point point(double[] sums, int averaged, double intervalSeconds) {
    int count = sums.length - 2 * averaged;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      double difference = sums[i + 2 * averaged] - 2 * sums[i + averaged] + sums[i];
      squares += difference * difference;
    }
    double deviation = Math.sqrt(squares / (2.0 * count)) / averaged;
    double degrees = degreesOfFreedom(sums.length, averaged);
    return new Point(
        averaged,
        averaged * intervalSeconds,
        deviation,
        degrees,
        deviation * Math.sqrt(degrees / ChiSquare.quantile((1 + CONFIDENCE) / 2, degrees)),
        deviation * Math.sqrt(degrees / ChiSquare.quantile((1 - CONFIDENCE) / 2, degrees)));
  }

  /// Table 5 of the source for white noise of the values, which are differences of so many
  /// `phases`.
  private static double degreesOfFreedom(int phases, int averaged) {
    double m = averaged;
    double n = phases;
    double ratio = 4 * m * m / (4 * m * m + 5);
    return Math.max(1, (3 * (n - 1) / (2 * m) - 2 * (n - 2) / n) * ratio);
  }
}
