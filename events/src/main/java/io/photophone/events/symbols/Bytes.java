package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Little-endian bytes of a file, each read of which is checked against their end.
final class Bytes {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment data;
  private final String place;

  /// @param place what the bytes are, for messages
  Bytes(MemorySegment data, String place) {
    this.data = data;
    this.place = place;
  }

  MemorySegment data() {
    return data;
  }

  String place() {
    return place;
  }

  long size() {
    return data.byteSize();
  }

  int u8(long at) throws SymbolException {
    check(at, 1);
    return data.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  int u16(long at) throws SymbolException {
    check(at, 2);
    return data.get(SHORT, at) & 0xffff;
  }

  long u32(long at) throws SymbolException {
    check(at, 4);
    return data.get(INT, at) & 0xffffffffL;
  }

  long i64(long at) throws SymbolException {
    check(at, 8);
    return data.get(LONG, at);
  }

  /// The part of `length` bytes at `offset`, which `what` names.
  Bytes slice(long offset, long length, String what) throws SymbolException {
    String name = place + ": " + what;
    if (offset < 0 || offset > size()) {
      throw SymbolException.outOfRange(name + ": offset", offset, 0, size());
    }
    if (length < 0 || length > size() - offset) {
      throw SymbolException.outOfRange(name + ": size", length, 0, size() - offset);
    }
    return new Bytes(data.asSlice(offset, length), name);
  }

  /// Length of the string at `at`, whose NUL must lie within these bytes.
  ///
  /// @return the length, or -1 if the string doesn't start or end within the first `limit` bytes
  int stringLength(long at, int limit) {
    if (at < 0 || at >= size()) {
      return -1;
    }
    long end = Math.min(size(), at + limit);
    long i = at;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      long eight = data.get(LONG, i);
      // The lowest of the high bits that this sets is that of the first NUL.
      long zeros = (eight - 0x0101010101010101L) & ~eight & 0x8080808080808080L;
      if (zeros != 0) {
        return (int) (i - at) + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    for (; i < end; i++) {
      if (data.get(ValueLayout.JAVA_BYTE, i) == 0) {
        return (int) (i - at);
      }
    }
    return -1;
  }

  String string(long at, int limit) throws SymbolException {
    int length = stringLength(at, limit);
    if (length < 0) {
      throw SymbolException.of(
          "%s: the string at 0x%x".formatted(place, at),
          "without an end",
          "a string that ends within %d bytes and before 0x%x".formatted(limit, size()));
    }
    byte[] bytes = data.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  byte[] copy() {
    return data.toArray(ValueLayout.JAVA_BYTE);
  }

  private void check(long at, int length) throws SymbolException {
    if (at < 0 || at > size() - length) {
      throw SymbolException.outOfRange(place + ": offset", at, 0, size() - length);
    }
  }
}
