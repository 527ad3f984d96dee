package io.photophone.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.dsp.PowerDensity;
import io.photophone.dsp.Window;
import io.photophone.model.Density;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M2")
class AveragedSpectrumTest {
  private static final int SIZE = 1024;
  private static final int INTERVAL = 48_000;

  @Test
  void the_integral_of_the_density_is_the_mean_square_seed_1() {
    double[] samples =
        Cuts.sum(Cuts.tone(0, INTERVAL, 2000, 0.2, 0), Cuts.white(INTERVAL, 0.01, 1));
    Density density = run(samples, n -> 1600).getFirst();
    assertEquals(0, density.startIndex());
    assertEquals(INTERVAL, density.endIndex());
    assertEquals(46.875, density.stepHz());
    // Half overlap: (48000 − 1024) / 512 + 1.
    assertEquals(92, density.segments());
    assertEquals(0, density.missing());
    double integral = Arrays.stream(density.density()).sum() * density.stepHz();
    assertEquals(0.2 * 0.2 / 2 + 1e-4, integral, 2e-5);
    assertEquals(1e-4 / 24_000, density.density()[400], 0.3e-4 / 24_000);
  }

  @Test
  void each_interval_is_averaged_for_itself() {
    double[] samples = Arrays.copyOf(Cuts.tone(0, INTERVAL, 2000, 0.2, 0), 2 * INTERVAL);
    List<Density> densities = run(samples, n -> 1600);
    assertEquals(2, densities.size());
    assertTrue(densities.get(0).density()[43] > 1e-4);
    assertArrayEquals(new double[SIZE / 2 + 1], densities.get(1).density());
  }

  @Test
  void missing_samples_are_told_and_cost_the_segments_they_are_part_of() {
    double[] samples = Cuts.tone(0, INTERVAL, 2000, 0.2, 0);
    samples[10_000] = Double.NaN;
    Density density = run(samples, n -> 1600).getFirst();
    assertEquals(1, density.missing());
    PowerDensity expected = new PowerDensity(SIZE, SIZE / 2, Window.HANN, 48_000);
    for (double sample : samples) {
      expected.add(sample);
    }
    assertEquals(expected.segments(), density.segments());
    assertTrue(density.segments() < 92);
    assertTrue(Double.isFinite(density.density()[43]));
  }

  @Test
  void a_gap_is_not_averaged_across() {
    AveragedSpectrum spectrum = spectrum();
    List<Density> densities = new ArrayList<>();
    double[] samples = new double[INTERVAL];
    spectrum.process(0, samples, 1000, densities::add);
    spectrum.process(1001, samples, 1000, densities::add);
    spectrum.process(INTERVAL, samples, 1, densities::add);
    assertEquals(1, densities.size());
    assertEquals(0, densities.getFirst().segments());
    assertEquals(INTERVAL - 2000, densities.getFirst().missing());
    assertTrue(Double.isNaN(densities.getFirst().density()[0]));
  }

  @Test
  @Tag("M12")
  void densities_are_the_same_bits_however_the_samples_are_cut_seed_2() {
    double[] samples = Cuts.white(100_000, 0.1, 2);
    samples[60_000] = Double.NaN;
    List<Density> expected = run(samples, n -> samples.length);
    assertEquals(2, expected.size());
    for (IntUnaryOperator lengthOf : Cuts.LENGTHS) {
      List<Density> densities = run(samples, lengthOf);
      for (int k = 0; k < 2; k++) {
        assertArrayEquals(expected.get(k).density(), densities.get(k).density());
        assertEquals(expected.get(k).segments(), densities.get(k).segments());
        assertEquals(expected.get(k).missing(), densities.get(k).missing());
      }
    }
  }

  @Test
  void an_interval_shorter_than_a_segment_is_refused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new AveragedSpectrum(SIZE, SIZE - 1, Window.HANN, 48_000));
  }

  private static AveragedSpectrum spectrum() {
    return new AveragedSpectrum(SIZE, INTERVAL, Window.HANN, 48_000);
  }

  private static List<Density> run(double[] samples, IntUnaryOperator lengthOf) {
    return Cuts.run(spectrum()::process, 0, samples, lengthOf);
  }
}
