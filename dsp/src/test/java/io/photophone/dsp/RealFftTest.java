package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M2")
class RealFftTest {
  @ParameterizedTest(name = "size {0}, seed 7")
  @ValueSource(ints = {256, 512, 1024, 2048, 4096})
  void every_bin_is_the_sum_that_defines_it(int size) {
    float[] samples = noise(size, 7);
    float[] real = new float[size / 2 + 1];
    float[] imaginary = new float[size / 2 + 1];
    new RealFft(size).transform(samples, real, imaginary);
    double error = 0;
    double power = 0;
    for (int k = 0; k <= size / 2; k++) {
      Complex expected = definition(samples, k);
      error += new Complex(real[k], imaginary[k]).minus(expected).squaredMagnitude();
      power += expected.squaredMagnitude();
    }
    assertEquals(0, Math.sqrt(error / power), 2e-7);
  }

  @ParameterizedTest(name = "size {0}, seed 8")
  @ValueSource(ints = {8192, 16_384, 32_768, 65_536})
  void a_few_bins_of_a_large_transform_are_the_sums_that_define_them(int size) {
    float[] samples = noise(size, 8);
    float[] real = new float[size / 2 + 1];
    float[] imaginary = new float[size / 2 + 1];
    new RealFft(size).transform(samples, real, imaginary);
    for (int k : new int[] {0, 1, 2, size / 8, size / 4 + 3, size / 2 - 1, size / 2}) {
      Complex expected = definition(samples, k);
      double scale = Math.sqrt(size);
      assertEquals(expected.re(), real[k], 1e-6 * scale, "bin " + k);
      assertEquals(expected.im(), imaginary[k], 1e-6 * scale, "bin " + k);
    }
  }

  @Test
  void a_second_transform_knows_nothing_of_the_first() {
    RealFft fft = new RealFft(1024);
    float[] first = new float[513];
    float[] again = new float[513];
    float[] imaginary = new float[513];
    fft.transform(noise(1024, 1), first, imaginary);
    fft.transform(noise(1024, 2), again, imaginary);
    fft.transform(noise(1024, 1), again, imaginary);
    assertArrayEquals(first, again);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void a_sample_that_is_no_finite_number_spoils_this_transform_and_no_later_one(float sample) {
    RealFft fft = new RealFft(256);
    float[] real = new float[129];
    float[] imaginary = new float[129];
    float[] samples = noise(256, 3);
    samples[100] = sample;
    fft.transform(samples, real, imaginary);
    for (float value : real) {
      assertFalse(Float.isFinite(value));
    }
    fft.transform(noise(256, 3), real, imaginary);
    float[] fresh = new float[129];
    new RealFft(256).transform(noise(256, 3), fresh, imaginary);
    assertArrayEquals(fresh, real);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 1000, 4095, 131_072})
  void a_size_that_is_no_power_of_two_in_range_is_refused(int size) {
    assertThrows(IllegalArgumentException.class, () -> new RealFft(size));
  }

  @Test
  void arrays_that_are_too_short_are_refused() {
    RealFft fft = new RealFft(256);
    assertThrows(
        IllegalArgumentException.class,
        () -> fft.transform(new float[255], new float[129], new float[129]));
    assertThrows(
        IllegalArgumentException.class,
        () -> fft.transform(new float[256], new float[128], new float[129]));
  }

  private static float[] noise(int size, long seed) {
    Random random = new Random(seed);
    float[] samples = new float[size];
    for (int n = 0; n < size; n++) {
      samples[n] = (float) random.nextGaussian();
    }
    return samples;
  }

  private static Complex definition(float[] samples, int k) {
    double re = 0;
    double im = 0;
    for (int n = 0; n < samples.length; n++) {
      double angle = 2 * Math.PI * ((long) k * n % samples.length) / samples.length;
      re += samples[n] * Math.cos(angle);
      im -= samples[n] * Math.sin(angle);
    }
    return new Complex(re, im);
  }
}
