package io.photophone.acquisition.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// An AIFF file put together chunk by chunk, right or wrong, without the code under test.
final class AiffBytes {
  /// 8000 and 0.5 as 80-bit extended numbers.
  static final String RATE_8000 = "400bfa00000000000000";

  static final String RATE_HALF = "3ffe8000000000000000";

  private final String type;
  private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

  AiffBytes(String type) {
    this.type = type;
  }

  /// A chunk with its true length and its padding.
  AiffBytes chunk(String id, byte... content) {
    chunk(id, content.length, content);
    return content.length % 2 == 0 ? this : raw(new byte[1]);
  }

  /// A chunk that claims any length, without padding.
  AiffBytes chunk(String id, long claimedLength, byte... content) {
    raw(id.getBytes(StandardCharsets.ISO_8859_1));
    raw(ByteBuffer.allocate(4).putInt((int) claimedLength).array());
    return raw(content);
  }

  AiffBytes raw(byte... bytes) {
    chunks.writeBytes(bytes);
    return this;
  }

  /// At 8000 Hz.
  ///
  /// @param encoding empty in an AIFF, where there is none
  AiffBytes common(int channels, long samples, int bits, String encoding) {
    return common(channels, samples, bits, RATE_8000, encoding);
  }

  AiffBytes common(int channels, long samples, int bits, String rate, String encoding) {
    ByteBuffer content = ByteBuffer.allocate(encoding.isEmpty() ? 18 : 24);
    content.putShort((short) channels).putInt((int) samples).putShort((short) bits);
    content.put(HexFormat.of().parseHex(rate));
    content.put(encoding.getBytes(StandardCharsets.ISO_8859_1));
    return chunk("COMM", content.array());
  }

  /// @param skipped bytes before the samples, zeros
  AiffBytes sound(int skipped, byte... samples) {
    ByteBuffer content = ByteBuffer.allocate(8 + skipped + samples.length);
    content.putInt(skipped).putInt(0).position(8 + skipped).put(samples);
    return chunk("SSND", content.array());
  }

  /// With the true length in the header.
  byte[] bytes() {
    return bytes(4 + chunks.size());
  }

  byte[] bytes(long claimedLength) {
    return ByteBuffer.allocate(12 + chunks.size())
        .put("FORM".getBytes(StandardCharsets.ISO_8859_1))
        .putInt((int) claimedLength)
        .put(type.getBytes(StandardCharsets.ISO_8859_1))
        .put(chunks.toByteArray())
        .array();
  }
}
