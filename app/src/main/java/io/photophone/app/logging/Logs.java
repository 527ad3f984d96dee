package io.photophone.app.logging;

import io.photophone.app.config.LoggingConfig;
import io.photophone.app.config.LoggingConfig.LogFile;
import io.photophone.app.config.LoggingConfig.LoggerLevel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Where the whole process logs; configured at the start and again while it runs.
///
/// For any thread.
public final class Logs {
  /// A library that tells more than anybody wants to know.
  private static final LoggerLevel QUIET =
      new LoggerLevel("org.eclipse.jetty", LoggingConfig.Level.WARNING);

  /// Kept, since the logging system forgets a logger that nobody holds, with its level.
  private final List<Logger> changed = new ArrayList<>();

  private @Nullable Handler target;
  private @Nullable LogFile file;

  /// Puts a configuration in force.
  ///
  /// @throws IOException if the file can't be written; what was in force stays
  public synchronized void configure(LoggingConfig config) throws IOException {
    Handler next = target(config);
    next.setFormatter(formatter(config.format()));
    next.setLevel(Level.ALL);
    if (!next.equals(target)) {
      Logger root = Logger.getLogger("");
      for (Handler handler : root.getHandlers()) {
        root.removeHandler(handler);
        handler.close();
      }
      root.addHandler(new RepeatLimit(next));
      target = next;
    }
    setLevels(config);
  }

  private static Formatter formatter(LoggingConfig.Format format) {
    return switch (format) {
      case TEXT -> new TextFormat();
      case JSON -> new JsonFormat();
    };
  }

  /// The present one where it is the same, since a file can't be opened twice.
  private Handler target(LoggingConfig config) throws IOException {
    Handler present = target;
    LogFile wanted = config.file();
    if (present != null && Objects.equals(wanted, file)) {
      return present;
    }
    Handler next = wanted == null ? new ConsoleHandler() : open(wanted);
    file = wanted;
    return next;
  }

  private static Handler open(LogFile wanted) throws IOException {
    return new FileHandler(
        wanted.path().toString().replace("%", "%%"),
        wanted.maxMegabytes() * 1_000_000,
        wanted.keep(),
        true);
  }

  private void setLevels(LoggingConfig config) {
    changed.forEach(logger -> logger.setLevel(null));
    changed.clear();
    Logger.getLogger("").setLevel(level(config.level()));
    set(QUIET);
    config.levels().forEach(this::set);
  }

  private void set(LoggerLevel wanted) {
    Logger logger = Logger.getLogger(wanted.logger());
    logger.setLevel(level(wanted.level()));
    changed.add(logger);
  }

  private static Level level(LoggingConfig.Level level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARNING -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
      case TRACE -> Level.FINER;
    };
  }

  /// The name of a level, of those of the logging system as of ours.
  static String name(Level level) {
    int weight = level.intValue();
    if (weight >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (weight >= Level.WARNING.intValue()) {
      return "warning";
    }
    if (weight >= Level.CONFIG.intValue()) {
      return "info";
    }
    return weight >= Level.FINE.intValue() ? "debug" : "trace";
  }
}
