package io.photophone.analysis.graph;

import io.photophone.analysis.calibration.Calibration;
import io.photophone.model.Environment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a graph has to know of its instrument.
///
/// @param instrument its name, which every reading carries
/// @param simulated whether the samples are computed, which flags every reading
/// @param phaseOrigin sample at which the modulation's phase is zero: the first of the source,
///   which is not sample 0 where it was started anew
/// @param calibrations asked at the end of every window
/// @param environments asked at the end of every window
public record GraphContext(
    String instrument,
    int sampleRateHz,
    boolean simulated,
    long phaseOrigin,
    CalibrationLookup calibrations,
    EnvironmentLookup environments) {

  /// An instrument that only its configuration calibrates, and that no sensor watches.
  public static GraphContext of(String instrument, int sampleRateHz, boolean simulated) {
    return new GraphContext(
        instrument, sampleRateHz, simulated, 0, (gas, at) -> null, at -> Environment.UNKNOWN);
  }

  /// Which accepted calibration is in force. The same question with a time has one answer for ever,
  /// or a replay would give other readings.
  public interface CalibrationLookup {
    /// The one that holds for a window that began then; null where the node's own does.
    ///
    /// @param at null where a recording doesn't tell its time
    @Nullable Calibration inForce(String gas, @Nullable Instant at);
  }

  /// How warm and how dense the gas was.
  public interface EnvironmentLookup {
    /// What the sensors told then.
    ///
    /// @param time null where a recording doesn't tell its time
    Environment at(@Nullable Instant time);
  }
}
