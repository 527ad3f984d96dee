package io.photophone.analysis.calibration;

import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Range;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A straight line from the amplitude of one gas's signal to its concentration.
///
/// The component of the signal along `phaseDeg` is offset + sensitivity · concentration; noise
/// across that direction doesn't count, and zero gas reads zero on average.
///
/// Contract: M8.
///
/// @param id which calibration this is; every reading made with it carries the id
/// @param unit of the concentration
/// @param response the line
/// @param phaseDeg phase of the gas signal against a cosine at the stream's first sample
/// @param lowest smallest concentration that was calibrated
/// @param highest largest concentration that was calibrated
/// @param conditions for which the sensitivity is told
/// @param validFrom applies to windows that begin then or later; null for any
/// @param validUntil null for no end
public record Calibration(
    String id,
    ConcentrationUnit unit,
    Response response,
    double phaseDeg,
    double lowest,
    double highest,
    ReferenceConditions conditions,
    @Nullable Instant validFrom,
    @Nullable Instant validUntil) {
  public static final Range PHASE_DEG = Range.closed(-180, 180);
  public static final Range LOWEST = Range.closed(0, 1e12);
  public static final Range HIGHEST = Range.above(0, 1e12);

  public Calibration {
    if (id.isBlank()) {
      throw new IllegalArgumentException("calibration has no id");
    }
    PHASE_DEG.check("phase_deg", phaseDeg);
    HIGHEST.check("highest", highest);
    LOWEST.check("lowest", lowest);
    if (lowest >= highest) {
      throw new IllegalArgumentException(
          "lowest is %s, allowed: below the highest, %s".formatted(lowest, highest));
    }
    if (validFrom != null && validUntil != null && !validFrom.isBefore(validUntil)) {
      throw new IllegalArgumentException(
          "valid_until is %s, allowed: after %s, from which it is valid"
              .formatted(validUntil, validFrom));
    }
  }

  /// A line from zero gas on whose zero is exact, for any temperature and pressure.
  public Calibration(
      String id,
      ConcentrationUnit unit,
      double sensitivity,
      double offset,
      double phaseDeg,
      double relativeUncertainty,
      double highest,
      @Nullable Instant validUntil) {
    this(
        id,
        unit,
        new Response(sensitivity, offset, relativeUncertainty, 0, 0),
        phaseDeg,
        0,
        highest,
        ReferenceConditions.NONE,
        null,
        validUntil);
  }

  /// The same line, as another calibration from a moment on.
  Calibration again(String newId, Instant from) {
    return new Calibration(
        newId, unit, response, phaseDeg, lowest, highest, conditions, from, validUntil);
  }

  /// Whether it asks for a temperature or pressure that the environment doesn't have, so that there
  /// is no concentration.
  public boolean lacks(Environment environment) {
    return conditions.lacks(environment);
  }

  /// Whether the validity had ended at a time; unknown times are valid.
  public boolean isExpired(@Nullable Instant at) {
    return validUntil != null && at != null && validUntil.isBefore(at);
  }

  /// What the gas gives; null without a signal, or without a temperature or pressure that this
  /// calibration asks for.
  ///
  /// The uncertainty is that of noise, zero, sensitivity and sensors together, to first order: c =
  /// (p − o) / (s · f), with the variances of signal p, offset o, sensitivity s and conditions f,
  /// and the covariance of o and s.
  ///
  /// @param environment at the time of the signal
  public @Nullable Concentration concentration(Phasor phasor, Environment environment) {
    if (Double.isNaN(phasor.inPhase()) || lacks(environment)) {
      return null;
    }
    double perUnit = response.sensitivity() * conditions.factor(environment);
    double value = (phasor.projectedOn(phaseDeg) - response.offset()) / perUnit;
    double noise = phasor.standardUncertainty() / perUnit;
    double zero = response.offsetUncertainty() / perUnit;
    double scale = value * response.relativeUncertainty();
    double variance =
        noise * noise
            + zero * zero
            + 2 * response.correlation() * zero * scale
            + scale * scale
            + value * value * conditions.relativeVariance(environment);
    return new Concentration(value, Math.sqrt(variance), unit, id);
  }
}
