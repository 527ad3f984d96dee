package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M2")
class PowerDensityTest {
  private static final double RATE = 48_000;

  @Test
  void every_bin_equals_the_golden_one() {
    List<List<String>> golden = Golden.lines("welch.csv");
    PowerDensity power = new PowerDensity(4096, 2048, Window.HANN, RATE);
    for (double sample : Golden.numbers(golden.get(0))) {
      power.add(sample);
    }
    double[] expected = Golden.numbers(golden.get(1));
    double[] density = density(power);
    assertEquals(expected.length, density.length);
    for (int k = 0; k < expected.length; k++) {
      assertEquals(1, density[k] / expected[k], 1e-9, "bin " + k);
    }
  }

  @ParameterizedTest(name = "{0}, seed 21")
  @EnumSource(Window.class)
  void its_integral_is_the_mean_square_of_noise(Window window) {
    Random random = new Random(21);
    PowerDensity power = new PowerDensity(256, 128, window, RATE);
    for (int n = 0; n < 400_000; n++) {
      power.add(0.1 * random.nextGaussian());
    }
    double integral = 0;
    for (double value : density(power)) {
      integral += value * RATE / 256;
    }
    // 400 000 samples tell a variance to 0.22 % (one sigma).
    assertEquals(0.01, integral, 0.01 * 4 * Math.sqrt(2.0 / 400_000));
  }

  @Test
  void averaging_does_not_cancel_a_tone_whose_phase_differs_from_segment_to_segment() {
    PowerDensity one = new PowerDensity(4096, 0, Window.HANN, RATE);
    PowerDensity three = new PowerDensity(4096, 0, Window.HANN, RATE);
    for (int n = 0; n < 3 * 4096; n++) {
      double sample = Math.cos(2 * Math.PI * 2000 / RATE * n);
      three.add(sample);
      if (n < 4096) {
        one.add(sample);
      }
    }
    assertEquals(1, density(three)[171] / density(one)[171], 1e-4);
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "128, 7", "192, 13", "255, 769"})
  void segments_begin_where_the_overlap_says(int overlap, int segments) {
    PowerDensity power = new PowerDensity(256, overlap, Window.HANN, RATE);
    for (int n = 0; n < 1024; n++) {
      power.add(n);
    }
    assertEquals(segments, power.segments());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void a_sample_that_is_no_finite_number_spoils_no_segment(double sample) {
    Random random = new Random(3);
    double[] first = random.doubles(300).toArray();
    double[] second = random.doubles(256).toArray();
    PowerDensity expected = new PowerDensity(256, 128, Window.HANN, RATE);
    PowerDensity broken = new PowerDensity(256, 128, Window.HANN, RATE);
    for (double value : first) {
      expected.add(value);
      broken.add(value);
    }
    expected.skip();
    broken.add(sample);
    for (double value : second) {
      expected.add(value);
      broken.add(value);
    }
    assertEquals(2, broken.segments());
    assertArrayEquals(density(expected), density(broken));
  }

  @Test
  void after_a_reset_nothing_is_left() {
    PowerDensity power = new PowerDensity(256, 0, Window.HANN, RATE);
    for (int n = 0; n < 300; n++) {
      power.add(1);
    }
    power.reset();
    assertEquals(0, power.segments());
    assertThrows(IllegalStateException.class, () -> density(power));
    for (int n = 0; n < 256; n++) {
      power.add(0);
    }
    assertArrayEquals(new double[129], density(power));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256, 1000})
  void an_overlap_that_leaves_no_step_is_refused(int overlap) {
    assertThrows(
        IllegalArgumentException.class, () -> new PowerDensity(256, overlap, Window.HANN, RATE));
  }

  private static double[] density(PowerDensity power) {
    double[] density = new double[power.bins()];
    power.density(density);
    return density;
  }
}
