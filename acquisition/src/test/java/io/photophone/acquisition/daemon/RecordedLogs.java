package io.photophone.acquisition.daemon;

import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;

/// Where the tests' log messages go: to a list that a test can read, instead of to the console.
public final class RecordedLogs extends System.LoggerFinder {
  private static final List<Entry> ENTRIES = new CopyOnWriteArrayList<>();

  record Entry(String logger, System.Logger.Level level, String message) {}

  /// Called by the service loader.
  public RecordedLogs() {}

  public static void clear() {
    ENTRIES.clear();
  }

  /// What a class has logged since the last clear.
  public static List<String> of(Class<?> logger, System.Logger.Level level) {
    return ENTRIES.stream()
        .filter(entry -> entry.logger().equals(logger.getName()) && entry.level() == level)
        .map(Entry::message)
        .toList();
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Recorder(name);
  }

  private record Recorder(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.compareTo(Level.DEBUG) >= 0;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      if (isLoggable(level)) {
        ENTRIES.add(new Entry(name, level, message));
      }
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... values) {
      log(
          level,
          bundle,
          values == null || values.length == 0
              ? format
              : new MessageFormat(format, Locale.ROOT).format(values),
          (Throwable) null);
    }
  }
}
