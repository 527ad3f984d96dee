package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B22")
final class RangeTest {

  @ParameterizedTest
  @CsvSource({
    "0, false, true, false",
    "4.9e-324, true, true, true",
    "500, true, true, true",
    "999.9999999999999, true, true, true",
    "1000, true, true, false",
    "1000.0000000000001, false, false, false",
    "-1, false, false, false",
    "NaN, false, false, false",
    "Infinity, false, false, false",
    "-Infinity, false, false, false",
  })
  void only_what_lies_inside_is_allowed(
      double value, boolean above, boolean closed, boolean between) {
    assertEquals(between, Range.between(0, 1000).allows(value));
    assertEquals(above, Range.above(0, 1000).allows(value));
    assertEquals(closed, Range.closed(0, 1000).allows(value));
  }

  @Test
  void a_check_hands_the_value_back_or_names_setting_value_and_range() {
    assertEquals(29.97, Range.above(0, 1000).check("target_fps", 29.97));
    assertEquals(100, Range.closed(1, 10_000).check("buffer_frames", 100));
    assertEquals(
        "target_fps is 0, allowed: (0, 1000]",
        refusal(() -> Range.above(0, 1000).check("target_fps", 0.0)));
    assertEquals(
        "target_fps is NaN, allowed: (0, 1000]",
        refusal(() -> Range.above(0, 1000).check("target_fps", Double.NaN)));
    assertEquals(
        "buffer_frames is 10001, allowed: [1, 10000]",
        refusal(() -> Range.closed(1, 10_000).check("buffer_frames", 10_001)));
    assertEquals(
        "modulation_hz is 24000, allowed: (0, 24000)",
        refusal(() -> Range.between(0, 24_000).check("modulation_hz", 24_000)));
    assertEquals(
        "gain is -0.5, allowed: [0.25, 1]",
        refusal(() -> Range.closed(0.25, 1).check("gain", -0.5)));
  }

  @Test
  void a_range_may_be_one_value() {
    assertEquals(3, Range.closed(3, 3).check("axes", 3));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.999, Double.NaN, Double.NEGATIVE_INFINITY})
  void a_range_that_holds_nothing_is_refused(double highest) {
    assertEquals("empty range: 1.0 to " + highest, refusal(() -> Range.closed(1, highest)));
  }

  private static String refusal(Runnable refused) {
    return assertThrows(IllegalArgumentException.class, refused::run).getMessage();
  }

  @Test
  void a_range_without_a_value_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> Range.above(5, 5));
    assertThrows(IllegalArgumentException.class, () -> Range.between(5, 5));
    assertThrows(IllegalArgumentException.class, () -> Range.closed(5, 4));
    assertTrue(Range.closed(5, 5).allows(5));
  }
}
