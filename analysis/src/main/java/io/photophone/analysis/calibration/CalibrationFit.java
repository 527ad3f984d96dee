package io.photophone.analysis.calibration;

import io.photophone.dsp.LineFit;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A line through points of known concentration, and how well it goes through them.
///
/// The direction of the gas signal is that of the weighted complex slope of signal over
/// concentration; the line is fitted to the signals' components along it. A constant background of
/// any phase only moves the offset. Points' own uncertainties, of signal and concentration, are the
/// weights; what all points share, the bottle's and the sensors' of temperature and pressure, is
/// added to the sensitivity's afterwards. The sensors' errors during a calibration and at a reading
/// are taken as independent; where the same sensor is off by the same, both are counted though they
/// cancel.
///
/// Contract: M8.
///
/// @param unit of the concentrations and residuals
/// @param points in that unit
/// @param phaseUncertaintyDeg standard uncertainty of the phase; 0 where it was taken over
/// @param lowest concentration from which the line is calibrated
/// @param highest concentration up to which it is
/// @param residuals each point's signal less the line's, as a concentration, in the points' order
/// @param rSquared which part of the signals' weighted variance the line explains; null for one
///   point
/// @param reducedChiSquared about 1 if line and uncertainties are right; null for fewer than three
///   points
/// @param warnings reasons to look twice before one accepts it, for people
public record CalibrationFit(
    ConcentrationUnit unit,
    List<CalibrationPoint> points,
    Response response,
    double phaseDeg,
    double phaseUncertaintyDeg,
    double lowest,
    double highest,
    ReferenceConditions conditions,
    List<Double> residuals,
    @Nullable Double rSquared,
    @Nullable Double reducedChiSquared,
    List<String> warnings) {
  /// What noise alone exceeds in 0.13 % of cases, along a direction that is known before.
  private static final double SIGNIFICANT_SIGMAS = 3;

  /// Sensitivity over its standard uncertainty below which points don't span. The direction is
  /// chosen to make it largest, so of noise alone it has Rayleigh's distribution: above z in
  /// e^(−z²/2) of cases, which is 0.13 % as well.
  private static final double SPANNING_SIGMAS = 3.65;

  /// Of points on a line with right uncertainties, one set in a hundred is worse.
  private static final double UNLIKELY = 0.01;

  private static final double ACROSS_DEG = 5;

  /// The weights depend on the slope where concentrations are uncertain; each pass brings it a
  /// factor of at least 1e-3 nearer for uncertainties below 3 %.
  private static final int PASSES = 8;

  public CalibrationFit {
    points = List.copyOf(points);
    residuals = List.copyOf(residuals);
    warnings = List.copyOf(warnings);
  }

  /// The fit that a plan asks for.
  ///
  /// @param inForce what a zero or span adjusts, and whose reference conditions are kept; null if
  ///   there is none
  /// @throws IllegalArgumentException if the points don't allow it, with what is needed
  public static CalibrationFit of(
      CalibrationPlan plan, List<CalibrationPoint> points, @Nullable Calibration inForce) {
    if (plan.kind() == CalibrationKind.MULTI_POINT) {
      return multiPoint(
          points,
          plan.unit(),
          plan.bottle(),
          inForce == null ? ReferenceConditions.NONE : inForce.conditions());
    }
    if (inForce == null) {
      throw new IllegalArgumentException(
          "%s has no calibration that a %s could adjust, needed: a multi-point calibration"
              .formatted(plan.gas(), plan.kind().wireName()));
    }
    if (points.size() != 1) {
      throw new IllegalArgumentException(
          "%d points for a %s, needed: one".formatted(points.size(), plan.kind().wireName()));
    }
    return plan.kind() == CalibrationKind.ZERO
        ? zero(points.getFirst(), inForce)
        : span(points.getFirst(), inForce, plan.bottle());
  }

  /// The whole line.
  ///
  /// @param unit of the result; points in another are converted
  /// @param bottle null if the concentrations' errors have nothing in common
  /// @throws IllegalArgumentException if the points don't make a line, with what is needed
  public static CalibrationFit multiPoint(
      List<CalibrationPoint> points,
      ConcentrationUnit unit,
      @Nullable GasBottle bottle,
      ReferenceConditions conditions) {
    List<CalibrationPoint> same = inUnit(points, unit);
    checkDifferent(same);
    double[] x = new double[same.size()];
    double[] noise = new double[same.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = effective(same.get(i), i, conditions);
      noise[i] = same.get(i).signal().standardUncertainty();
    }
    LineFit inPhase = LineFit.weighted(x, components(same, 0), noise);
    LineFit quadrature = LineFit.weighted(x, components(same, 90), noise);
    double phaseDeg =
        Math.toDegrees(Math.atan2(quadrature.slope().value(), inPhase.slope().value()));
    double[] y = components(same, phaseDeg);
    LineFit line = LineFit.weighted(x, y, noise);
    if (same.stream().anyMatch(point -> point.concentrationUncertainty() > 0)) {
      for (int pass = 0; pass < PASSES; pass++) {
        line = LineFit.weighted(x, y, effectiveUncertainties(same, x, noise, line));
      }
    }
    double slope = line.slope().value();
    if (!(slope >= SPANNING_SIGMAS * line.slope().standardUncertainty())) {
      throw new IllegalArgumentException(
          ("the points don't span: from %s to %s %s the signal rises by %s, %.1f of its standard"
                  + " uncertainties, needed: %.2f; take points further apart or more readings")
              .formatted(
                  lowest(same),
                  highest(same),
                  unit.wireName(),
                  text(slope * (highest(same) - lowest(same))),
                  slope / line.slope().standardUncertainty(),
                  SPANNING_SIGMAS));
    }
    List<String> warnings = new ArrayList<>();
    double widening = 1;
    double likely = line.chiSquaredProbability();
    if (likely < UNLIKELY) {
      widening = Math.sqrt(line.reducedChiSquared());
      warnings.add(
          ("the line doesn't fit: reduced χ² is %s, and points on a line would scatter so much in"
                  + " %s of cases; its uncertainties are %s times as wide for that")
              .formatted(text(line.reducedChiSquared()), percent(likely), text(widening)));
    }
    double slopeUncertainty = widening * line.slope().standardUncertainty();
    if (slope < SIGNIFICANT_SIGMAS * slopeUncertainty) {
      int furthest = furthest(line, noise);
      throw new IllegalArgumentException(
          ("the points don't make a line: reduced χ² is %s; furthest off is %s, by %s %s; was it"
                  + " that gas?")
              .formatted(
                  text(line.reducedChiSquared()),
                  same.get(furthest).named(furthest + 1),
                  text(line.residuals()[furthest] / slope),
                  unit.wireName()));
    }
    double offsetUncertainty = widening * line.offset().standardUncertainty();
    double shared = bottle == null ? 0 : bottle.relativeUncertainty();
    double relative =
        Math.hypot(slopeUncertainty / slope, Math.hypot(shared, ofSensors(same, conditions)));
    List<Double> residuals = new ArrayList<>();
    for (double residual : line.residuals()) {
      residuals.add(residual / slope);
    }
    return new CalibrationFit(
        unit,
        same,
        new Response(
            slope,
            line.offset().value(),
            relative,
            offsetUncertainty,
            correlation(
                widening * widening * line.covariance(), offsetUncertainty, relative * slope),
            LineFit.weighted(x, components(same, phaseDeg + 90), noise).offset().value()),
        phaseDeg,
        Math.toDegrees(slopeUncertainty / slope),
        lowest(same),
        highest(same),
        conditions,
        residuals,
        finite(line.rSquared()),
        finite(line.reducedChiSquared()),
        warnings);
  }

  /// The line of another calibration with a new offset.
  ///
  /// @param point at zero gas
  public static CalibrationFit zero(CalibrationPoint point, Calibration adjusted) {
    if (point.concentration() != 0) {
      throw new IllegalArgumentException(
          "a zero has a concentration of %s %s, allowed: 0"
              .formatted(point.concentration(), point.unit().wireName()));
    }
    Response before = adjusted.response();
    double offset = point.signal().projectedOn(adjusted.phaseDeg());
    double uncertainty = point.signal().standardUncertainty();
    return ofOnePoint(
        point,
        adjusted,
        new Response(
            before.sensitivity(),
            offset,
            before.relativeUncertainty(),
            uncertainty,
            0,
            point.signal().projectedOn(adjusted.phaseDeg() + 90)),
        moved("zero", offset - before.offset(), uncertainty, before));
  }

  /// The line of another calibration with a new sensitivity above its offset.
  ///
  /// @param point clearly above zero gas
  /// @param bottle null if the concentration's uncertainty is all in the point
  public static CalibrationFit span(
      CalibrationPoint point, Calibration adjusted, @Nullable GasBottle bottle) {
    CalibrationPoint same = inUnit(List.of(point), adjusted.unit()).getFirst();
    if (same.concentration() == 0) {
      throw new IllegalArgumentException("a span has a concentration of 0, allowed: above 0");
    }
    Response before = adjusted.response();
    double x = effective(same, 0, adjusted.conditions());
    double rise = same.signal().projectedOn(adjusted.phaseDeg()) - before.offset();
    double riseUncertainty =
        Math.hypot(same.signal().standardUncertainty(), before.offsetUncertainty());
    if (!(rise >= SIGNIFICANT_SIGMAS * riseUncertainty)) {
      throw new IllegalArgumentException(
          ("the points don't span: at %s %s the signal is %s above the zero, %.1f of its standard"
                  + " uncertainties, needed: %.0f; is the gas on?")
              .formatted(
                  same.concentration(),
                  same.unit().wireName(),
                  text(rise),
                  rise / riseUncertainty,
                  SIGNIFICANT_SIGMAS));
    }
    double sensitivity = rise / x;
    double own = same.concentrationUncertainty() / same.concentration();
    double shared = bottle == null ? 0 : bottle.relativeUncertainty();
    double sensors = ofSensors(List.of(same), adjusted.conditions());
    double relative =
        Math.hypot(Math.hypot(riseUncertainty / rise, own), Math.hypot(shared, sensors));
    double covariance = -before.offsetUncertainty() * before.offsetUncertainty() / x;
    List<String> warnings =
        new ArrayList<>(
            moved(
                "signal at the span",
                (sensitivity - before.sensitivity()) * x,
                same.signal().standardUncertainty(),
                before));
    double across =
        Math.abs(same.signal().projectedOn(adjusted.phaseDeg() + 90) - before.offsetAcross());
    if (across > SIGNIFICANT_SIGMAS * same.signal().standardUncertainty()
        && across > Math.tan(Math.toRadians(ACROSS_DEG)) * rise) {
      warnings.add(
          "the phase is %s°, calibrated: %s°; a multi-point calibration finds the phase anew"
              .formatted(text(same.signal().phaseDeg()), text(adjusted.phaseDeg())));
    }
    return ofOnePoint(
        same,
        adjusted,
        new Response(
            sensitivity,
            before.offset(),
            relative,
            before.offsetUncertainty(),
            correlation(covariance, before.offsetUncertainty(), relative * sensitivity),
            before.offsetAcross()),
        warnings);
  }

  private static CalibrationFit ofOnePoint(
      CalibrationPoint point, Calibration adjusted, Response response, List<String> warnings) {
    return new CalibrationFit(
        adjusted.unit(),
        inUnit(List.of(point), adjusted.unit()),
        response,
        adjusted.phaseDeg(),
        0,
        adjusted.lowest(),
        adjusted.highest(),
        adjusted.conditions(),
        List.of(0.0),
        null,
        null,
        warnings);
  }

  private static List<String> moved(String what, double by, double uncertainty, Response before) {
    double sigmas = Math.abs(by) / Math.hypot(uncertainty, before.offsetUncertainty());
    return sigmas < SIGNIFICANT_SIGMAS
        ? List.of()
        : List.of(
            "the %s moved by %s, %s of its standard uncertainties, since the calibration before"
                .formatted(what, text(by), text(sigmas)));
  }

  private static List<CalibrationPoint> inUnit(
      List<CalibrationPoint> points, ConcentrationUnit unit) {
    List<CalibrationPoint> same = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      try {
        same.add(points.get(i).in(unit));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(points.get(i).named(i + 1) + ": " + e.getMessage(), e);
      }
    }
    return same;
  }

  private static void checkDifferent(List<CalibrationPoint> points) {
    if (points.size() < 2) {
      throw new IllegalArgumentException("%d points, needed: two or more".formatted(points.size()));
    }
    for (int i = 0; i < points.size(); i++) {
      for (int j = 0; j < i; j++) {
        CalibrationPoint a = points.get(j);
        CalibrationPoint b = points.get(i);
        if (a.concentration() == b.concentration() && a.signal().equals(b.signal())) {
          throw new IllegalArgumentException(
              "%s and %d are identical, allowed: a measurement of its own for each"
                  .formatted(a.named(j + 1), i + 1));
        }
      }
    }
    if (lowest(points) == highest(points)) {
      throw new IllegalArgumentException(
          "all %d points have %s %s, needed: two different concentrations"
              .formatted(points.size(), lowest(points), points.getFirst().unit().wireName()));
    }
  }

  /// The concentration that would give the point's signal at the reference conditions.
  private static double effective(
      CalibrationPoint point, int index, ReferenceConditions conditions) {
    Environment environment = point.environment();
    if (conditions.lacks(environment)) {
      throw new IllegalArgumentException(
          "%s has temperature %s °C and pressure %s hPa, needed: those with an exponent"
              .formatted(
                  point.named(index + 1), environment.temperatureC(), environment.pressureHpa()));
    }
    return point.concentration() * conditions.factor(environment);
  }

  /// Relative standard uncertainty of the sensitivity by the sensors': they are off in the same way
  /// at all points, so the worst known point's; that of zero gas has no say in it.
  private static double ofSensors(List<CalibrationPoint> points, ReferenceConditions conditions) {
    return Math.sqrt(
        points.stream()
            .filter(point -> point.concentration() > 0)
            .mapToDouble(point -> conditions.relativeVariance(point.environment()))
            .max()
            .orElseThrow());
  }

  private static double[] effectiveUncertainties(
      List<CalibrationPoint> points, double[] x, double[] noise, LineFit line) {
    double[] uncertainties = new double[noise.length];
    for (int i = 0; i < noise.length; i++) {
      CalibrationPoint point = points.get(i);
      double factor = point.concentration() == 0 ? 1 : x[i] / point.concentration();
      uncertainties[i] =
          Math.hypot(noise[i], line.slope().value() * factor * point.concentrationUncertainty());
    }
    return uncertainties;
  }

  private static double[] components(List<CalibrationPoint> points, double phaseDeg) {
    return points.stream().mapToDouble(point -> point.signal().projectedOn(phaseDeg)).toArray();
  }

  private static int furthest(LineFit line, double[] noise) {
    int furthest = 0;
    for (int i = 1; i < noise.length; i++) {
      if (Math.abs(line.residuals()[i] / noise[i])
          > Math.abs(line.residuals()[furthest] / noise[furthest])) {
        furthest = i;
      }
    }
    return furthest;
  }

  /// In [-1, 1] whatever rounding does; 0 where a value is exact.
  private static double correlation(double covariance, double a, double b) {
    return a == 0 || b == 0 ? 0 : Math.clamp(covariance / (a * b), -1.0, 1.0);
  }

  private static double lowest(List<CalibrationPoint> points) {
    return points.stream().mapToDouble(CalibrationPoint::concentration).min().orElseThrow();
  }

  private static double highest(List<CalibrationPoint> points) {
    return points.stream().mapToDouble(CalibrationPoint::concentration).max().orElseThrow();
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  private static String percent(double probability) {
    return probability < 1e-4
        ? "less than 0.01 %"
        : String.format(Locale.ROOT, "%.2f %%", 100 * probability);
  }
}
