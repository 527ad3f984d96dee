package io.photophone.acquisition.environment;

import io.photophone.model.Environment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The same temperature and pressure at all times.
public record ConstantEnvironment(Environment environment) implements EnvironmentFeed {
  /// Nothing is known at any time.
  public static final ConstantEnvironment UNKNOWN = new ConstantEnvironment(Environment.UNKNOWN);

  @Override
  public Environment at(@Nullable Instant time) {
    return environment;
  }

  @Override
  public EnvironmentState state() {
    String sensor = environment.equals(Environment.UNKNOWN) ? "none" : "constant";
    return new EnvironmentState(sensor, environment, null, Double.NaN, 0, 0, null);
  }

  @Override
  public void close() {}
}
