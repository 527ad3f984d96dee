package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PhasorTest {

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1, 0",
    "0, 1, 1, 90",
    "-1, 0, 1, 180",
    "0, -1, 1, -90",
    "3, 4, 5, 53.13010235415598",
    "-3, -4, 5, -126.86989764584402",
    "0, 0, 0, 0",
  })
  void amplitude_and_phase_are_those_of_x_and_y(double x, double y, double amplitude, double deg) {
    Phasor phasor = new Phasor(x, y, 0.1);
    assertEquals(amplitude, phasor.amplitude(), 1e-12);
    assertEquals(deg, phasor.phaseDeg(), 1e-12);
  }

  @Test
  void its_projection_is_the_whole_of_it_along_itself_and_nothing_across() {
    Phasor phasor = new Phasor(3, 4, 0.1);
    double along = phasor.phaseDeg();
    assertEquals(5, phasor.projectedOn(along), 1e-12);
    assertEquals(0, phasor.projectedOn(along + 90), 1e-12);
    assertEquals(-5, phasor.projectedOn(along + 180), 1e-12);
    assertEquals(3, phasor.projectedOn(0), 1e-12);
    assertEquals(4, phasor.projectedOn(90), 1e-12);
  }

  @Test
  void its_uncertainties_follow_from_that_of_x_and_y() {
    Phasor phasor = new Phasor(3, 4, 0.05);
    assertEquals(100, phasor.signalToNoise(), 1e-9);
    assertEquals(0.5729577951308232, phasor.phaseUncertaintyDeg(), 1e-12);
  }

  @Test
  void a_window_without_samples_has_no_amplitude_no_phase_and_no_projection() {
    assertTrue(Double.isNaN(Phasor.NONE.amplitude()));
    assertTrue(Double.isNaN(Phasor.NONE.phaseDeg()));
    assertTrue(Double.isNaN(Phasor.NONE.projectedOn(0)));
    assertTrue(Double.isNaN(Phasor.NONE.signalToNoise()));
  }
}
