package io.photophone.app.config;

/// One thing wrong with a configuration.
///
/// @param origin where the value came from
/// @param path of the setting, as in `streaming.target_fps`; empty for the file as a whole
/// @param complaint the value found and what is allowed
public record ConfigError(Origin origin, String path, String complaint) {

  /// As in `photophone.yaml:7:15: streaming.target_fps is 2000, allowed: (0, 1000]`.
  @Override
  public String toString() {
    return "%s: %s".formatted(origin, path.isEmpty() ? complaint : path + " " + complaint);
  }

  /// Where a value came from.
  public sealed interface Origin {
    /// A place in a file.
    ///
    /// @param line from 1; 0 for the file as a whole
    /// @param column from 1
    record InFile(String file, int line, int column) implements Origin {
      @Override
      public String toString() {
        return line == 0 ? file : "%s:%d:%d".formatted(file, line, column);
      }
    }

    /// An environment variable.
    record Variable(String name) implements Origin {
      @Override
      public String toString() {
        return "environment variable " + name;
      }
    }

    /// A flag of the command line.
    record CommandLine(String flag) implements Origin {
      @Override
      public String toString() {
        return flag;
      }
    }

    /// No file, so a default.
    record Default() implements Origin {
      @Override
      public String toString() {
        return "default";
      }
    }
  }
}
