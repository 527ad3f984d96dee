package io.photophone.app.cli;

import io.photophone.app.config.Flag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings that a command line gave, in its order.
final class Flags {
  private final List<Flag> given = new ArrayList<>();

  /// Adds a setting unless its flag was left out, which is null.
  Flags with(String flag, String path, @Nullable String text) {
    if (text != null) {
      given.add(new Flag(flag, path, text));
    }
    return this;
  }

  List<Flag> toList() {
    return List.copyOf(given);
  }
}
