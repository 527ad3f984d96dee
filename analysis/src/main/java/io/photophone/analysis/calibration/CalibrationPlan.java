package io.photophone.analysis.calibration;

import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Range;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What somebody is about to calibrate, and how.
///
/// @param kind one that is measured
/// @param who does it
/// @param bottle null if no certified gas is used, as for a zero
/// @param unit of the concentrations
/// @param validFor how long the sensitivity is trusted; null for no end. A zero doesn't prolong it
/// @param comment may be empty
public record CalibrationPlan(
    CalibrationKind kind,
    String gas,
    String who,
    @Nullable GasBottle bottle,
    ConcentrationUnit unit,
    @Nullable Duration validFor,
    String comment,
    Procedure procedure) {
  public static final Range VALID_FOR_DAYS = Range.above(0, 36_500);

  public CalibrationPlan {
    if (!CalibrationKind.MEASURED.contains(kind)) {
      throw new IllegalArgumentException(
          "kind is %s, allowed: %s"
              .formatted(
                  kind.wireName(),
                  String.join(
                      ", ",
                      CalibrationKind.MEASURED.stream().map(CalibrationKind::wireName).toList())));
    }
    if (gas.isBlank()) {
      throw new IllegalArgumentException("gas is missing, needed: which gas is calibrated");
    }
    if (who.isBlank()) {
      throw new IllegalArgumentException("who is missing, needed: who makes the calibration");
    }
    if (validFor != null) {
      VALID_FOR_DAYS.check("valid_for_days", validFor.toSeconds() / 86_400.0);
    }
  }

  /// How a point is measured.
  ///
  /// @param settledOver readings in a row without a trend that show that the gas has settled
  /// @param readings whose mean is the point
  /// @param patience readings after which a point that doesn't come about is given up
  public record Procedure(int settledOver, int readings, int patience) {
    public static final Range SETTLED_OVER = Range.closed(3, 1000);
    public static final Range READINGS = Range.closed(3, 10_000);
    public static final Range PATIENCE = Range.closed(6, 1_000_000);

    public static final Procedure DEFAULT = new Procedure(5, 10, 600);

    public Procedure {
      SETTLED_OVER.check("settled_over", settledOver);
      READINGS.check("readings", readings);
      PATIENCE.check("patience", patience);
      if (patience < settledOver + readings) {
        throw new IllegalArgumentException(
            "patience is %d, allowed: at least settled_over and readings together, %d"
                .formatted(patience, settledOver + readings));
      }
    }
  }
}
