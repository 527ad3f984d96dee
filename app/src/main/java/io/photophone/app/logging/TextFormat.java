package io.photophone.app.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// An entry on one line, for people: time, level, thread, logger, message; a stack trace below it.
///
/// What a message has of control characters is shown as a replacement character, so that nobody can
/// forge an entry.
final class TextFormat extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  @Override
  public String format(LogRecord entry) {
    return "%s %s [%s] %s: %s%n%s"
        .formatted(
            TIME.format(entry.getInstant()),
            Logs.name(entry.getLevel()).toUpperCase(Locale.ROOT),
            Thread.currentThread().getName(),
            shortName(entry.getLoggerName()),
            formatMessage(entry).replaceAll("\\p{Cntrl}", "\uFFFD"),
            trace(entry.getThrown()));
  }

  /// The class with its package's last part.
  private static String shortName(@Nullable String logger) {
    if (logger == null) {
      return "-";
    }
    int dot = logger.lastIndexOf('.', logger.lastIndexOf('.') - 1);
    return logger.substring(dot + 1);
  }

  static String trace(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
