package io.photophone.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a steady concentration scatters over the averaging time, and what can be detected.
///
/// @param gas what was measured
/// @param unit of all concentrations below
/// @param readings how many count: the longest run without a break
/// @param leftOut how many don't
/// @param fromS start of that run, s since the stream's start
/// @param intervalS from reading to reading
/// @param mean of the run
/// @param standardDeviation of one reading around that mean
/// @param zeroGasLimit 3 standard deviations, if the mean doesn't stand out of them as with zero
///   gas; else null
/// @param points from the shortest averaging time to the longest
/// @param best the point whose deviation is surely the lowest: that of the lowest upper bound
public record Stability(
    String gas,
    String unit,
    int readings,
    int leftOut,
    double fromS,
    double intervalS,
    double mean,
    double standardDeviation,
    @Nullable Double zeroGasLimit,
    List<Point> points,
    Point best) {

  public Stability {
    points = List.copyOf(points);
  }

  /// One averaging time.
  ///
  /// @param averaged readings in an average
  /// @param deviation Allan deviation
  /// @param lower with `upper`, the interval that holds the true deviation with a probability of
  ///   68.3 % while the noise is white
  /// @param detectionLimit 3 Allan deviations
  /// @param whiteNoise the deviation if all noise were white, as single readings tell it
  public record Point(
      int averaged,
      double averagingS,
      double deviation,
      double lower,
      double upper,
      double detectionLimit,
      double whiteNoise) {}
}
