package io.photophone.acquisition.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/// How one sample is written as bytes. An integer of n bits is a sample times 2^(n−1), so that ±1
/// is full scale; the largest integer is one step below +1.
public enum SampleEncoding {
  INT16(2),
  INT24(3),
  INT32(4),
  /// IEEE 754. Holds every sample as it is, beyond full scale as well.
  FLOAT32(4);

  private final int bytes;

  SampleEncoding(int bytes) {
    this.bytes = bytes;
  }

  /// The name in files, as in `int16`.
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Of one sample of one channel.
  int bytes() {
    return bytes;
  }

  int bits() {
    return bytes * Byte.SIZE;
  }

  /// Decodes `count` samples that lie `stride` bytes apart.
  ///
  /// @param from in the byte order of the samples
  /// @param offset of the first sample in `from`
  /// @param first index in `to` of the first sample
  void decode(ByteBuffer from, int offset, int stride, float[] to, int first, int count) {
    int at = offset;
    int end = first + count;
    switch (this) {
      case INT16 -> {
        for (int i = first; i < end; i++, at += stride) {
          to[i] = from.getShort(at) * 0x1p-15f;
        }
      }
      case INT24 -> {
        // The two bytes that the short has, and where the third belongs.
        boolean little = from.order() == ByteOrder.LITTLE_ENDIAN;
        int low = little ? at : at + 1;
        int high = little ? at + 2 : at;
        for (int i = first; i < end; i++, low += stride, high += stride) {
          to[i] = ((from.getShort(low) & 0xFFFF) | (from.get(high) << Short.SIZE)) * 0x1p-23f;
        }
      }
      case INT32 -> {
        for (int i = first; i < end; i++, at += stride) {
          to[i] = from.getInt(at) * 0x1p-31f;
        }
      }
      case FLOAT32 -> {
        for (int i = first; i < end; i++, at += stride) {
          to[i] = from.getFloat(at);
        }
      }
    }
  }

  /// Appends one sample, which saturates at full scale unless this is [#FLOAT32].
  ///
  /// @param to little-endian
  void encode(float sample, ByteBuffer to) {
    switch (this) {
      case INT16 -> to.putShort((short) integer(sample));
      case INT24 -> {
        int value = (int) integer(sample);
        to.putShort((short) value).put((byte) (value >> Short.SIZE));
      }
      case INT32 -> to.putInt((int) integer(sample));
      case FLOAT32 -> to.putFloat(sample);
    }
  }

  /// Whether a sample is outside what the bytes can hold.
  boolean saturates(float sample) {
    return this != FLOAT32 && Math.abs(sample) > 1;
  }

  private long integer(float sample) {
    double fullScale = 1L << (bits() - 1);
    return Math.clamp(Math.round(sample * fullScale), -(long) fullScale, (long) fullScale - 1);
  }
}
