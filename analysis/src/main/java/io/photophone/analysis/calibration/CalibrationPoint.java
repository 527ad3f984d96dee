package io.photophone.analysis.calibration;

import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Range;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A known concentration and the signal that it gave.
///
/// @param concentration certified
/// @param concentrationUncertainty its standard uncertainty without the part that all points share,
///   as of a gas mixer
/// @param unit of both
/// @param signal mean of the readings
/// @param readings how many they were
/// @param environment mean of the readings
public record CalibrationPoint(
    double concentration,
    double concentrationUncertainty,
    ConcentrationUnit unit,
    Phasor signal,
    int readings,
    Environment environment) {
  public static final Range CONCENTRATION = Range.closed(0, 1e12);

  public CalibrationPoint {
    CONCENTRATION.check("concentration", concentration);
    CONCENTRATION.check("concentration_uncertainty", concentrationUncertainty);
    if (!Double.isFinite(signal.inPhase()) || !Double.isFinite(signal.quadrature())) {
      throw new IllegalArgumentException(
          "signal of %s %s is (%s, %s), allowed: finite numbers"
              .formatted(concentration, unit.wireName(), signal.inPhase(), signal.quadrature()));
    }
    if (!(signal.standardUncertainty() > 0
        && signal.standardUncertainty() < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "signal of %s %s has the standard uncertainty %s, allowed: above 0"
              .formatted(concentration, unit.wireName(), signal.standardUncertainty()));
    }
    if (readings < 1) {
      throw new IllegalArgumentException("readings is %d, allowed: 1 or more".formatted(readings));
    }
  }

  /// The mean of readings at one concentration.
  ///
  /// Its uncertainty is the larger of what the readings report and what they scatter, so that a
  /// wobble slower than a reading counts. Readings behind a low-pass that is slower than they come
  /// repeat each other; it is divided by the number of independent ones.
  ///
  /// @param readings one or more, each with a signal
  public static CalibrationPoint of(
      double concentration,
      double concentrationUncertainty,
      ConcentrationUnit unit,
      List<Reading> readings) {
    if (readings.isEmpty()) {
      throw new IllegalArgumentException(
          "no reading at %s %s, needed: one or more".formatted(concentration, unit.wireName()));
    }
    int count = readings.size();
    double x = mean(readings, r -> r.phasor().inPhase());
    double y = mean(readings, r -> r.phasor().quadrature());
    double reported =
        mean(readings, r -> r.phasor().standardUncertainty() * r.phasor().standardUncertainty());
    // Of X and Y together, with two degrees of freedom for each reading but one.
    double scattered =
        count < 2
            ? 0
            : (mean(readings, r -> squared(r.phasor().inPhase() - x))
                    + mean(readings, r -> squared(r.phasor().quadrature() - y)))
                * count
                / (2 * (count - 1));
    Environment environment =
        new Environment(
            mean(readings, r -> r.environment().temperatureC()),
            mean(readings, r -> r.environment().temperatureUncertaintyC()),
            mean(readings, r -> r.environment().pressureHpa()),
            mean(readings, r -> r.environment().pressureUncertaintyHpa()));
    return new CalibrationPoint(
        concentration,
        concentrationUncertainty,
        unit,
        new Phasor(x, y, Math.sqrt(Math.max(reported, scattered) / independent(readings))),
        count,
        environment);
  }

  /// Whether a point may rest on the reading: it has a signal and no flag that says that it isn't
  /// whole.
  public static boolean counts(Reading reading) {
    return Double.isFinite(reading.phasor().inPhase())
        && !reading.has(ReadingFlag.SETTLING)
        && !reading.has(ReadingFlag.GAP)
        && !reading.has(ReadingFlag.CLIPPED);
  }

  /// How many readings tell something of their own: two for each hertz of noise bandwidth and
  /// second, as Nyquist's theorem has it. All of them where each is the mean over its window, and
  /// where they don't tell their noise.
  private static double independent(List<Reading> readings) {
    int count = readings.size();
    double bandwidthHz =
        mean(readings, r -> squared(r.phasor().standardUncertainty() / r.noiseDensity()));
    double spanSeconds = readings.getLast().toSeconds() - readings.getFirst().fromSeconds();
    double independent = 2 * bandwidthHz * spanSeconds;
    return Double.isFinite(independent) ? Math.clamp(independent, 1, count) : count;
  }

  private static double squared(double value) {
    return value * value;
  }

  private static double mean(List<Reading> readings, ToDoubleFunction<Reading> value) {
    double sum = 0;
    for (Reading reading : readings) {
      sum += value.applyAsDouble(reading);
    }
    return sum / readings.size();
  }

  /// The same point in another unit.
  ///
  /// @throws IllegalArgumentException if that takes the gas's molar mass
  CalibrationPoint in(ConcentrationUnit other) {
    double factor = unit.in(other, null);
    return new CalibrationPoint(
        concentration * factor,
        concentrationUncertainty * factor,
        other,
        signal,
        readings,
        environment);
  }

  /// For messages: `point 2 (10.0 ppm)`.
  String named(int number) {
    return "point %d (%s %s)".formatted(number, concentration, unit.wireName());
  }
}
