package io.photophone.events;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads of single values at any alignment, and the search for end marks.
final class Bytes {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private Bytes() {}

  /// An integer of 1, 2, 4 or 8 bytes, widened by its sign or by zeros.
  static long integer(MemorySegment from, long at, int size, boolean signed, boolean bigEndian) {
    return switch (size) {
      case 1 -> {
        byte value = from.get(ValueLayout.JAVA_BYTE, at);
        yield signed ? value : value & 0xFF;
      }
      case 2 -> {
        short value = from.get(SHORT, at);
        short ordered = bigEndian ? Short.reverseBytes(value) : value;
        yield signed ? ordered : ordered & 0xFFFF;
      }
      case 4 -> {
        int value = from.get(INT, at);
        int ordered = bigEndian ? Integer.reverseBytes(value) : value;
        yield signed ? ordered : ordered & 0xFFFF_FFFFL;
      }
      default -> {
        long value = from.get(LONG, at);
        yield bigEndian ? Long.reverseBytes(value) : value;
      }
    };
  }

  /// Size, sign and order in one number, for [#integer(MemorySegment, long, int)].
  static int form(int size, boolean signed, boolean bigEndian) {
    return 4 * Integer.numberOfTrailingZeros(size) + (signed ? 1 : 0) + (bigEndian ? 2 : 0);
  }

  /// The same by the one number, which costs one jump.
  static long integer(MemorySegment from, long at, int form) {
    return switch (form) {
      case 0, 2 -> from.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
      case 1, 3 -> from.get(ValueLayout.JAVA_BYTE, at);
      case 4 -> from.get(SHORT, at) & 0xFFFF;
      case 5 -> from.get(SHORT, at);
      case 6 -> Short.reverseBytes(from.get(SHORT, at)) & 0xFFFF;
      case 7 -> Short.reverseBytes(from.get(SHORT, at));
      case 8 -> from.get(INT, at) & 0xFFFF_FFFFL;
      case 9 -> from.get(INT, at);
      case 10 -> Integer.reverseBytes(from.get(INT, at)) & 0xFFFF_FFFFL;
      case 11 -> Integer.reverseBytes(from.get(INT, at));
      case 12, 13 -> from.get(LONG, at);
      default -> Long.reverseBytes(from.get(LONG, at));
    };
  }

  static void putInteger(MemorySegment to, long at, int size, boolean bigEndian, long value) {
    switch (size) {
      case 1 -> to.set(ValueLayout.JAVA_BYTE, at, (byte) value);
      case 2 -> to.set(SHORT, at, bigEndian ? Short.reverseBytes((short) value) : (short) value);
      case 4 -> to.set(INT, at, bigEndian ? Integer.reverseBytes((int) value) : (int) value);
      default -> to.set(LONG, at, bigEndian ? Long.reverseBytes(value) : value);
    }
  }

  /// How many bytes come before the first zero byte; -1 if there is none within the limit.
  static int untilZero(MemorySegment from, long at, int limit) {
    int i = 0;
    for (; i + Long.BYTES <= limit; i += Long.BYTES) {
      long word = from.get(LONG, at + i);
      long zeros = (word - ONES) & ~word & HIGH_BITS;
      if (zeros != 0) {
        return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    for (; i < limit; i++) {
      if (from.get(ValueLayout.JAVA_BYTE, at + i) == 0) {
        return i;
      }
    }
    return -1;
  }

  /// How many bytes come before the first zero unit of two bytes; -1 if there is none.
  static int untilZeroUnit(MemorySegment from, long at, int limit) {
    for (int i = 0; i + Short.BYTES <= limit; i += Short.BYTES) {
      if (from.get(SHORT, at + i) == 0) {
        return i;
      }
    }
    return -1;
  }
}
