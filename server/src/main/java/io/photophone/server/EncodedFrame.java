package io.photophone.server;

import io.photophone.model.AudioFrame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A frame in the formats in which clients get it, each encoded when it is first asked for and not
/// again. Safe to share between threads.
final class EncodedFrame {
  private final AudioFrame frame;
  private final Event event;
  private @Nullable ByteBuffer bytes;

  EncodedFrame(AudioFrame frame) {
    this.frame = frame;
    this.event = Event.of(frame.frameNumber(), "audio", _ -> json(frame));
  }

  AudioFrame frame() {
    return frame;
  }

  Event event() {
    return event;
  }

  /// The caller's own view of the JSON.
  ByteBuffer json() {
    return ByteBuffer.wrap(event.json(Event.Part.ALL)).asReadOnlyBuffer();
  }

  /// The caller's own view of the bytes of [AudioFrameBytes].
  synchronized ByteBuffer bytes() {
    ByteBuffer encoded = bytes;
    if (encoded == null) {
      encoded = AudioFrameBytes.encode(frame).asReadOnlyBuffer();
      bytes = encoded;
    }
    return encoded.duplicate();
  }

  private static byte[] json(AudioFrame frame) {
    return new JsonFloats()
        .raw("{\"channel_a\":")
        .array(frame.channelA(), 0, frame.length())
        .raw(",\"channel_b\":")
        .array(frame.channelB(), 0, frame.length())
        .raw(
            ",\"sample_rate\":%d,\"timestamp\":%d,\"frame_number\":%d,\"first_sample\":%d,\"duration_ms\":%s}"
                .formatted(
                    frame.sampleRateHz(),
                    frame.captured().epochMillis(),
                    frame.frameNumber(),
                    frame.firstSampleIndex(),
                    frame.durationMs()))
        .toBytes();
  }
}
