package io.photophone.app.config;

import io.photophone.acquisition.environment.ModbusSettings;
import io.photophone.acquisition.environment.Polling;
import io.photophone.acquisition.environment.SensorUncertainty;
import io.photophone.model.Environment;
import java.nio.file.Path;

/// Where the gas's temperature and pressure come from.
public sealed interface EnvironmentConfig {

  /// Nothing tells them.
  record None() implements EnvironmentConfig {}

  /// They are known and don't change.
  ///
  /// @param temperatureC °C; NaN where it isn't known
  /// @param pressureHpa hPa; NaN where it isn't known
  record Constant(double temperatureC, double pressureHpa, SensorUncertainty uncertainty)
      implements EnvironmentConfig {
    public Constant {
      if (Double.isNaN(temperatureC) && Double.isNaN(pressureHpa)) {
        throw new IllegalArgumentException(
            "temperature_c is missing, and pressure_hpa too, allowed: one of them or both");
      }
      uncertainty.of(temperatureC, pressureHpa);
    }

    /// As a sensor would tell it.
    public Environment environment() {
      return uncertainty.of(temperatureC, pressureHpa);
    }
  }

  /// A text file that another program writes.
  record File(Path path, SensorUncertainty uncertainty, Polling polling)
      implements EnvironmentConfig {}

  /// A device that is asked over Modbus TCP.
  record Modbus(ModbusSettings settings, SensorUncertainty uncertainty, Polling polling)
      implements EnvironmentConfig {}
}
