package io.photophone.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AskedTimeTest {
  private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-03-01T10:00:00+01:00");

  @ParameterizedTest
  @CsvSource({
    "03:12,                     2026-03-01T02:12:00Z",
    "03:12:05.25,               2026-03-01T02:12:05.250Z",
    "10:00,                     2026-03-01T09:00:00Z",
    "10:01,                     2026-02-28T09:01:00Z",
    "2026-02-27T03:12:05,       2026-02-27T02:12:05Z",
    "2026-02-27T03:12:05Z,      2026-02-27T03:12:05Z"
  })
  void a_time_is_the_last_one_that_it_can_be(String text, Instant meant) {
    assertEquals(meant, AskedTime.parse(text, NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3:12", "25:00", "yesterday", "2026-02-30T00:00:00", "Z"})
  void anything_else_is_refused_with_what_is_allowed(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> AskedTime.parse(text, NOW));
    assertEquals(
        "TIME is %s, allowed: 03:12, 03:12:05.25, 2026-03-01T03:12:05 or 2026-03-01T03:12:05Z"
            .formatted(text),
        refused.getMessage());
  }
}
