package io.photophone.analysis.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M8")
class CalibrationTest {
  private static final Environment LAB = new Environment(20, 0.5, 1000, 2);

  @Test
  void zero_gas_has_the_uncertainty_of_its_noise_and_of_the_zero() {
    Calibration calibration = of(new Response(0.002, 0.001, 0.01, 4e-4, -0.5));
    Concentration zero = calibration.concentration(new Phasor(0.001, 0, 3e-4), LAB);
    assertNotNull(zero);
    assertEquals(0, zero.value(), 1e-12);
    // √(3e-4² + 4e-4²) / 0.002
    assertEquals(0.25, zero.standardUncertainty(), 1e-12);
  }

  @Test
  void errors_of_one_fit_partly_cancel() {
    Calibration calibration = of(new Response(0.002, 0.001, 0.01, 4e-4, -0.5));
    Concentration value = calibration.concentration(new Phasor(0.041, 0, 3e-4), LAB);
    assertNotNull(value);
    assertEquals(20, value.value(), 1e-12);
    // noise 0.15, zero 0.2, sensitivity 0.2 ppm, and the covariance 2 · -0.5 · 0.2 · 0.2
    assertEquals(Math.sqrt(0.0225 + 0.04 + 0.04 - 0.04), value.standardUncertainty(), 1e-12);
  }

  @Test
  void the_signal_of_an_ideal_gas_follows_its_density() {
    // At 0 °C and 950 hPa: 0.95 · 293.15 / 273.15 of the molecules.
    Calibration calibration = with(new ReferenceConditions(20, -1, 1000, 1));
    Concentration value =
        calibration.concentration(new Phasor(0.02, 0, 0), new Environment(0, 0, 950, 0));
    assertNotNull(value);
    assertEquals(10 / (0.95 * 293.15 / 273.15), value.value(), 1e-12);
    assertEquals(0, value.standardUncertainty(), 1e-12);
  }

  @Test
  void the_sensors_uncertainties_count() {
    Calibration calibration = with(new ReferenceConditions(20, -1, 1000, 1));
    Concentration value = calibration.concentration(new Phasor(0.02, 0, 0), LAB);
    assertNotNull(value);
    assertEquals(10, value.value(), 1e-12);
    assertEquals(10 * Math.hypot(0.5 / 293.15, 2.0 / 1000), value.standardUncertainty(), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "1, 0, true", "0, -1, true"})
  void without_what_a_term_asks_for_there_is_no_concentration(double a, double b, boolean lacks) {
    Calibration calibration = with(new ReferenceConditions(20, b, 1000, a));
    assertEquals(lacks, calibration.lacks(Environment.UNKNOWN));
    Concentration value = calibration.concentration(new Phasor(0.02, 0, 0), Environment.UNKNOWN);
    assertEquals(lacks, value == null);
    assertFalse(calibration.lacks(LAB));
  }

  @Test
  void without_a_signal_there_is_no_concentration() {
    assertNull(of(new Response(0.002, 0, 0, 0, 0)).concentration(Phasor.NONE, LAB));
  }

  @Test
  void it_expires_after_its_end() {
    Instant end = Instant.parse("2027-01-01T00:00:00Z");
    Calibration calibration = new Calibration("c", ConcentrationUnit.PPM, 1, 0, 0, 0, 1, end);
    assertFalse(calibration.isExpired(end));
    assertTrue(calibration.isExpired(end.plusMillis(1)));
    assertFalse(calibration.isExpired(null));
  }

  @Test
  void a_validity_that_ends_before_it_begins_is_refused() {
    Instant from = Instant.parse("2027-01-01T00:00:00Z");
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Calibration(
                    "c",
                    ConcentrationUnit.PPM,
                    new Response(1, 0, 0, 0, 0),
                    0,
                    0,
                    1,
                    ReferenceConditions.NONE,
                    from,
                    from));
    assertEquals(
        "valid_until is 2027-01-01T00:00:00Z, allowed: after 2027-01-01T00:00:00Z, from which it"
            + " is valid",
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, 0, 0, 0, 0, 'sensitivity is NaN, allowed: (0, 1000000]'",
    "1, 3, 0, 0, 0, 'offset is 3, allowed: [-2, 2]'",
    "1, 0, -1, 0, 0, 'relative_uncertainty is -1, allowed: [0, 1]'",
    "1, 0, 0, Infinity, 0, 'offset_uncertainty is Infinity, allowed: [0, 2]'",
    "1, 0, 0, 0, 1.5, 'correlation is 1.5, allowed: [-1, 1]'"
  })
  void a_response_out_of_range_is_refused(
      double sensitivity,
      double offset,
      double relative,
      double offsetUncertainty,
      double correlation,
      String message) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Response(sensitivity, offset, relative, offsetUncertainty, correlation));
    assertEquals(message, refusal.getMessage());
  }

  private static Calibration of(Response response) {
    return new Calibration(
        "c", ConcentrationUnit.PPM, response, 0, 0, 100, ReferenceConditions.NONE, null, null);
  }

  private static Calibration with(ReferenceConditions conditions) {
    return new Calibration(
        "c",
        ConcentrationUnit.PPM,
        new Response(0.002, 0, 0, 0, 0),
        0,
        0,
        100,
        conditions,
        null,
        null);
  }
}
