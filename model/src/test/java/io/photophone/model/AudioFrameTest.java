package io.photophone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("A11")
final class AudioFrameTest {
  private static final CaptureTime TIME = new CaptureTime(1_750_000_000_123_456_789L, 42);

  @Test
  void a_frame_tells_what_it_was_made_of_and_copies_nothing() {
    float[] a = {1, 2, 3};
    float[] b = {4, 5, 6};
    AudioFrame frame = new AudioFrame(a, b, 48_000, 7, 1000, TIME);
    assertSame(a, frame.channelA());
    assertSame(b, frame.channelB());
    assertEquals(48_000, frame.sampleRateHz());
    assertEquals(7, frame.frameNumber());
    assertEquals(1000, frame.firstSampleIndex());
    assertEquals(1003, frame.endSampleIndex());
    assertEquals(3, frame.length());
    assertSame(TIME, frame.captured());
  }

  @ParameterizedTest
  @CsvSource({"1470, 44100, 33.333333333333336", "1, 1, 1000", "96, 192000, 0.5"})
  void its_duration_is_its_length_over_its_rate(int length, int rateHz, double millis) {
    assertEquals(
        millis,
        new AudioFrame(new float[length], new float[length], rateHz, 0, 0, TIME).durationMs());
  }

  @ParameterizedTest
  @CsvSource({
    "3, 2, 48000, 0, 0, A has 3 samples",
    "3, 2, 48000, 0, 0, B has 2",
    "0, 0, 48000, 0, 0, at least one sample",
    "0, 1, 48000, 0, 0, A has 0 samples",
    "1, 1, 0, 0, 0, 0 Hz",
    "1, 1, -8000, 0, 0, -8000 Hz",
    "1, 1, 48000, -1, 0, frame -1",
    "1, 1, 48000, 0, -5, sample -5",
  })
  void what_is_no_frame_is_refused_with_the_value(
      int lengthA, int lengthB, int rateHz, long number, long first, String told) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new AudioFrame(
                    new float[lengthA], new float[lengthB], rateHz, number, first, TIME));
    assertTrue(refusal.getMessage().contains(told), refusal.getMessage());
  }

  @Test
  void a_capture_time_moves_on_both_clocks_and_knows_whether_it_is_one() {
    assertEquals(new CaptureTime(1_750_000_000_123_456_689L, -58), TIME.plusNanos(-100));
    assertEquals(1_750_000_000_123L, TIME.epochMillis());
    assertEquals(Instant.ofEpochSecond(1_750_000_000L, 123_456_789), TIME.instant());
    assertTrue(TIME.isKnown());
    assertTrue(!CaptureTime.UNKNOWN.isKnown());
  }
}
