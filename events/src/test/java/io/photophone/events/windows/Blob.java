package io.photophone.events.windows;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Little-endian bytes, one after the other.
final class Blob {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Blob integer(long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes.write((int) (value >>> (i * Byte.SIZE)));
    }
    return this;
  }

  Blob u8(int value) {
    return integer(value, 1);
  }

  Blob u16(int value) {
    return integer(value, 2);
  }

  Blob u32(long value) {
    return integer(value, 4);
  }

  Blob u64(long value) {
    return integer(value, 8);
  }

  Blob raw(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  Blob zeros(int count) {
    return raw(new byte[count]);
  }

  Blob text(String value) {
    return raw(value.getBytes(StandardCharsets.UTF_8)).u8(0);
  }

  Blob utf16(String value) {
    return raw(value.getBytes(StandardCharsets.UTF_16LE)).u16(0);
  }

  Blob countedText(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return u16(text.length).raw(text);
  }

  Blob countedUtf16(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_16LE);
    return u16(text.length).raw(text);
  }

  /// As Windows stores it, written out here on its own.
  Blob guid(UUID value) {
    String digits = value.toString().replace("-", "");
    u32(Long.parseLong(digits.substring(0, 8), 16));
    u16(Integer.parseInt(digits.substring(8, 12), 16));
    u16(Integer.parseInt(digits.substring(12, 16), 16));
    for (int i = 16; i < 32; i += 2) {
      u8(Integer.parseInt(digits.substring(i, i + 2), 16));
    }
    return this;
  }

  /// The size of it all, 16 bits, and then it all.
  byte[] sized() {
    return new Blob().u16(bytes.size() + 2).raw(bytes.toByteArray()).toBytes();
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
