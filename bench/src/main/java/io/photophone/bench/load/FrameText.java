package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/// A frame of the program's, whose number and time are replaced, so that other servers send the
/// same bytes at the same rate.
final class FrameText {
  static final int FPS = 30;
  static final Duration PERIOD = Duration.ofNanos(1_000_000_000L / FPS);

  private final byte[] samples;
  private final Frame frame;

  /// @param json a frame as the program answers with it
  FrameText(String json) {
    this.frame = JsonMapper.shared().readValue(json, Frame.class);
    int behind = json.indexOf("\"sample_rate\"");
    if (behind < 0) {
      throw new IllegalArgumentException("a frame without sample_rate: " + json);
    }
    this.samples = json.substring(0, behind).getBytes(US_ASCII);
  }

  /// A frame's fields as they are on the wire.
  record Frame(
      float[] channel_a,
      float[] channel_b,
      int sample_rate,
      long timestamp,
      long frame_number,
      long first_sample,
      double duration_ms) {

    /// The same samples, of now.
    Frame at(long number) {
      return new Frame(
          channel_a,
          channel_b,
          sample_rate,
          System.currentTimeMillis() - Math.round(duration_ms),
          number,
          number * channel_a.length,
          duration_ms);
    }
  }

  Frame at(long number) {
    return frame.at(number);
  }

  /// The event of a frame of now, as one chunk of a response.
  ByteBuffer chunk(long number) {
    Frame now = frame.at(number);
    byte[] head = "id: %d\ndata: ".formatted(number).getBytes(US_ASCII);
    byte[] rest =
        "\"sample_rate\":%d,\"timestamp\":%d,\"frame_number\":%d,\"first_sample\":%d,\"duration_ms\":%s}\n\n"
            .formatted(
                now.sample_rate(),
                now.timestamp(),
                now.frame_number(),
                now.first_sample(),
                now.duration_ms())
            .getBytes(US_ASCII);
    int length = head.length + samples.length + rest.length;
    byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(US_ASCII);
    return ByteBuffer.allocateDirect(size.length + length + 2)
        .put(size)
        .put(head)
        .put(samples)
        .put(rest)
        .put((byte) '\r')
        .put((byte) '\n')
        .flip();
  }
}
