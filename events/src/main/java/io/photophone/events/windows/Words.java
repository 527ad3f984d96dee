package io.photophone.events.windows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.UUID;

/// Reads and writes little-endian integers and GUIDs at any alignment, as Windows stores them.
final class Words {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  static int u8(MemorySegment from, long at) {
    return from.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  static int u16(MemorySegment from, long at) {
    return from.get(SHORT, at) & 0xFFFF;
  }

  static int s32(MemorySegment from, long at) {
    return from.get(INT, at);
  }

  static long s64(MemorySegment from, long at) {
    return from.get(LONG, at);
  }

  static void put8(MemorySegment to, long at, int value) {
    to.set(ValueLayout.JAVA_BYTE, at, (byte) value);
  }

  static void put16(MemorySegment to, long at, int value) {
    to.set(SHORT, at, (short) value);
  }

  static void put32(MemorySegment to, long at, int value) {
    to.set(INT, at, value);
  }

  static void put64(MemorySegment to, long at, long value) {
    to.set(LONG, at, value);
  }

  /// The upper half of a GUID as [UUID] has it: a GUID's first three numbers are little-endian.
  static long guidHigh(MemorySegment from, long at) {
    return (long) s32(from, at) << 32 | (long) u16(from, at + 4) << 16 | u16(from, at + 6);
  }

  /// The lower half of a GUID as [UUID] has it: the last eight bytes in their order.
  static long guidLow(MemorySegment from, long at) {
    return Long.reverseBytes(s64(from, at + 8));
  }

  static UUID guid(MemorySegment from, long at) {
    return new UUID(guidHigh(from, at), guidLow(from, at));
  }

  static void putGuid(MemorySegment to, long at, UUID value) {
    long high = value.getMostSignificantBits();
    put32(to, at, (int) (high >>> 32));
    put16(to, at + 4, (int) (high >>> 16));
    put16(to, at + 6, (int) high);
    put64(to, at + 8, Long.reverseBytes(value.getLeastSignificantBits()));
  }
}
