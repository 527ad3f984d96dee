package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B28")
final class FrameOperationsTest {
  private static final CaptureTime TIME = new CaptureTime(1, 2);

  private static AudioFrame frame(float[] a, float[] b) {
    return new AudioFrame(a, b, 48_000, 7, 1000, TIME);
  }

  @Test
  void the_peak_is_that_of_the_louder_microphone_whatever_its_sign() {
    assertEquals(0.75f, frame(new float[] {0.5f, -0.25f}, new float[] {-0.75f, 0}).peakAmplitude());
    assertEquals(0, frame(new float[2], new float[] {-0f, 0}).peakAmplitude());
  }

  @Test
  void silence_is_below_the_threshold_on_both_microphones() {
    AudioFrame frame = frame(new float[] {0.001f, 0}, new float[] {0, -0.002f});
    assertTrue(frame.isSilent(0.0021f));
    assertFalse(frame.isSilent(0.002f));
    assertFalse(frame(new float[1], new float[1]).isSilent(0));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void what_is_no_number_is_seen_and_not_skipped(float odd) {
    AudioFrame frame = frame(new float[] {0.5f, 0, 0}, new float[] {0, odd, 0});
    assertFalse(Float.isFinite(frame.peakAmplitude()));
    assertFalse(frame.isSilent(1));
    for (float sample : frame.normalize().channelA()) {
      assertTrue(Float.isNaN(sample), "sample of " + sample);
    }
  }

  @Test
  void a_normalised_frame_has_a_peak_of_one_and_the_measured_one_keeps_its_own() {
    float[] a = {0.5f, -0.25f};
    float[] b = {-0.125f, 0};
    AudioFrame frame = frame(a, b);
    AudioFrame normalised = frame.normalize();
    assertArrayEquals(new float[] {1, -0.5f}, normalised.channelA());
    assertArrayEquals(new float[] {-0.25f, 0}, normalised.channelB());
    assertArrayEquals(new float[] {0.5f, -0.25f}, a);
    assertArrayEquals(new float[] {-0.125f, 0}, b);
    assertEquals(frame.firstSampleIndex(), normalised.firstSampleIndex());
    assertEquals(frame.captured(), normalised.captured());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.MIN_VALUE, 1e-39f, Float.MAX_VALUE})
  void the_faintest_and_the_loudest_are_normalised_too(float peak) {
    assertEquals(1, frame(new float[] {peak}, new float[1]).normalize().peakAmplitude());
  }

  @Test
  void silence_stays_silence() {
    assertEquals(0, frame(new float[3], new float[3]).normalize().peakAmplitude());
  }

  @Test
  void a_window_is_applied_to_a_copy_of_both_microphones() {
    float[] a = {1, 2, 4};
    AudioFrame frame = frame(a, new float[] {-1, -2, -4});
    AudioFrame tapered = frame.applyWindow(new float[] {0, 0.5f, 1});
    assertArrayEquals(new float[] {0, 1, 4}, tapered.channelA());
    assertArrayEquals(new float[] {-0f, -1, -4}, tapered.channelB());
    assertArrayEquals(new float[] {1, 2, 4}, a);
    assertNotSame(frame, tapered);
  }

  @Test
  void a_window_of_another_length_is_refused() {
    AudioFrame frame = frame(new float[3], new float[3]);
    var e = assertThrows(IllegalArgumentException.class, () -> frame.applyWindow(new float[4]));
    assertEquals("the window has 4 factors, the frame 3 samples", e.getMessage());
  }
}
