package io.photophone.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of a frame, as `docs/formats/audio-frame.md` describes them. All numbers
/// little-endian.
///
/// ```
///  0  4  magic "PPAF"
///  4  2  version, 1
///  6  2  channels, 2
///  8  4  sample format, 1 = float32, 2 = int16
/// 12  4  sample rate of the source, Hz
/// 16  8  frame number
/// 24  8  index of the first sample, as the source counts
/// 32  8  capture time of the first sample, ns since 1970-01-01T00:00:00Z
/// 40  4  n, samples for each channel
/// 44  2  samples of the source for each one here; 0 for one
/// 46  2  flags: 1 = a sample was beyond full scale or no number, and int16 couldn't hold it
/// 48  sn samples of microphone A, s bytes each
///     sn samples of microphone B
/// ```
final class AudioFrameBytes {
  static final String CONTENT_TYPE = "application/octet-stream";
  private static final byte[] MAGIC = {'P', 'P', 'A', 'F'};
  private static final int HEADER_LENGTH = 48;
  private static final int FLAGS = 46;
  private static final int ALTERED = 1;

  private AudioFrameBytes() {}

  static ByteBuffer encode(ResolvedFrame frame, SampleFormat format) {
    int factor = frame.resolution().factor();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(HEADER_LENGTH + 2 * format.bytes() * frame.length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .putShort((short) 1)
            .putShort((short) 2)
            .putInt(format.code())
            .putInt(frame.frame().sampleRateHz())
            .putLong(frame.frame().frameNumber())
            .putLong(frame.firstSample())
            .putLong(frame.captured().epochNanos())
            .putInt(frame.length())
            .putShort((short) (factor == 1 ? 0 : factor))
            .putShort((short) 0);
    boolean altered = format.put(frame.a(), bytes);
    altered |= format.put(frame.b(), bytes);
    return bytes.putShort(FLAGS, (short) (altered ? ALTERED : 0)).flip();
  }
}
