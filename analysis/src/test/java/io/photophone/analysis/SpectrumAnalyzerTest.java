package io.photophone.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.photophone.dsp.Window;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Spectrum;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M2")
class SpectrumAnalyzerTest {
  private final TestSignal signal = new TestSignal(48_000, 20_000);
  private final SpectrumAnalyzer analyzer = new SpectrumAnalyzer(4096, Window.HANN);

  @Test
  void a_spectrum_comes_with_each_frame_once_there_are_enough_samples() {
    List<AudioFrame> frames = signal.frames();
    assertNull(analyzer.process(frames.get(0)));
    assertNull(analyzer.process(frames.get(1)));
    assertNotNull(analyzer.process(frames.get(2)));
    Spectrum spectrum = analyzer.process(frames.get(3));
    assertNotNull(spectrum);
    assertEquals(3, spectrum.frameNumber());
    assertEquals(frames.get(3).captured(), spectrum.captured());
    assertEquals(11.71875, spectrum.stepHz());
    assertEquals("hann", spectrum.window());
    assertEquals(2049, spectrum.bins());
    assertEquals(48_000, spectrum.sampleRateHz());
  }

  @Test
  void both_channels_have_amplitude_and_phase_at_the_first_of_the_last_samples() {
    double hz = 171 * 48_000 / 4096.0;
    signal.tone(hz, 0.5, 0);
    for (int n = 0; n < signal.b.length; n++) {
      signal.b[n] *= -0.5f;
    }
    analyzer.process(signal.frame(0, 0, 1000));
    Spectrum spectrum = analyzer.process(signal.frame(1, 1000, 7777));
    assertNotNull(spectrum);
    assertEquals(0.25, spectrum.magnitudeA()[171], 1e-6);
    assertEquals(0.125, spectrum.magnitudeB()[171], 1e-6);
    double phase = Math.IEEEremainder(2 * Math.PI * hz / 48_000 * (7777 - 4096), 2 * Math.PI);
    assertEquals(phase, spectrum.phaseA()[171], 1e-5);
    assertEquals(phase, spectrum.phaseB()[171], 1e-5);
  }

  @Test
  void samples_from_before_a_gap_are_not_used() {
    signal.tone(2000, 0.5, 0, 0, 5000);
    assertNotNull(analyzer.process(signal.frame(0, 0, 5000)));
    assertNull(analyzer.process(signal.frame(1, 5001, 9096)));
    Spectrum spectrum = analyzer.process(signal.frame(2, 9096, 9097));
    assertNotNull(spectrum);
    assertEquals(0, spectrum.magnitudeA()[171]);
  }

  @Test
  void a_sample_that_is_no_number_is_a_gap_in_either_channel() {
    for (float[] channel : List.of(signal.a, signal.b)) {
      SpectrumAnalyzer fresh = new SpectrumAnalyzer(4096, Window.HANN);
      channel[5000] = Float.NaN;
      assertNull(fresh.process(signal.frame(0, 0, 9000)));
      assertNull(fresh.process(signal.frame(1, 9000, 9096)));
      Spectrum spectrum = fresh.process(signal.frame(2, 9096, 9097));
      assertNotNull(spectrum);
      assertEquals(0, spectrum.magnitudeA()[171]);
      channel[5000] = 0;
    }
  }

  @Test
  void a_change_of_the_sample_rate_is_a_gap() {
    assertNotNull(analyzer.process(signal.frame(0, 0, 5000)));
    AudioFrame other =
        new AudioFrame(new float[100], new float[100], 44_100, 1, 5000, new CaptureTime(0, 0));
    assertNull(analyzer.process(other));
  }
}
