package io.photophone.app.config;

/// Where a configuration comes from; it can be read again.
@FunctionalInterface
public interface ConfigSource {
  /// The configuration as it stands now.
  ///
  /// @throws ConfigException with all errors
  PhotophoneConfig read() throws ConfigException;
}
