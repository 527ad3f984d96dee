package io.photophone.server;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How a sample stands in the bytes of a frame; little-endian. Contract: A44.
enum SampleFormat {
  /// As it is, bit for bit.
  FLOAT32(1, Float.BYTES) {
    @Override
    boolean put(float[] samples, ByteBuffer bytes) {
      bytes.asFloatBuffer().put(samples);
      bytes.position(bytes.position() + samples.length * Float.BYTES);
      return false;
    }
  },
  /// In steps of 2⁻¹⁵ of full scale, as 16-bit recordings have it: those arrive bit for bit.
  INT16(2, Short.BYTES) {
    @Override
    boolean put(float[] samples, ByteBuffer bytes) {
      boolean altered = false;
      for (float sample : samples) {
        int step = Math.round(sample * STEPS);
        short stored = (short) Math.clamp(step, Short.MIN_VALUE, Short.MAX_VALUE);
        altered |= step != stored || Float.isNaN(sample);
        bytes.putShort(stored);
      }
      return altered;
    }
  };

  /// Steps from zero to full scale.
  private static final float STEPS = 32_768;

  private final int code;
  private final int bytes;

  SampleFormat(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /// What the header of a frame calls it.
  int code() {
    return code;
  }

  /// Bytes of a sample.
  int bytes() {
    return bytes;
  }

  /// Writes samples and moves the position; true if one of them is beyond full scale, and was put
  /// at its end, or is no number, and was put as zero.
  abstract boolean put(float[] samples, ByteBuffer bytes);

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<SampleFormat> named(String name) {
    return Arrays.stream(values()).filter(each -> each.wireName().equals(name)).findFirst();
  }

  static List<String> choices() {
    return Arrays.stream(values()).map(SampleFormat::wireName).toList();
  }
}
