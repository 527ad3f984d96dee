package io.photophone.acquisition.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("A36")
@Tag("B22")
final class StreamingConfigTest {

  @Test
  void the_defaults_are_those_of_the_contract() {
    assertEquals(
        new StreamingConfig(30, 100, Duration.ofSeconds(5), true, 4096), StreamingConfig.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource({
    "1e-9, 1, PT1S, 256",
    "1000, 10000, PT300S, 65536",
    "30, 100, PT5S, 4096",
  })
  void the_ends_of_every_range_are_allowed(
      double fps, int buffer, Duration timeout, int spectralWindow) {
    assertEquals(fps, new StreamingConfig(fps, buffer, timeout, false, spectralWindow).targetFps());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 100, PT5S, 4096, target_fps is 0",
    "-30, 100, PT5S, 4096, target_fps is -30",
    "1000.5, 100, PT5S, 4096, target_fps is 1000.5",
    "NaN, 100, PT5S, 4096, target_fps is NaN",
    "Infinity, 100, PT5S, 4096, target_fps is Infinity",
    "30, 0, PT5S, 4096, buffer is 0",
    "30, 10001, PT5S, 4096, buffer is 10001",
    "30, 100, PT0.999999999S, 4096, sse_timeout_s is 0.999999999",
    "30, 100, PT300.000000001S, 4096, sse_timeout_s is 300.000000001",
    "30, 100, PT-5S, 4096, sse_timeout_s is -5",
    "30, 100, PT9223372036854775807S, 4096, sse_timeout_s is 9.223372036854776E18",
    "30, 100, PT5S, 128, spectral_window is 128",
    "30, 100, PT5S, 131072, spectral_window is 131072",
    "30, 100, PT5S, 4095, spectral_window is 4095",
  })
  void a_value_out_of_its_range_is_refused_with_its_name_its_value_and_what_is_allowed(
      double fps, int buffer, Duration timeout, int spectralWindow, String refused) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new StreamingConfig(fps, buffer, timeout, true, spectralWindow));
    assertTrue(refusal.getMessage().startsWith(refused + ", allowed: "), refusal.getMessage());
  }
}
