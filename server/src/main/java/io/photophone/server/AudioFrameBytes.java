package io.photophone.server;

import io.photophone.model.AudioFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of a frame, as `docs/formats/audio-frame.md` describes them. All numbers
/// little-endian.
///
/// ```
///  0  4  magic "PPAF"
///  4  2  version, 1
///  6  2  channels, 2
///  8  4  sample format, 1 = float32
/// 12  4  sample rate, Hz
/// 16  8  frame number
/// 24  8  index of the first sample
/// 32  8  capture time of the first sample, ns since 1970-01-01T00:00:00Z
/// 40  4  n, samples for each channel
/// 44  4  zero
/// 48  4n samples of microphone A
///     4n samples of microphone B
/// ```
final class AudioFrameBytes {
  static final String CONTENT_TYPE = "application/octet-stream";
  private static final byte[] MAGIC = {'P', 'P', 'A', 'F'};
  private static final int HEADER_LENGTH = 48;

  private AudioFrameBytes() {}

  static ByteBuffer encode(AudioFrame frame) {
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_LENGTH + 2 * Float.BYTES * frame.length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .putShort((short) 1)
            .putShort((short) 2)
            .putInt(1)
            .putInt(frame.sampleRateHz())
            .putLong(frame.frameNumber())
            .putLong(frame.firstSampleIndex())
            .putLong(frame.captured().epochNanos())
            .putInt(frame.length())
            .putInt(0);
    bytes.asFloatBuffer().put(frame.channelA()).put(frame.channelB());
    return bytes.position(0).limit(bytes.capacity());
  }
}
