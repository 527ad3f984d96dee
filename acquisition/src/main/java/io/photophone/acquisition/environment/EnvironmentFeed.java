package io.photophone.acquisition.environment;

import io.photophone.model.Environment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Answers which temperature and pressure held at a time. From any thread, at once.
public sealed interface EnvironmentFeed extends AutoCloseable
    permits ConstantEnvironment, PolledEnvironment {

  /// What held at a time; [Environment#UNKNOWN] where nothing tells it.
  ///
  /// @param time null for samples whose time isn't known
  Environment at(@Nullable Instant time);

  EnvironmentState state();

  /// Ends what asks the sensor, and closes that. Idempotent.
  @Override
  void close();
}
