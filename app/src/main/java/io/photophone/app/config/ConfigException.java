package io.photophone.app.config;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration was refused; the message has one line for each error.
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<ConfigError> errors;

  ConfigException(List<ConfigError> errors) {
    this.errors = List.copyOf(errors);
  }

  /// At least one: those of the file by line, then those of variables and flags.
  public List<ConfigError> errors() {
    return errors;
  }

  @Override
  public String getMessage() {
    return errors.stream().map(ConfigError::toString).collect(Collectors.joining("\n"));
  }
}
