package io.photophone.model;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The named fields of a reading, in the order in which they are shown.
public final class ReadingFields {
  public static final List<Field<Reading>> ALL =
      List.of(
          text("instrument", "name of the instrument", Reading::instrument),
          text("gas", "what is measured", Reading::gas),
          text(
              "start_time",
              "wall-clock time of the window's first sample, ISO 8601 in UTC",
              r -> r.startTime() == null ? null : r.startTime().toString()),
          number("from_s", "start of the window, s since the stream's start", Reading::fromSeconds),
          number("to_s", "end of the window, s since the stream's start", Reading::toSeconds),
          whole("from_sample", "index of the window's first sample", Reading::fromSample),
          whole("to_sample", "index of the sample after the window's last", Reading::toSample),
          number("modulation_hz", "frequency of the measurement, Hz", Reading::modulationHz),
          number(
              "amplitude",
              "amplitude (peak) of the signal, full-scale units",
              r -> r.phasor().amplitude()),
          number(
              "amplitude_uncertainty",
              "standard uncertainty of the amplitude, full-scale units",
              r -> r.phasor().standardUncertainty()),
          number(
              "phase_deg",
              "phase against a cosine at the stream's first sample, degrees",
              r -> r.phasor().phaseDeg()),
          number(
              "phase_uncertainty_deg",
              "standard uncertainty of the phase, degrees",
              r -> r.phasor().phaseUncertaintyDeg()),
          number("x", "in-phase component, full-scale units", r -> r.phasor().inPhase()),
          number("y", "quadrature component, full-scale units", r -> r.phasor().quadrature()),
          number(
              "noise_density",
              "noise around the modulation frequency, full-scale units per √Hz",
              Reading::noiseDensity),
          number(
              "signal_to_noise",
              "amplitude over its standard uncertainty",
              r -> r.phasor().signalToNoise()),
          number(
              "concentration",
              "concentration in the unit of the calibration",
              r -> r.concentration() == null ? Double.NaN : r.concentration().value()),
          number(
              "standard_uncertainty",
              "standard uncertainty of the concentration, same unit",
              r ->
                  r.concentration() == null ? Double.NaN : r.concentration().standardUncertainty()),
          text(
              "unit",
              "unit of the concentration",
              r -> r.concentration() == null ? null : r.concentration().unit().wireName()),
          text(
              "calibration_id",
              "calibration that gave the concentration",
              r -> r.concentration() == null ? null : r.concentration().calibrationId()),
          number(
              "temperature_c", "temperature of the gas, °C", r -> r.environment().temperatureC()),
          number("pressure_hpa", "pressure of the gas, hPa", r -> r.environment().pressureHpa()),
          number(
              "resonance_hz",
              "frequency of the cell's resonance where it is tracked, Hz",
              r -> r.resonance() == null ? Double.NaN : r.resonance().frequencyHz()),
          number(
              "resonance_uncertainty_hz",
              "standard uncertainty of that frequency, Hz",
              r -> r.resonance() == null ? Double.NaN : r.resonance().frequencyUncertaintyHz()),
          number(
              "quality",
              "quality factor of the resonance where it is tracked",
              r -> r.resonance() == null ? Double.NaN : r.resonance().quality()),
          new Field<>(
              "flags",
              "reasons to distrust the reading, or to know where it comes from",
              r -> r.flags().stream().map(ReadingFlag::wireName).toList()));

  private ReadingFields() {}

  /// The fields with these names, in this order.
  public static List<Field<Reading>> named(List<String> names) {
    return names.stream()
        .map(name ->
            ALL.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no field of a reading: " + name)))
        .toList();
  }

  private static Field<Reading> text(
      String name, String description, Function<Reading, @Nullable String> value) {
    return new Field<>(name, description, value::apply);
  }

  private static Field<Reading> whole(
      String name, String description, Function<Reading, Long> value) {
    return new Field<>(name, description, value::apply);
  }

  /// A value that is not finite is a value that the reading doesn't have.
  private static Field<Reading> number(
      String name, String description, ToDoubleFunction<Reading> value) {
    return new Field<>(
        name,
        description,
        reading -> {
          double number = value.applyAsDouble(reading);
          return Double.isFinite(number) ? number : null;
        });
  }
}
