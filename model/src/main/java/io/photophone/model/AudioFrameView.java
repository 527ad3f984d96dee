package io.photophone.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;

/// A frame over the bytes that were received for it, without copying a sample: what a client of the
/// binary format reads. `docs/formats/audio-frame.md` describes the bytes.
///
/// The bytes must not change while the view is in use. Contract: B31.
///
/// @param captureEpochNanos when the first sample was captured, ns since 1970-01-01T00:00:00Z
/// @param channelA read only
/// @param channelB read only
public record AudioFrameView(
    int sampleRateHz,
    long frameNumber,
    long firstSampleIndex,
    long captureEpochNanos,
    FloatBuffer channelA,
    FloatBuffer channelB) {
  private static final String MAGIC = "PPAF";
  private static final int VERSION = 1;
  private static final int CHANNELS = 2;
  private static final int FLOAT32 = 1;
  private static final int HEADER_LENGTH = 48;

  /// A view of the one frame between a buffer's position and its limit, neither of which changes.
  ///
  /// @throws IllegalArgumentException if the bytes aren't such a frame, or the samples are at no
  ///   multiple of their size, with the byte and what is allowed there
  public static AudioFrameView of(ByteBuffer received) {
    ByteBuffer bytes = received.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.remaining() < HEADER_LENGTH) {
      throw new IllegalArgumentException(
          "a frame of %d bytes, allowed: %d or more".formatted(bytes.remaining(), HEADER_LENGTH));
    }
    byte[] magic = new byte[MAGIC.length()];
    bytes.get(0, magic);
    String found = new String(magic, StandardCharsets.ISO_8859_1);
    if (!found.equals(MAGIC)) {
      throw new IllegalArgumentException(
          "begins with \"%s\", allowed: %s (byte 0)".formatted(found, MAGIC));
    }
    check("version", Short.toUnsignedInt(bytes.getShort(4)), VERSION, 4);
    check("number of channels", Short.toUnsignedInt(bytes.getShort(6)), CHANNELS, 6);
    check("sample format", bytes.getInt(8), FLOAT32, 8);
    int sampleRateHz = bytes.getInt(12);
    long frameNumber = bytes.getLong(16);
    long firstSampleIndex = bytes.getLong(24);
    if (sampleRateHz <= 0 || frameNumber < 0 || firstSampleIndex < 0) {
      throw new IllegalArgumentException(
          "sample rate %d, frame %d, sample %d, allowed: a positive rate and no negative position"
              .formatted(sampleRateHz, frameNumber, firstSampleIndex));
    }
    long length = Integer.toUnsignedLong(bytes.getInt(40));
    long needed = HEADER_LENGTH + 2 * Float.BYTES * length;
    if (length == 0 || bytes.remaining() != needed) {
      throw new IllegalArgumentException(
          "a frame of %d samples in %d bytes, allowed: 1 or more in %d (byte 40)"
              .formatted(length, bytes.remaining(), needed));
    }
    int misplaced = misplaced(bytes);
    if (misplaced != 0) {
      throw new IllegalArgumentException(
          "the samples begin %d bytes behind a multiple of %d in memory, allowed: 0"
              .formatted(misplaced, Float.BYTES));
    }
    FloatBuffer samples =
        bytes
            .position(HEADER_LENGTH)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .asReadOnlyBuffer();
    int each = (int) length;
    return new AudioFrameView(
        sampleRateHz,
        frameNumber,
        firstSampleIndex,
        bytes.getLong(32),
        samples.slice(0, each),
        samples.slice(each, each));
  }

  /// Bytes by which the samples are off their alignment. Arrays begin at a multiple of every
  /// sample's size; where a read-only buffer hides its array, the JVM takes care of it.
  private static int misplaced(ByteBuffer bytes) {
    if (bytes.isDirect()) {
      return bytes.alignmentOffset(HEADER_LENGTH, Float.BYTES);
    }
    return bytes.hasArray() ? (bytes.arrayOffset() + HEADER_LENGTH) % Float.BYTES : 0;
  }

  private static void check(String what, int value, int allowed, int at) {
    if (value != allowed) {
      throw new IllegalArgumentException(
          "%s is %d, allowed: %d (byte %d)".formatted(what, value, allowed, at));
    }
  }

  /// Samples for each channel.
  public int length() {
    return channelA.limit();
  }
}
