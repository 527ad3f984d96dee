package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M10")
class ResonanceTest {
  record Sweep(String kind, double[] hz, Complex[] phasors, double[] values, double[] deviations) {
    @Override
    public String toString() {
      return "%s, %d points around %.0f Hz".formatted(kind, hz.length, values[0]);
    }
  }

  static Stream<Sweep> references() {
    List<List<String>> lines = Golden.lines("resonances.csv");
    return IntStream.range(0, lines.size() / 6)
        .mapToObj(i -> {
          double[] re = Golden.numbers(lines.get(6 * i + 2));
          double[] im = Golden.numbers(lines.get(6 * i + 3));
          return new Sweep(
              lines.get(6 * i).get(0),
              Golden.numbers(lines.get(6 * i + 1)),
              IntStream.range(0, re.length)
                  .mapToObj(k -> new Complex(re[k], im[k]))
                  .toArray(Complex[]::new),
              Golden.numbers(lines.get(6 * i + 4)),
              Golden.numbers(lines.get(6 * i + 5)));
        });
  }

  @ParameterizedTest
  @MethodSource("references")
  void the_fit_of_a_noisy_sweep_equals_the_reference(Sweep sweep) {
    boolean complex = sweep.kind().equals("complex");
    Resonance fit =
        complex
            ? Resonance.ofPhasors(sweep.hz(), sweep.phasors())
            : Resonance.ofMagnitudes(sweep.hz(), magnitudes(sweep.phasors()));
    assertNotNull(fit);
    double[] values = sweep.values();
    double[] deviations = sweep.deviations();
    assertClose(values[0], deviations[0], fit.frequencyHz());
    assertClose(values[1], deviations[1], fit.quality());
    assertClose(values[2], deviations[2], fit.amplitude());
    if (complex) {
      assertClose(values[3], deviations[3], fit.phaseRad());
      assertEquals(values[4], fit.offset().re(), 1e-5 * deviations[4]);
      assertEquals(values[5], fit.offset().im(), 1e-5 * deviations[5]);
      assertEquals(1, fit.offsetUncertainty() / deviations[4], 1e-5);
    } else {
      assertEquals(values[3], fit.offset().re(), 1e-5 * deviations[3]);
      assertEquals(1, fit.offsetUncertainty() / deviations[3], 1e-5);
    }
  }

  /// Far closer than the data tell; the reference's minimum is exact to about that.
  private static void assertClose(double value, double deviation, Estimate estimate) {
    assertEquals(value, estimate.value(), 1e-5 * deviation);
    assertEquals(1, estimate.standardUncertainty() / deviation, 1e-5);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {101, 102, 103, 104})
  void a_resonance_without_noise_is_found_wherever_it_lies(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < 50; run++) {
      double hz = random.nextDouble(1950, 2050);
      double quality = Math.exp(random.nextDouble(Math.log(10), Math.log(1000)));
      double amplitude = Math.pow(10, random.nextDouble(-6, 0));
      double phase = random.nextDouble(-Math.PI, Math.PI);
      Complex offset = Complex.atCycles(random.nextDouble()).times(amplitude * random.nextDouble());
      double[] sweep = random.doubles(60, 1900, 2100).toArray();
      Complex[] phasors = phasors(sweep, hz, quality, amplitude, phase, offset);
      Resonance fit = Resonance.ofPhasors(sweep, phasors);
      assertNotNull(fit);
      assertEquals(hz, fit.frequencyHz().value(), 1e-6);
      assertEquals(1, fit.quality().value() / quality, 1e-8);
      assertEquals(1, fit.amplitude().value() / amplitude, 1e-8);
      assertEquals(0, Math.sin(fit.phaseRad().value() - phase), 1e-8);
      assertTrue(Math.abs(fit.phaseRad().value()) <= Math.PI);
      assertEquals(0, fit.offset().minus(offset).magnitude(), 1e-8 * amplitude);
      assertEquals(0, fit.signalAt(sweep[7], true).minus(phasors[7]).magnitude(), 1e-8 * amplitude);
    }
  }

  @Test
  void magnitudes_give_the_same_resonance_where_there_is_no_offset() {
    double[] sweep = IntStream.range(0, 41).mapToDouble(i -> 1900 + 5 * i).toArray();
    Complex[] phasors = phasors(sweep, 2003, 50, 0.3, 1, Complex.ZERO);
    Resonance fit = Resonance.ofMagnitudes(sweep, magnitudes(phasors));
    assertNotNull(fit);
    assertEquals(2003, fit.frequencyHz().value(), 1e-6);
    assertEquals(50, fit.quality().value(), 1e-6);
    assertEquals(0.3, fit.amplitude().value(), 1e-9);
    assertEquals(0, fit.offset().re(), 1e-9);
    assertEquals(new Estimate(0, 0), fit.phaseRad());
    assertEquals(Math.sqrt(0.5), fit.gainAt(2003 * (1 + 0.5 / 50)), 1e-7);
    assertEquals(phasors[7].magnitude(), fit.signalAt(sweep[7], false).re(), 1e-9);
    assertEquals(0, fit.signalAt(sweep[7], false).im());
  }

  @Test
  void the_uncertainties_are_the_scatter_of_repeated_sweeps() {
    Random random = new Random(111);
    double[] sweep = IntStream.range(0, 31).mapToDouble(i -> 1925 + 5 * i).toArray();
    Complex[] clean = phasors(sweep, 2000, 50, 1, 0.5, new Complex(0.1, -0.05));
    double[] squares = new double[4];
    int runs = 1000;
    for (int run = 0; run < runs; run++) {
      Complex[] noisy =
          Arrays.stream(clean)
              .map(z ->
                  z.plus(new Complex(random.nextGaussian(), random.nextGaussian()).times(0.02)))
              .toArray(Complex[]::new);
      Resonance fit = Resonance.ofPhasors(sweep, noisy);
      assertNotNull(fit);
      squares[0] += squaredScore(fit.frequencyHz(), 2000) / runs;
      squares[1] += squaredScore(fit.quality(), 50) / runs;
      squares[2] += squaredScore(fit.amplitude(), 1) / runs;
      squares[3] += squaredScore(fit.phaseRad(), 0.5) / runs;
    }
    // 1000 runs tell a variance to 4.5 %.
    for (double square : squares) {
      assertEquals(1, square, 0.18);
    }
  }

  private static double squaredScore(Estimate estimate, double truth) {
    double score = (estimate.value() - truth) / estimate.standardUncertainty();
    return score * score;
  }

  @Test
  void a_narrow_resonance_is_found_among_equal_noise_elsewhere() {
    Random random = new Random(121);
    double[] sweep = IntStream.range(0, 200).mapToDouble(i -> 1000 + 5 * i).toArray();
    Complex[] phasors =
        Arrays.stream(phasors(sweep, 1702, 170, 1, 2, Complex.ZERO))
            .map(z -> z.plus(new Complex(random.nextGaussian(), random.nextGaussian()).times(0.1)))
            .toArray(Complex[]::new);
    Resonance fit = Resonance.ofPhasors(sweep, phasors);
    assertNotNull(fit);
    assertEquals(1702, fit.frequencyHz().value(), 4 * fit.frequencyHz().standardUncertainty());
    assertEquals(170, fit.quality().value(), 4 * fit.quality().standardUncertainty());
  }

  @Test
  void silence_a_constant_and_a_dip_show_no_resonance() {
    double[] sweep = IntStream.range(0, 20).mapToDouble(i -> 1900 + 10 * i).toArray();
    Complex[] constant = new Complex[20];
    Arrays.fill(constant, new Complex(1, 1));
    Complex[] silence = new Complex[20];
    Arrays.fill(silence, Complex.ZERO);
    assertNull(Resonance.ofPhasors(sweep, silence));
    assertNull(Resonance.ofPhasors(sweep, constant));
    assertNull(Resonance.ofMagnitudes(sweep, magnitudes(silence)));
    assertNull(Resonance.ofMagnitudes(sweep, magnitudes(constant)));
    double[] dip =
        Arrays.stream(magnitudes(phasors(sweep, 2000, 50, 1, 0, Complex.ZERO)))
            .map(magnitude -> 2 - magnitude)
            .toArray();
    assertNull(Resonance.ofMagnitudes(sweep, dip));
  }

  @Test
  void a_resonance_beyond_the_sweep_is_not_reported() {
    double[] sweep = IntStream.range(0, 20).mapToDouble(i -> 1900 + i).toArray();
    assertNull(Resonance.ofPhasors(sweep, phasors(sweep, 1950, 50, 1, 0, Complex.ZERO)));
  }

  @Test
  void identical_frequencies_are_refused_however_many() {
    double[] sweep = {2000, 2000, 2000, 2001, 2001, 2002, 2003};
    Complex[] phasors = phasors(sweep, 2001, 50, 1, 0, Complex.ZERO);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Resonance.ofPhasors(sweep, phasors));
    assertEquals("4 different frequencies, needed: 5", refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "NaN", "Infinity"})
  void a_frequency_that_is_none_is_refused_with_its_place(double hz) {
    double[] sweep = {1, 2, hz, 4, 5, 6};
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> Resonance.ofMagnitudes(sweep, new double[6]));
    assertEquals("frequency 2 is %s Hz, allowed: above 0 Hz".formatted(hz), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void a_value_that_is_no_finite_number_is_refused_with_its_place(double value) {
    double[] sweep = {1, 2, 3, 4, 5, 6};
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Resonance.ofMagnitudes(sweep, new double[] {1, 2, 3, value, 2, 1}));
    assertEquals(
        "value 3, at 4.0 Hz, is (%s, %s), allowed: finite numbers".formatted(value, value),
        refusal.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Resonance.ofMagnitudes(sweep, new double[5]));
  }

  private static Complex[] phasors(
      double[] hz,
      double resonanceHz,
      double quality,
      double amplitude,
      double phase,
      Complex offset) {
    Complex peak = Complex.atCycles(phase / (2 * Math.PI)).times(amplitude);
    return Arrays.stream(hz)
        .mapToObj(f -> new Complex(1, 2 * quality * (f - resonanceHz) / resonanceHz))
        .map(denominator -> peak.dividedBy(denominator).plus(offset))
        .toArray(Complex[]::new);
  }

  private static double[] magnitudes(Complex[] phasors) {
    return Arrays.stream(phasors).mapToDouble(Complex::magnitude).toArray();
  }
}
