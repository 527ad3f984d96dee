package io.photophone.acquisition.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("B24")
final class RecoveryConfigTest {
  @Test
  void the_defaults_are_three_attempts_from_a_tenth_of_a_second_to_thirty_doubling() {
    RecoveryConfig preset = RecoveryConfig.DEFAULT;
    assertEquals(3, preset.attempts());
    assertEquals(Duration.ofMillis(100), preset.base());
    assertEquals(Duration.ofSeconds(30), preset.cap());
    assertEquals(2, preset.factor());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 30, 2, 0.2, 'attempts is 0, allowed: [1, 100]'",
    "3, 0, 30, 2, 0.2, 'base_s is 0, allowed: [0.01, 60]'",
    "3, 1, 0.5, 2, 0.2, 'cap_s is 0.5, allowed: base_s (1.0) or more'",
    "3, 1, 30, NaN, 0.2, 'factor is NaN, allowed: [1, 10]'",
    "3, 1, 30, 2, 1.5, 'jitter is 1.5, allowed: [0, 1]'"
  })
  void a_value_out_of_range_is_refused_with_its_name(
      int attempts, double base, double cap, double factor, double jitter, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new RecoveryConfig(
                        attempts,
                        Duration.ofMillis((long) (base * 1000)),
                        Duration.ofMillis((long) (cap * 1000)),
                        factor,
                        jitter,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10)))
            .getMessage());
  }
}
