package io.photophone.app.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;

/// A time as people write it.
final class AskedTime {
  private static final String ALLOWED =
      "03:12, 03:12:05.25, 2026-03-01T03:12:05 or 2026-03-01T03:12:05Z";

  private AskedTime() {}

  /// A time of day is that of today, or of yesterday if today's is yet to come.
  ///
  /// @param now with the zone in which a time without one is meant
  /// @throws IllegalArgumentException if it is none
  static Instant parse(String text, ZonedDateTime now) {
    try {
      if (text.endsWith("Z")) {
        return Instant.parse(text);
      }
      if (text.contains("T")) {
        return LocalDateTime.parse(text).atZone(now.getZone()).toInstant();
      }
      LocalTime time = LocalTime.parse(text);
      LocalDate today = now.toLocalDate();
      Instant of = today.atTime(time).atZone(now.getZone()).toInstant();
      return of.isAfter(now.toInstant())
          ? today.minusDays(1).atTime(time).atZone(now.getZone()).toInstant()
          : of;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("TIME is %s, allowed: %s".formatted(text, ALLOWED), e);
    }
  }
}
