package io.photophone.acquisition.environment;

import io.photophone.model.Environment;
import io.photophone.model.Range;
import java.io.IOException;

/// How well a sensor knows what it tells.
///
/// @param temperatureC standard uncertainty of the temperature, K
/// @param pressureHpa standard uncertainty of the pressure, hPa
public record SensorUncertainty(double temperatureC, double pressureHpa) {
  public static final Range TEMPERATURE_C = Range.closed(0, 100);
  public static final Range PRESSURE_HPA = Range.closed(0, 1000);

  /// A plain industrial sensor.
  public static final SensorUncertainty DEFAULT = new SensorUncertainty(0.5, 1);

  public SensorUncertainty {
    TEMPERATURE_C.check("temperature_uncertainty_c", temperatureC);
    PRESSURE_HPA.check("pressure_uncertainty_hpa", pressureHpa);
  }

  /// Values with these uncertainties.
  ///
  /// @param temperature °C; NaN where nothing tells it
  /// @param pressure hPa; NaN where nothing tells it
  public Environment of(double temperature, double pressure) {
    return new Environment(
        temperature,
        Double.isNaN(temperature) ? Double.NaN : temperatureC,
        pressure,
        Double.isNaN(pressure) ? Double.NaN : pressureHpa);
  }

  /// A value that a sensor told.
  ///
  /// @param place where, for people
  static double checked(String place, String name, double value, Range range) throws IOException {
    if (!range.allows(value)) {
      throw new IOException("%s: %s is %s, allowed: %s".formatted(place, name, value, range));
    }
    return value;
  }
}
