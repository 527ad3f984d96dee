package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M2")
class AlignedSpectrumTest {
  private static final double RATE = 48_000;

  /// Of 512 samples; 2000 Hz lies between bins 21 and 22.
  private static final int SIZE = 512;

  /// The phase of 2000 Hz advances by a third of a turn from one frame to the next.
  private static final int FRAME = 1600;

  private static final int FRAMES = 30;

  private final AlignedSpectrum spectrum =
      new AlignedSpectrum(SIZE, Window.FLAT_TOP, new Reference(2000, RATE));

  @Test
  void a_tone_keeps_its_amplitude_where_the_plain_average_of_frames_vanishes() {
    LongToDoubleFunction tone = n -> Math.cos(2 * Math.PI * (2000 * n % 48_000) / RATE + 0.7);
    DoubleFft fft = new DoubleFft(SIZE);
    double[] taper = Window.FLAT_TOP.values(SIZE);
    double[] real = new double[SIZE / 2 + 1];
    double[] imaginary = new double[SIZE / 2 + 1];
    Complex plain = Complex.ZERO;
    for (int frame = 0; frame < FRAMES; frame++) {
      double[] block = new double[SIZE];
      for (int i = 0; i < SIZE; i++) {
        long n = (long) frame * FRAME + i;
        spectrum.add(n, tone.applyAsDouble(n));
        block[i] = tone.applyAsDouble(n) * taper[i];
      }
      fft.transform(block, real, imaginary);
      plain =
          plain.plus(
              new Complex(real[21], imaginary[21])
                  .times(2 / (SIZE * Window.FLAT_TOP.coherentGain() * FRAMES)));
    }
    assertEquals(FRAMES, spectrum.blocks());
    assertEquals(0, plain.magnitude(), 1e-9);
    assertEquals(1, spectrum.average(21).magnitude(), 1e-3);
  }

  @Test
  void a_tone_on_a_bin_has_its_amplitude_and_its_phase_at_sample_0() {
    double hz = 21 * RATE / SIZE;
    AlignedSpectrum onBin = new AlignedSpectrum(SIZE, Window.HANN, new Reference(hz, RATE));
    for (long n = 12_345; n < 12_345 + 7 * SIZE; n++) {
      onBin.add(n, 0.25 * Math.cos(2 * Math.PI * (21 * n % SIZE) / SIZE - 1.1));
    }
    assertEquals(7, onBin.blocks());
    assertEquals(0.25, onBin.average(21).magnitude(), 1e-12);
    assertEquals(-1.1, onBin.average(21).phaseRad(), 1e-12);
  }

  @Test
  void noise_falls_as_the_root_of_the_number_of_blocks_seed_1() {
    SplittableRandom random = new SplittableRandom(1);
    int blocks = 900;
    for (int n = 0; n < blocks * SIZE; n++) {
      spectrum.add(n, random.nextGaussian());
    }
    double square = 0;
    for (int k = 10; k < 250; k++) {
      square += spectrum.average(k).squaredMagnitude() / 240;
    }
    double expected = 4 * Window.FLAT_TOP.enbwBins() / SIZE / blocks;
    assertEquals(expected, square, 0.2 * expected);
  }

  @Test
  void a_missing_sample_drops_its_block() {
    for (int n = 0; n < 3 * SIZE; n++) {
      spectrum.add(n, n == SIZE + 5 ? Double.NaN : 1);
    }
    assertEquals(2, spectrum.blocks());
    spectrum.reset();
    for (int n = 0; n < SIZE; n++) {
      spectrum.add(n < 9 ? n : n + 1, 1);
    }
    assertEquals(0, spectrum.blocks());
  }

  @Test
  void there_is_no_average_of_nothing() {
    assertTrue(
        assertThrows(IllegalStateException.class, () -> spectrum.average(0))
            .getMessage()
            .contains("512"));
  }
}
