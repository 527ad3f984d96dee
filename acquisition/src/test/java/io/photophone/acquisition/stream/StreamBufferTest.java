package io.photophone.acquisition.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A34")
final class StreamBufferTest {
  @ParameterizedTest
  @CsvSource({
    "real_time, 10",
    "analysis, 100",
    "recording, 1000",
    "1 frames, 1",
    "10000 frames, 10000",
    "2 s, 60",
    "0.05 s, 2",
    "0.001 s, 1",
  })
  void frames_and_times_are_as_many_frames_at_30_a_second(String text, int frames) {
    assertEquals(frames, StreamBuffer.parse(text).frames(30, 48_000));
  }

  @ParameterizedTest
  @CsvSource({"8 MB, 30, 48000", "1 MB, 30, 192000", "2.5 MB, 100, 8000", "10000 MB, 0.1, 48000"})
  void bytes_are_as_many_frames_as_fit(String text, double fps, int rateHz) {
    StreamBuffer buffer = StreamBuffer.parse(text);
    double allowed = Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1e6;
    double frameBytes = 8 * Math.ceil(rateHz / fps) + StreamBuffer.FRAME_OVERHEAD_BYTES;
    int frames = buffer.frames(fps, rateHz);
    assertTrue(frames * frameBytes <= allowed, frames + " frames are more");
    assertTrue((frames + 1) * frameBytes > allowed || frames == 10_000, frames + " are too few");
  }

  @Test
  void bytes_of_less_than_a_frame_retain_one() {
    assertEquals(1, StreamBuffer.parse("1 MB").frames(0.001, 192_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "real_time",
        "analysis",
        "recording",
        "7 frames",
        "2.5 s",
        "60 s",
        "8 MB",
        "1.25 MB"
      })
  void what_is_read_is_written_the_same(String text) {
    assertEquals(text, StreamBuffer.parse(text).text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "100",
        "0 frames",
        "10001 frames",
        "1.5 frames",
        "-1 s",
        "0 s",
        "3601 s",
        "2 min",
        "0.5 MB",
        "10001 MB",
        "NaN s",
        "2  s",
        "1e3 s",
        "99999999999 frames"
      })
  void anything_else_is_refused(String text) {
    var e = assertThrows(IllegalArgumentException.class, () -> StreamBuffer.parse(text));
    assertTrue(String.valueOf(e.getMessage()).startsWith("buffer is "), e::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"real_time", "17 frames", "0.3 s"})
  @Tag("A16")
  void a_stream_retains_exactly_what_was_configured(String text) {
    int frames = StreamBuffer.parse(text).frames(30, 48_000);
    try (var stream = new SharedAudioStream(frames, StreamClock.SYSTEM)) {
      assertEquals(frames, stream.bufferFrames());
    }
  }

  @Test
  void a_time_of_too_many_frames_is_refused_with_the_rate_that_makes_them() {
    var buffer = new StreamBuffer.Span(Duration.ofSeconds(101));
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new StreamingConfig(100, buffer, Duration.ofSeconds(5), true, 4096));
    assertEquals(
        "buffer is 101 s, allowed: at most 10000 frames, of which target_fps makes 100.0 a second",
        e.getMessage());
  }
}
