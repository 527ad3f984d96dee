package io.photophone.server;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of what `/api/calibration` and `/api/calibrations` tell, which the program gives as
/// JSON. Amplitudes are full-scale units (peak), concentrations have the unit of the calibration.
final class CalibrationAnswer {
  private CalibrationAnswer() {}

  /// All accepted calibrations, oldest first, and those that hold now.
  record History(String instrument, List<InForce> inForce, List<Accepted> calibrations) {}

  /// A calibration that somebody accepted, or that the configuration has.
  record Accepted(
      String instrument,
      String gas,
      String kind,
      String id,
      String unit,
      double sensitivity,
      double offset,
      double phaseDeg,
      double relativeUncertainty,
      double offsetUncertainty,
      double correlation,
      double offsetAcross,
      double lowest,
      double highest,
      Conditions conditions,
      @Nullable Instant validFrom,
      @Nullable Instant validUntil,
      @Nullable String who,
      @Nullable Bottle bottle,
      @Nullable String comment,
      @Nullable Fit fit) {}

  /// One that holds now.
  record InForce(
      String instrument,
      String gas,
      String kind,
      String id,
      String unit,
      double sensitivity,
      double offset,
      double phaseDeg,
      double relativeUncertainty,
      double offsetUncertainty,
      double correlation,
      double offsetAcross,
      double lowest,
      double highest,
      Conditions conditions,
      @Nullable Instant validFrom,
      @Nullable Instant validUntil,
      @Nullable String who,
      @Nullable Bottle bottle,
      @Nullable String comment,
      @Nullable Fit fit,
      boolean expired) {}

  /// To which signals are brought before a concentration is read off.
  record Conditions(
      double temperatureC,
      double temperatureExponent,
      double pressureHpa,
      double pressureExponent) {}

  /// A certified gas.
  record Bottle(String label, double relativeUncertainty) {}

  /// How well a line goes through its points.
  record Fit(
      double phaseUncertaintyDeg,
      @Nullable Double rSquared,
      @Nullable Double reducedChiSquared,
      List<String> warnings,
      List<Point> points) {}

  /// The mean of the readings of one gas; a residual is there once there is a fit.
  record Point(
      double concentration,
      double concentrationUncertainty,
      double x,
      double y,
      double uncertainty,
      int readings,
      @Nullable Double temperatureC,
      @Nullable Double temperatureUncertaintyC,
      @Nullable Double pressureHpa,
      @Nullable Double pressureUncertaintyHpa,
      @Omitted Double residual) {}

  /// Where a calibration is. Which fields there are depends on the state.
  record Progress(
      String state,
      List<String> allowed,
      String instruction,
      List<String> gases,
      @Omitted String kind,
      @Omitted String gas,
      @Omitted String who,
      @Omitted @Nullable String bottle,
      @Omitted String unit,
      @Omitted @Nullable Double validForDays,
      @Omitted Integer settledOver,
      @Omitted Integer readings,
      @Omitted Integer patience,
      @Omitted List<Point> points,
      @Omitted Double concentration,
      @Omitted Integer steady,
      @Omitted Integer seen,
      @Omitted Integer collected,
      @Omitted Fit fit,
      @Omitted Double sensitivity,
      @Omitted Double offset,
      @Omitted Double phaseDeg,
      @Omitted Double relativeUncertainty,
      @Omitted Double offsetUncertainty) {}
}
