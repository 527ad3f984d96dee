package io.photophone.model;

import java.util.Locale;

/// A reason to distrust a reading, or to know where it comes from.
public enum ReadingFlag {
  /// The signal changed within the window, or a filter had not yet settled.
  SETTLING,
  /// Samples of the window were lost or were no numbers.
  GAP,
  /// A microphone reached its full scale.
  CLIPPED,
  /// The amplitude does not stand out of its noise.
  LOW_SIGNAL,
  /// The phase is not the calibrated one: the resonance has moved, or the signal is not the gas.
  OFF_RESONANCE,
  /// The concentration lies outside the range that was calibrated.
  OUT_OF_RANGE,
  /// The calibration's validity had ended when the window began.
  CALIBRATION_EXPIRED,
  /// There is no calibration, so there is no concentration.
  UNCALIBRATED,
  /// The calibration asks for a temperature or pressure that no sensor told, so there is no
  /// concentration.
  NO_ENVIRONMENT,
  /// The samples were computed, not measured.
  SIMULATED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /// The name in files and answers, as in `low_signal`.
  public String wireName() {
    return wireName;
  }
}
