package io.photophone.analysis.resonance;

import io.photophone.dsp.Complex;
import io.photophone.dsp.Resonance;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a sweep says about the resonance.
///
/// Contract: M10.
///
/// @param points copied
/// @param byPhasors whether phases were fitted too, not magnitudes alone
/// @param resonance null where the points show none
/// @param reducedChiSquare mean square of the points around the fit, for each degree of freedom,
///   over the mean square of their own uncertainties; NaN without a fit or without uncertainties
/// @param warnings copied
public record SweepResult(
    List<SweepPoint> points,
    boolean byPhasors,
    @Nullable Resonance resonance,
    double reducedChiSquare,
    Set<SweepWarning> warnings) {
  static final int FEWEST_POINTS = 7;

  private static final double LARGEST_CHI_SQUARE = 2;
  private static final double CHI_SQUARE_IN_SIGMAS = 6;

  /// Without uncertainties, how much of the amplitude may be left.
  private static final double LARGEST_REST = 0.05;

  /// Points at each end among which a peak is at the edge, as part of all.
  private static final double EDGE = 0.05;

  private static final int PHASOR_PARAMETERS = 6;
  private static final int MAGNITUDE_PARAMETERS = 4;

  public SweepResult {
    points = List.copyOf(points);
    EnumSet<SweepWarning> copy = EnumSet.noneOf(SweepWarning.class);
    copy.addAll(warnings);
    warnings = Collections.unmodifiableSet(copy);
  }

  /// The fit to measured steps.
  public static SweepResult of(SweepPlan plan, List<SweepPoint> points, boolean byPhasors) {
    SweepResult fitted = of(points, byPhasors);
    Resonance resonance = fitted.resonance();
    if (resonance == null || resonance.quality().value() <= plan.expectedQuality()) {
      return fitted;
    }
    Set<SweepWarning> warnings = EnumSet.of(SweepWarning.NARROW_RESONANCE);
    warnings.addAll(fitted.warnings());
    return new SweepResult(points, byPhasors, resonance, fitted.reducedChiSquare(), warnings);
  }

  /// The fit to points from anywhere.
  public static SweepResult of(List<SweepPoint> points, boolean byPhasors) {
    Set<SweepWarning> warnings = EnumSet.noneOf(SweepWarning.class);
    List<SweepPoint> usable = points.stream().filter(SweepPoint::usable).toList();
    for (SweepPoint point : points) {
      if (Double.isNaN(point.phasor().inPhase())) {
        warnings.add(SweepWarning.GAPS);
      } else if (point.clipped()) {
        warnings.add(SweepWarning.CLIPPED);
      } else if (!point.settled()) {
        warnings.add(SweepWarning.UNSETTLED);
      }
    }
    double[] hz = usable.stream().mapToDouble(SweepPoint::frequencyHz).toArray();
    double[] magnitudes = usable.stream().mapToDouble(p -> p.phasor().amplitude()).toArray();
    if (Arrays.stream(hz).distinct().count() < FEWEST_POINTS) {
      warnings.add(SweepWarning.FEW_POINTS);
      return new SweepResult(points, byPhasors, null, Double.NaN, warnings);
    }
    Resonance resonance =
        byPhasors
            ? Resonance.ofPhasors(hz, phasors(usable))
            : Resonance.ofMagnitudes(hz, magnitudes);
    if (resonance == null) {
      warnings.add(
          highestIsAtEdge(hz, magnitudes) ? SweepWarning.PEAK_AT_EDGE : SweepWarning.NO_RESONANCE);
      return new SweepResult(points, byPhasors, null, Double.NaN, warnings);
    }
    double halfWidth = resonance.frequencyHz().value() / (2 * resonance.quality().value());
    if (resonance.frequencyHz().value() - halfWidth < min(hz)
        || resonance.frequencyHz().value() + halfWidth > max(hz)) {
      warnings.add(SweepWarning.PEAK_AT_EDGE);
    }
    double chiSquare = reducedChiSquare(usable, resonance);
    int freedom = byPhasors ? 2 * hz.length - PHASOR_PARAMETERS : hz.length - MAGNITUDE_PARAMETERS;
    if (isPoor(resonance, chiSquare, freedom)) {
      warnings.add(SweepWarning.POOR_FIT);
    }
    return new SweepResult(points, byPhasors, resonance, chiSquare, warnings);
  }

  private static Complex[] phasors(List<SweepPoint> points) {
    return points.stream()
        .map(point -> new Complex(point.phasor().inPhase(), point.phasor().quadrature()))
        .toArray(Complex[]::new);
  }

  private static double reducedChiSquare(List<SweepPoint> points, Resonance resonance) {
    double meanSquare =
        points.stream()
            .mapToDouble(point -> point.phasor().standardUncertainty())
            .map(u -> u * u)
            .average()
            .orElse(Double.NaN);
    double rest = resonance.residualDeviation();
    return meanSquare > 0 ? rest * rest / meanSquare : Double.NaN;
  }

  private static boolean isPoor(Resonance resonance, double chiSquare, int freedom) {
    return Double.isNaN(chiSquare)
        ? resonance.residualDeviation() > LARGEST_REST * resonance.amplitude().value()
        : chiSquare
            > Math.max(LARGEST_CHI_SQUARE, 1 + CHI_SQUARE_IN_SIGMAS * Math.sqrt(2.0 / freedom));
  }

  private static boolean highestIsAtEdge(double[] hz, double[] magnitudes) {
    int highest = 0;
    for (int i = 1; i < hz.length; i++) {
      if (magnitudes[i] > magnitudes[highest]) {
        highest = i;
      }
    }
    double place = (hz[highest] - min(hz)) / (max(hz) - min(hz));
    return place <= EDGE || place >= 1 - EDGE;
  }

  private static double min(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  /// The fitted curve at a frequency; null without a fit. Real, and 0 or more, for a fit to
  /// magnitudes.
  public @Nullable Complex fitAt(double hz) {
    return resonance == null ? null : resonance.signalAt(hz, byPhasors);
  }

  /// How far a point is from the fit, in full-scale units, the distance in the complex plane for a
  /// fit to phasors; NaN without a fit.
  public double residual(SweepPoint point) {
    Complex fit = fitAt(point.frequencyHz());
    if (fit == null) {
      return Double.NaN;
    }
    return byPhasors
        ? fit.minus(new Complex(point.phasor().inPhase(), point.phasor().quadrature())).magnitude()
        : point.phasor().amplitude() - fit.re();
  }
}
