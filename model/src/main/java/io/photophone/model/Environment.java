package io.photophone.model;

/// Temperature and pressure of the gas in the cell, as sensors tell them.
///
/// @param temperatureC °C; NaN where nothing tells it
/// @param temperatureUncertaintyC its standard uncertainty, K; any where the temperature is NaN
/// @param pressureHpa hPa; NaN where nothing tells it
/// @param pressureUncertaintyHpa its standard uncertainty, hPa; any where the pressure is NaN
public record Environment(
    double temperatureC,
    double temperatureUncertaintyC,
    double pressureHpa,
    double pressureUncertaintyHpa) {
  public static final double ZERO_CELSIUS_KELVIN = 273.15;

  /// What a gas cell and its sensors survive.
  public static final Range TEMPERATURE_C = Range.closed(-100, 500);

  public static final Range PRESSURE_HPA = Range.closed(1, 10_000);

  /// Nobody tells anything.
  public static final Environment UNKNOWN =
      new Environment(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  public Environment {
    if (!Double.isNaN(temperatureC)) {
      TEMPERATURE_C.check("temperature_c", temperatureC);
      checkUncertainty("temperature_uncertainty_c", temperatureUncertaintyC);
    }
    if (!Double.isNaN(pressureHpa)) {
      PRESSURE_HPA.check("pressure_hpa", pressureHpa);
      checkUncertainty("pressure_uncertainty_hpa", pressureUncertaintyHpa);
    }
  }

  private static void checkUncertainty(String name, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: 0 or above, and finite".formatted(name, value));
    }
  }

  public double temperatureKelvin() {
    return temperatureC + ZERO_CELSIUS_KELVIN;
  }
}
