package io.photophone.model;

import java.util.List;

/// The named fields of a reading, in the order in which they are shown.
public final class ReadingFields {
  public static final List<Field<Reading>> ALL =
      List.of(
          Field.text("instrument", "name of the instrument", Reading::instrument),
          Field.text("gas", "what is measured", Reading::gas),
          Field.text(
              "start_time",
              "wall-clock time of the window's first sample, ISO 8601 in UTC",
              r -> r.startTime() == null ? null : r.startTime().toString()),
          Field.number(
              "from_s", "start of the window, s since the stream's start", Reading::fromSeconds),
          Field.number("to_s", "end of the window, s since the stream's start", Reading::toSeconds),
          Field.whole("from_sample", "index of the window's first sample", Reading::fromSample),
          Field.whole(
              "to_sample", "index of the sample after the window's last", Reading::toSample),
          Field.number("modulation_hz", "frequency of the measurement, Hz", Reading::modulationHz),
          Field.number(
              "amplitude",
              "amplitude (peak) of the signal, full-scale units",
              r -> r.phasor().amplitude()),
          Field.number(
              "amplitude_uncertainty",
              "standard uncertainty of the amplitude, full-scale units",
              r -> r.phasor().standardUncertainty()),
          Field.number(
              "phase_deg",
              "phase against a cosine at the stream's first sample, degrees",
              r -> r.phasor().phaseDeg()),
          Field.number(
              "phase_uncertainty_deg",
              "standard uncertainty of the phase, degrees",
              r -> r.phasor().phaseUncertaintyDeg()),
          Field.number("x", "in-phase component, full-scale units", r -> r.phasor().inPhase()),
          Field.number("y", "quadrature component, full-scale units", r -> r.phasor().quadrature()),
          Field.number(
              "noise_density",
              "noise around the modulation frequency, full-scale units per √Hz",
              Reading::noiseDensity),
          Field.number(
              "signal_to_noise",
              "amplitude over its standard uncertainty",
              r -> r.phasor().signalToNoise()),
          Field.number(
              "concentration",
              "concentration in the unit of the calibration",
              r -> r.concentration() == null ? Double.NaN : r.concentration().value()),
          Field.number(
              "standard_uncertainty",
              "standard uncertainty of the concentration, same unit",
              r ->
                  r.concentration() == null ? Double.NaN : r.concentration().standardUncertainty()),
          Field.text(
              "unit",
              "unit of the concentration",
              r -> r.concentration() == null ? null : r.concentration().unit().wireName()),
          Field.text(
              "calibration_id",
              "calibration that gave the concentration",
              r -> r.concentration() == null ? null : r.concentration().calibrationId()),
          Field.number(
              "temperature_c", "temperature of the gas, °C", r -> r.environment().temperatureC()),
          Field.number(
              "pressure_hpa", "pressure of the gas, hPa", r -> r.environment().pressureHpa()),
          Field.number(
              "resonance_hz",
              "frequency of the cell's resonance where it is tracked, Hz",
              r -> r.resonance() == null ? Double.NaN : r.resonance().frequencyHz()),
          Field.number(
              "resonance_uncertainty_hz",
              "standard uncertainty of that frequency, Hz",
              r -> r.resonance() == null ? Double.NaN : r.resonance().frequencyUncertaintyHz()),
          Field.number(
              "quality",
              "quality factor of the resonance where it is tracked",
              r -> r.resonance() == null ? Double.NaN : r.resonance().quality()),
          new Field<>(
              "flags",
              "reasons to distrust the reading, or to know where it comes from",
              Field.Kind.TEXTS,
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
}
