package io.photophone.app.config;

import io.photophone.model.Range;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is logged, how and where.
///
/// @param level of what is logged where no logger of `levels` says otherwise
/// @param levels each for a logger and those below it
/// @param file null for standard error
public record LoggingConfig(
    Format format, Level level, List<LoggerLevel> levels, @Nullable LogFile file) {

  public static final LoggingConfig DEFAULT =
      new LoggingConfig(Format.TEXT, Level.INFO, List.of(), null);

  public LoggingConfig {
    levels = List.copyOf(levels);
    Set<String> names = new HashSet<>();
    for (LoggerLevel each : levels) {
      if (!names.add(each.logger())) {
        throw new IllegalArgumentException(
            "levels is a list with two for %s, allowed: one".formatted(each.logger()));
      }
    }
  }

  /// How an entry is written.
  public enum Format {
    /// One line, for people.
    TEXT,
    /// One JSON object a line, for programs.
    JSON;

    /// The name in the file.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What an entry weighs.
  public enum Level {
    ERROR,
    WARNING,
    INFO,
    DEBUG,
    TRACE;

    /// The name in the file.
    public String configName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How much one logger, with those below it, tells.
  ///
  /// @param logger name of a logger, as in `io.photophone.acquisition`
  public record LoggerLevel(String logger, Level level) {}

  /// A file that is begun anew when it is full.
  ///
  /// @param maxMegabytes of one file
  /// @param keep how many files, the present one included
  public record LogFile(Path path, int maxMegabytes, int keep) {
    public static final Range MAX_MB = Range.closed(1, 1000);
    public static final Range KEEP = Range.closed(1, 100);

    static final LogFile EXAMPLE = new LogFile(Path.of("photophone.log"), 10, 5);

    public LogFile {
      MAX_MB.check("max_mb", maxMegabytes);
      KEEP.check("keep", keep);
    }
  }
}
