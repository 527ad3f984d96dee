package io.photophone.acquisition.environment;

import java.io.IOException;
import java.time.Instant;

/// Something that measures the temperature or pressure of the gas, or both. One thread at a time.
///
/// Users implement it for their own hardware.
public interface EnvironmentSensor extends AutoCloseable {

  /// What people call it: a device's address, a file's path.
  String name();

  /// Asks the sensor; may block for some seconds. An interrupt ends it.
  ///
  /// @param now for what the sensor tells without a time of its own
  /// @throws IOException with a message for people: where, the value, and what is allowed. The
  ///   sensor is asked again
  TimedEnvironment read(Instant now) throws IOException;

  /// Idempotent.
  @Override
  void close();
}
