package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("M2")
class AmplitudeSpectrumTest {
  private static final int SIZE = 4096;

  private final float[] magnitude = new float[SIZE / 2 + 1];
  private final float[] phase = new float[SIZE / 2 + 1];

  @ParameterizedTest
  @EnumSource(Window.class)
  void a_tone_on_a_bin_has_its_amplitude_and_phase(Window window) {
    new AmplitudeSpectrum(SIZE, window).transform(tone(171, 0.25, -1.2), magnitude, phase);
    assertEquals(0.25, magnitude[171], 1e-7);
    assertEquals(-1.2, phase[171], 1e-6);
    assertEquals(0, magnitude[180], 1e-7);
  }

  @Test
  void a_flat_top_shows_the_amplitude_of_a_tone_between_two_bins() {
    new AmplitudeSpectrum(SIZE, Window.FLAT_TOP).transform(tone(170.5, 0.25, 0), magnitude, phase);
    assertEquals(0.25, magnitude[170], 0.25 * 0.002);
  }

  @Test
  void a_hann_window_loses_fifteen_percent_between_two_bins() {
    new AmplitudeSpectrum(SIZE, Window.HANN).transform(tone(170.5, 1, 0), magnitude, phase);
    assertEquals(0.8488, magnitude[170], 1e-3);
  }

  @Test
  void a_constant_stands_at_zero_and_an_alternation_at_half_the_rate() {
    AmplitudeSpectrum spectrum = new AmplitudeSpectrum(SIZE, Window.RECTANGULAR);
    spectrum.transform(tone(0, 0.5, 0), magnitude, phase);
    assertEquals(0.5, magnitude[0], 1e-7);
    spectrum.transform(tone(SIZE / 2.0, 0.5, 0), magnitude, phase);
    assertEquals(0.5, magnitude[SIZE / 2], 1e-7);
  }

  private static float[] tone(double bin, double amplitude, double phase) {
    float[] samples = new float[SIZE];
    for (int n = 0; n < SIZE; n++) {
      samples[n] = (float) (amplitude * Math.cos(2 * Math.PI * bin * n / SIZE + phase));
    }
    return samples;
  }
}
