package io.photophone.server;

import io.photophone.acquisition.environment.EnvironmentState;
import io.photophone.model.Environment;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `/api/environment`: temperature and pressure of the gas, and how the sensor is doing.
final class EnvironmentResource implements MetricSource {
  private static final double PASCALS_PER_HPA = 100;

  private final String instrument;
  private final Supplier<EnvironmentState> state;

  EnvironmentResource(String instrument, Supplier<EnvironmentState> state) {
    this.instrument = instrument;
    this.state = state;
  }

  /// What holds now; null for what isn't known.
  ///
  /// @param time since when the sensor's newest answer holds, however old
  record Now(
      String sensor,
      @Nullable Double temperatureC,
      @Nullable Double temperatureUncertaintyC,
      @Nullable Double pressureHpa,
      @Nullable Double pressureUncertaintyHpa,
      @Nullable String time,
      @Nullable Double ageS,
      long reads,
      long errors,
      @Nullable String error) {}

  Now now() {
    EnvironmentState now = state.get();
    Environment environment = now.environment();
    Instant time = now.time();
    return new Now(
        now.sensor(),
        known(environment.temperatureC()),
        known(environment.temperatureUncertaintyC()),
        known(environment.pressureHpa()),
        known(environment.pressureUncertaintyHpa()),
        time == null ? null : time.toString(),
        known(now.ageS()),
        now.reads(),
        now.errors(),
        now.error());
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }

  @Override
  public void addTo(Metrics metrics) {
    EnvironmentState now = state.get();
    Environment environment = now.environment();
    addKnown(
        metrics,
        "photophone_environment_temperature_celsius",
        "Temperature of the gas, while it is known.",
        environment.temperatureC());
    addKnown(
        metrics,
        "photophone_environment_pressure_pascals",
        "Pressure of the gas, while it is known.",
        environment.pressureHpa() * PASCALS_PER_HPA);
    addKnown(
        metrics,
        "photophone_environment_age_seconds",
        "Age of the sensor's newest answer.",
        now.ageS());
    metrics.counter(
        "photophone_environment_reads",
        "Answers of the sensor of temperature and pressure.",
        now.reads(),
        "instrument",
        instrument);
    metrics.counter(
        "photophone_environment_errors",
        "Times that the sensor of temperature and pressure failed.",
        now.errors(),
        "instrument",
        instrument);
  }

  private void addKnown(Metrics metrics, String name, String help, double value) {
    if (!Double.isNaN(value)) {
      metrics.gauge(name, help, value, "instrument", instrument);
    }
  }
}
