package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M3")
class ToneEstimatorTest {
  private static final int SIZE = 4096;
  private static final double RATE = 48_000;

  private final ToneEstimator estimator = new ToneEstimator(SIZE, RATE);

  static Stream<List<String>> golden() {
    return Golden.lines("tones.csv").stream();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void a_tone_without_noise_is_found_exactly(List<String> row) {
    double[] numbers = Golden.numbers(row);
    double phaseRad = Math.toRadians(numbers[2]);
    Tone tone = found(cosine(numbers[0], numbers[1], phaseRad), 100, 20_000);
    assertEquals(numbers[0], tone.frequencyHz().value(), 1e-6);
    assertEquals(1, tone.amplitude().value() / numbers[1], 1e-6);
    assertEquals(0, turns(tone.phaseRad().value() - phaseRad), 0.001 / 360);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void the_raw_spectrum_of_the_golden_tones_peaks_where_it_should(List<String> row) {
    double[] numbers = Golden.numbers(row);
    float[] magnitude = new float[SIZE / 2 + 1];
    new AmplitudeSpectrum(SIZE, Window.HANN)
        .transform(
            samples(cosine(numbers[0], numbers[1], Math.toRadians(numbers[2]))),
            magnitude,
            new float[SIZE / 2 + 1]);
    assertEquals(numbers[4], magnitude[(int) numbers[3]], 1e-6);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void any_tone_is_found_wherever_it_lies_between_the_bins(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 50; run++) {
      double hz = random.nextDouble(60, 23_900);
      double amplitude = Math.pow(10, random.nextDouble(-5, 0));
      double phase = random.nextDouble(-Math.PI, Math.PI);
      Tone tone = found(cosine(hz, amplitude, phase), 0, RATE / 2);
      assertEquals(hz, tone.frequencyHz().value(), 1e-6);
      assertEquals(1, tone.amplitude().value() / amplitude, 1e-6);
      assertEquals(0, turns(tone.phaseRad().value() - phase), 0.001 / 360);
    }
  }

  @Test
  void a_tone_is_found_beside_stronger_hum_and_an_offset() {
    IntToDoubleFunction wanted = cosine(2001.3, 0.01, 0.5);
    IntToDoubleFunction hum = cosine(50, 0.3, 1);
    Tone tone = found(n -> wanted.applyAsDouble(n) + hum.applyAsDouble(n) + 0.2, 1800, 2200);
    assertEquals(2001.3, tone.frequencyHz().value(), 1e-3);
    assertEquals(0.01, tone.amplitude().value(), 1e-6);
  }

  @ParameterizedTest(name = "noise {0}, seed 31")
  @CsvSource({"0.001", "0.1", "0.5"})
  void the_uncertainties_are_the_scatter_of_repeated_estimates(double sigma) {
    Random random = new Random(31);
    int runs = 1000;
    double[][] errors = new double[3][runs];
    double[] claimed = new double[3];
    for (int run = 0; run < runs; run++) {
      double hz = random.nextDouble(1990, 2010);
      double phase = random.nextDouble(-Math.PI, Math.PI);
      IntToDoubleFunction signal = cosine(hz, 0.8, phase);
      Tone tone = found(n -> signal.applyAsDouble(n) + sigma * random.nextGaussian(), 1900, 2100);
      errors[0][run] = tone.frequencyHz().value() - hz;
      errors[1][run] = tone.amplitude().value() - 0.8;
      errors[2][run] = 2 * Math.PI * turns(tone.phaseRad().value() - phase);
      claimed[0] += tone.frequencyHz().standardUncertainty() / runs;
      claimed[1] += tone.amplitude().standardUncertainty() / runs;
      claimed[2] += tone.phaseRad().standardUncertainty() / runs;
    }
    for (int i = 0; i < 3; i++) {
      double squares = 0;
      for (double error : errors[i]) {
        squares += error * error / runs;
      }
      assertEquals(1, claimed[i] / Math.sqrt(squares), 0.1, "quantity " + i);
    }
  }

  @Test
  void no_estimate_is_below_the_bound_of_cramer_and_rao_nor_far_above() {
    Random random = new Random(5);
    IntToDoubleFunction signal = cosine(2003, 1, 0);
    Tone tone = found(n -> signal.applyAsDouble(n) + 0.1 * random.nextGaussian(), 1900, 2100);
    double noiseToSignal = 2 * 0.01;
    double bound = Math.sqrt(6 * noiseToSignal / Math.pow(SIZE, 3)) * RATE / (2 * Math.PI);
    double uncertainty = tone.frequencyHz().standardUncertainty();
    // The noise is known from about 40 bins, to 11 %.
    assertTrue(uncertainty > 0.8 * bound && uncertainty < 1.8 * bound, uncertainty / bound + "");
  }

  @Test
  void silence_holds_no_tone() {
    assertNull(estimator.estimate(new float[SIZE], 0, RATE / 2));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void samples_with_one_that_is_no_finite_number_hold_no_tone(float sample) {
    float[] samples = samples(cosine(2000, 1, 0));
    samples[17] = sample;
    assertNull(estimator.estimate(samples, 1900, 2100));
  }

  @Test
  void the_slope_of_a_tone_outside_the_band_is_no_tone() {
    assertNull(estimator.estimate(samples(cosine(2000, 1, 0)), 2100, 2200));
  }

  @Test
  void noise_alone_gives_at_most_a_tone_that_its_uncertainty_does_not_support() {
    Random random = new Random(9);
    for (int run = 0; run < 100; run++) {
      Tone tone = estimator.estimate(samples(n -> random.nextGaussian()), 1900, 2100);
      assertTrue(
          tone == null || tone.amplitude().value() < 6 * tone.amplitude().standardUncertainty(),
          () -> tone + "");
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 100", "100, 100", "200, 100", "100, 24001", "NaN, 100", "100, NaN"})
  void a_band_that_is_none_is_refused(double low, double high) {
    assertThrows(
        IllegalArgumentException.class, () -> estimator.estimate(new float[SIZE], low, high));
  }

  @Test
  void too_few_samples_are_refused() {
    assertThrows(
        IllegalArgumentException.class, () -> estimator.estimate(new float[4095], 100, 200));
  }

  @Test
  void doubles_keep_what_floats_would_round() {
    double[] samples = new double[SIZE];
    for (int n = 0; n < SIZE; n++) {
      samples[n] = 1 + 1e-9 * Math.cos(2 * Math.PI * 2000.3 / RATE * n);
    }
    Tone tone = estimator.estimate(samples, 1900, 2100);
    assertNotNull(tone);
    assertEquals(2000.3, tone.frequencyHz().value(), 1e-3);
    assertEquals(1e-9, tone.amplitude().value(), 1e-14);
  }

  private Tone found(IntToDoubleFunction signal, double lowHz, double highHz) {
    Tone tone = estimator.estimate(samples(signal), lowHz, highHz);
    assertNotNull(tone);
    return tone;
  }

  private static IntToDoubleFunction cosine(double hz, double amplitude, double phaseRad) {
    return n -> amplitude * Math.cos(2 * Math.PI * hz / RATE * n + phaseRad);
  }

  private static float[] samples(IntToDoubleFunction signal) {
    float[] samples = new float[SIZE];
    for (int n = 0; n < SIZE; n++) {
      samples[n] = (float) signal.applyAsDouble(n);
    }
    return samples;
  }

  /// An angle in turns, from −0.5 to 0.5.
  private static double turns(double angleRad) {
    double turns = angleRad / (2 * Math.PI);
    return turns - Math.rint(turns);
  }
}
