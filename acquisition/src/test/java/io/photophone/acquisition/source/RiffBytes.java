package io.photophone.acquisition.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// A RIFF file put together chunk by chunk, right or wrong, without the code under test.
final class RiffBytes {
  private final String magic;
  private final String type;
  private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

  RiffBytes(String magic, String type) {
    this.magic = magic;
    this.type = type;
  }

  static RiffBytes wave() {
    return new RiffBytes("RIFF", "WAVE");
  }

  /// A chunk with its true length and its padding.
  RiffBytes chunk(String id, byte... content) {
    chunk(id, content.length, content);
    return content.length % 2 == 0 ? this : raw(new byte[1]);
  }

  /// A chunk that claims any length, without padding.
  RiffBytes chunk(String id, long claimedLength, byte... content) {
    raw(id.getBytes(StandardCharsets.ISO_8859_1));
    raw(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) claimedLength).array());
    return raw(content);
  }

  RiffBytes raw(byte... bytes) {
    chunks.writeBytes(bytes);
    return this;
  }

  RiffBytes format(int tag, int channels, int rate, int bits) {
    return format(tag, channels, rate, channels * bits / 8, bits);
  }

  RiffBytes format(int tag, int channels, int rate, int block, int bits) {
    return chunk("fmt ", formatContent(tag, channels, rate, block, bits));
  }

  static byte[] formatContent(int tag, int channels, int rate, int block, int bits) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) tag)
        .putShort((short) channels)
        .putInt(rate)
        .putInt(rate * block)
        .putShort((short) block)
        .putShort((short) bits)
        .array();
  }

  /// WAVE_FORMAT_EXTENSIBLE.
  ///
  /// @param subformat a GUID as its 32 hexadecimal digits in the order of the bytes
  RiffBytes extensible(int channels, int rate, int bits, String subformat) {
    ByteBuffer content = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    content.put(formatContent(0xFFFE, channels, rate, channels * bits / 8, bits));
    content.putShort((short) 22).putShort((short) bits).putInt(3);
    content.put(HexFormat.of().parseHex(subformat));
    return chunk("fmt ", content.array());
  }

  RiffBytes ds64(long dataBytes) {
    return chunk(
        "ds64",
        ByteBuffer.allocate(28)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0)
            .putLong(dataBytes)
            .array());
  }

  /// With the true length in the RIFF header.
  byte[] bytes() {
    return bytes(4 + chunks.size());
  }

  byte[] bytes(long claimedLength) {
    return ByteBuffer.allocate(12 + chunks.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(magic.getBytes(StandardCharsets.ISO_8859_1))
        .putInt((int) claimedLength)
        .put(type.getBytes(StandardCharsets.ISO_8859_1))
        .put(chunks.toByteArray())
        .array();
  }

  static byte[] shorts(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putInt(value);
    }
    return bytes.array();
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }
}
