package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M2")
class GoertzelTest {
  @ParameterizedTest(name = "{0} Hz, seed 41")
  @ValueSource(doubles = {0, 0.01, 1, 50, 1999.7, 11_999, 12_000, 12_001, 23_999.99, 24_000})
  void the_sum_is_the_one_that_defines_it(double hz) {
    double[] samples = new Random(41).doubles(4096, -1, 1).toArray();
    Goertzel goertzel = new Goertzel(hz, 48_000);
    Complex expected = Complex.ZERO;
    for (int n = 0; n < samples.length; n++) {
      goertzel.add(samples[n]);
      expected = expected.plus(Complex.atCycles(-hz / 48_000 * n).times(samples[n]));
    }
    assertEquals(0, goertzel.sum().minus(expected).magnitude(), 1e-9);
  }

  @Test
  void a_tone_over_whole_periods_has_its_amplitude_and_phase() {
    Goertzel goertzel = new Goertzel(2000, 48_000);
    for (int n = 0; n < 4800; n++) {
      goertzel.add(0.3 * Math.cos(2 * Math.PI * 2000 / 48_000 * n + 0.7));
    }
    Complex signal = goertzel.sum().times(2.0 / 4800);
    assertEquals(0.3, signal.magnitude(), 1e-12);
    assertEquals(0.7, signal.phaseRad(), 1e-12);
  }

  @Test
  void a_new_block_knows_nothing_of_the_last_one_not_even_of_a_sample_that_was_no_number() {
    Goertzel goertzel = new Goertzel(2000, 48_000);
    goertzel.add(Double.NaN);
    goertzel.add(1);
    assertEquals(Double.NaN, goertzel.sum().re());
    goertzel.reset();
    assertEquals(Complex.ZERO, goertzel.sum());
    goertzel.add(0.5);
    assertEquals(0.5, goertzel.sum().re(), 1e-15);
  }

  @ParameterizedTest
  @CsvSource({"-1, 48000", "24001, 48000", "NaN, 48000", "100, NaN", "0, 0", "0, Infinity"})
  void a_frequency_that_the_rate_does_not_carry_is_refused(double hz, double rate) {
    assertThrows(IllegalArgumentException.class, () -> new Goertzel(hz, rate));
  }
}
