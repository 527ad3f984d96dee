package io.photophone.app.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a length of time: `500ms`, `10s`, `1.5m`, `2h`.
final class LengthOfTime implements ITypeConverter<Duration> {
  private static final Pattern TEXT =
      Pattern.compile("(?<number>\\d{1,9}(\\.\\d{1,9})?)(?<unit>ms|s|m|h)");

  @Override
  public Duration convert(String text) {
    Matcher found = TEXT.matcher(text.strip());
    if (!found.matches()) {
      throw refused(text);
    }
    double unitSeconds =
        switch (found.group("unit")) {
          case "ms" -> 0.001;
          case "s" -> 1;
          case "m" -> 60;
          default -> 3600;
        };
    Duration length =
        Duration.ofMillis(
            Math.round(Double.parseDouble(found.group("number")) * unitSeconds * 1000));
    if (length.isZero() || length.compareTo(Duration.ofDays(365)) > 0) {
      throw refused(text);
    }
    return length;
  }

  private static TypeConversionException refused(String text) {
    return new TypeConversionException(
        "'%s' is no length of time, allowed: 1ms to 8760h, as in 500ms, 10s, 1.5m, 2h"
            .formatted(text));
  }
}
