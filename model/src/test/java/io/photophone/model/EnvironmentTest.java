package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M8")
final class EnvironmentTest {
  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0.1})
  void a_known_value_has_a_finite_uncertainty(double uncertainty) {
    assertEquals(
        "temperature_uncertainty_c is %s, allowed: 0 or above, and finite".formatted(uncertainty),
        assertThrows(
                IllegalArgumentException.class, () -> new Environment(20, uncertainty, 1000, 1))
            .getMessage());
    assertEquals(
        "pressure_uncertainty_hpa is %s, allowed: 0 or above, and finite".formatted(uncertainty),
        assertThrows(
                IllegalArgumentException.class, () -> new Environment(20, 0.5, 1000, uncertainty))
            .getMessage());
  }

  @Test
  void what_is_not_known_needs_no_uncertainty() {
    assertTrue(Double.isNaN(new Environment(20, 0, Double.NaN, Double.NaN).pressureHpa()));
    assertTrue(Double.isNaN(new Environment(Double.NaN, Double.NaN, 1000, 0).temperatureC()));
  }
}
