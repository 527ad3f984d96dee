package io.photophone.analysis.calibration;

import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Range;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A straight line from amplitude to concentration.
///
/// The component of the signal along `phaseDeg` is `offset + sensitivity · concentration`; noise
/// across that direction doesn't count, and zero gas reads zero on average.
///
/// @param id which calibration this is; every reading made with it carries the id
/// @param unit of the concentration
/// @param sensitivity full-scale units (peak) for one unit of concentration
/// @param offset component at zero gas, full-scale units (peak)
/// @param phaseDeg phase of the gas signal against a cosine at the stream's first sample
/// @param relativeUncertainty standard uncertainty of the sensitivity over the sensitivity
/// @param highest largest concentration that was calibrated
/// @param validUntil null for no end
public record Calibration(
    String id,
    ConcentrationUnit unit,
    double sensitivity,
    double offset,
    double phaseDeg,
    double relativeUncertainty,
    double highest,
    @Nullable Instant validUntil) {
  public static final Range SENSITIVITY = Range.above(0, 1e6);
  public static final Range OFFSET = Range.closed(-2, 2);
  public static final Range PHASE_DEG = Range.closed(-180, 180);
  public static final Range RELATIVE_UNCERTAINTY = Range.closed(0, 1);
  public static final Range HIGHEST = Range.above(0, 1e12);

  public Calibration {
    if (id.isBlank()) {
      throw new IllegalArgumentException("calibration has no id");
    }
    SENSITIVITY.check("sensitivity", sensitivity);
    OFFSET.check("offset", offset);
    PHASE_DEG.check("phase_deg", phaseDeg);
    RELATIVE_UNCERTAINTY.check("relative_uncertainty", relativeUncertainty);
    HIGHEST.check("highest", highest);
  }

  /// What the gas gives, of which noise and the calibration make the uncertainty; null without a
  /// signal, or without a temperature or pressure that this calibration asks for.
  ///
  /// @param environment at the time of the signal
  public @Nullable Concentration concentration(Phasor phasor, Environment environment) {
    if (Double.isNaN(phasor.inPhase())) {
      return null;
    }
    double value = (phasor.projectedOn(phaseDeg) - offset) / sensitivity;
    double fromNoise = phasor.standardUncertainty() / sensitivity;
    double fromCalibration = value * relativeUncertainty;
    return new Concentration(
        value, Math.sqrt(fromNoise * fromNoise + fromCalibration * fromCalibration), unit, id);
  }
}
