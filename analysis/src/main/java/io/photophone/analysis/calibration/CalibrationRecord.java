package io.photophone.analysis.calibration;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An accepted calibration, and how it came about: what an auditor asks for.
///
/// @param instrument that was calibrated
/// @param gas that the calibration is for
/// @param calibration with the moment from which it is in force
/// @param who accepted it
/// @param bottle null where none was named
/// @param comment may be empty
/// @param fit its points and how well they fit; null for [CalibrationKind#RESTORED]
public record CalibrationRecord(
    String instrument,
    String gas,
    CalibrationKind kind,
    Calibration calibration,
    String who,
    @Nullable GasBottle bottle,
    String comment,
    @Nullable CalibrationFit fit) {

  public CalibrationRecord {
    if (instrument.isBlank()) {
      throw new IllegalArgumentException("instrument has no name");
    }
    if (gas.isBlank()) {
      throw new IllegalArgumentException("gas has no name");
    }
    if (who.isBlank()) {
      throw new IllegalArgumentException("who is missing, needed: who made the calibration");
    }
    if (calibration.validFrom() == null) {
      throw new IllegalArgumentException(
          "calibration %s has no valid_from, needed: from when on it is in force"
              .formatted(calibration.id()));
    }
    if ((kind == CalibrationKind.RESTORED) != (fit == null)) {
      throw new IllegalArgumentException(
          "kind is %s %s a fit, allowed: a fit unless it is restored"
              .formatted(kind.wireName(), fit == null ? "without" : "with"));
    }
  }

  /// From when on it is in force.
  public Instant validFrom() {
    Instant from = calibration.validFrom();
    if (from == null) {
      throw new IllegalStateException("checked by the constructor");
    }
    return from;
  }

  /// The record of a plan whose fit is accepted.
  ///
  /// @param adjusted what a zero keeps the end of validity of; null if there is none
  /// @param from when it comes in force
  public static CalibrationRecord of(
      String instrument,
      CalibrationPlan plan,
      CalibrationFit fit,
      @Nullable Calibration adjusted,
      String id,
      Instant from) {
    Instant until;
    if (plan.kind() == CalibrationKind.ZERO && adjusted != null) {
      until = adjusted.validUntil();
    } else {
      until = plan.validFor() == null ? null : from.plus(plan.validFor());
    }
    return new CalibrationRecord(
        instrument,
        plan.gas(),
        plan.kind(),
        new Calibration(
            id,
            fit.unit(),
            fit.response(),
            fit.phaseDeg(),
            fit.lowest(),
            fit.highest(),
            fit.conditions(),
            from,
            until),
        plan.who(),
        plan.bottle(),
        plan.comment(),
        fit);
  }
}
