package io.photophone.dsp;

import java.util.Arrays;

/// A straight line through points, by least squares: y = offset + slope · x.
///
/// Source: Bevington and Robinson, "Data Reduction and Error Analysis for the Physical Sciences",
/// chapter 6.
///
/// Contract: M8.
///
/// @param covariance of offset and slope
/// @param residuals each y less the line's, in the points' order; owned by this fit
/// @param rSquared which part of the y's (weighted) variance the line explains; NaN if all y are
///   equal
/// @param reducedChiSquared weighted: about 1 if the points' uncertainties are right; unweighted:
///   the residuals' variance; NaN for two points
public record LineFit(
    Estimate offset,
    Estimate slope,
    double covariance,
    double[] residuals,
    double rSquared,
    double reducedChiSquared) {

  /// A fit to points of known standard uncertainty; the line's uncertainties follow from these, not
  /// from the scatter.
  ///
  /// @param x finite, two different ones or more
  /// @param standardUncertainties of the y, above 0
  public static LineFit weighted(double[] x, double[] y, double[] standardUncertainties) {
    check(x, y, 2);
    if (standardUncertainties.length != x.length) {
      throw new IllegalArgumentException(
          "%d uncertainties for %d points".formatted(standardUncertainties.length, x.length));
    }
    double[] weights = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double uncertainty = standardUncertainties[i];
      if (!(uncertainty > 0 && uncertainty < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "uncertainty of point %d is %s, allowed: above 0".formatted(i, uncertainty));
      }
      weights[i] = 1 / (uncertainty * uncertainty);
    }
    return fit(x, y, weights, false);
  }

  /// A fit to points of equal, unknown uncertainty, which is estimated from their scatter.
  ///
  /// @param x finite, three or more, two of them different
  public static LineFit unweighted(double[] x, double[] y) {
    check(x, y, 3);
    double[] weights = new double[x.length];
    Arrays.fill(weights, 1);
    return fit(x, y, weights, true);
  }

  private static void check(double[] x, double[] y, int fewest) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("%d x for %d y".formatted(x.length, y.length));
    }
    if (x.length < fewest) {
      throw new IllegalArgumentException("%d points, needed: %d".formatted(x.length, fewest));
    }
    boolean different = false;
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
        throw new IllegalArgumentException(
            "point %d is (%s, %s), allowed: finite numbers".formatted(i, x[i], y[i]));
      }
      different |= x[i] != x[0];
    }
    if (!different) {
      throw new IllegalArgumentException(
          "all %d points have x = %s, needed: two different x".formatted(x.length, x[0]));
    }
  }

  private static LineFit fit(double[] x, double[] y, double[] weights, boolean scatterTells) {
    double weight = 0;
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      weight += weights[i];
      meanX += weights[i] / weight * (x[i] - meanX);
      meanY += weights[i] / weight * (y[i] - meanY);
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = x[i] - meanX;
      double dy = y[i] - meanY;
      xx += weights[i] * dx * dx;
      xy += weights[i] * dx * dy;
      yy += weights[i] * dy * dy;
    }
    double slope = xy / xx;
    double[] residuals = new double[x.length];
    double chiSquared = 0;
    for (int i = 0; i < x.length; i++) {
      residuals[i] = y[i] - meanY - slope * (x[i] - meanX);
      chiSquared += weights[i] * residuals[i] * residuals[i];
    }
    double reduced = x.length > 2 ? chiSquared / (x.length - 2) : Double.NaN;
    double scale = scatterTells ? reduced : 1;
    return new LineFit(
        new Estimate(meanY - slope * meanX, Math.sqrt(scale * (1 / weight + meanX * meanX / xx))),
        new Estimate(slope, Math.sqrt(scale / xx)),
        -scale * meanX / xx,
        residuals,
        yy > 0 ? 1 - chiSquared / yy : Double.NaN,
        reduced);
  }

  /// The line's y, with the uncertainty of the line alone.
  public Estimate at(double x) {
    double offsetVariance = offset.standardUncertainty() * offset.standardUncertainty();
    double slopeVariance = slope.standardUncertainty() * slope.standardUncertainty();
    double variance = offsetVariance + 2 * x * covariance + x * x * slopeVariance;
    return new Estimate(offset.value() + slope.value() * x, Math.sqrt(Math.max(0, variance)));
  }

  /// How likely points of the given uncertainties on a line scatter so much or more; NaN for two
  /// points. Means nothing for an unweighted fit, whose scatter is its uncertainty.
  public double chiSquaredProbability() {
    int degreesOfFreedom = residuals.length - 2;
    return degreesOfFreedom == 0
        ? Double.NaN
        : 1 - ChiSquare.probability(reducedChiSquared * degreesOfFreedom, degreesOfFreedom);
  }
}
