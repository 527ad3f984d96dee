package io.photophone.app.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the settings of one block were found to be, by name.
final class Values {
  private final Map<String, @Nullable Object> values = new HashMap<>();

  <T> void put(Setting<?, T> setting, @Nullable T value) {
    values.put(setting.name(), value);
  }

  /// The value of a setting that always has one.
  <T> T get(Setting<?, T> setting) {
    return Objects.requireNonNull(find(setting));
  }

  /// The value of an optional setting.
  @SuppressWarnings("unchecked") // put() is the only writer, and there T is the setting's own
  <T> @Nullable T find(Setting<?, T> setting) {
    return (T) values.get(setting.name());
  }
}
