package io.photophone.events.filter;

import io.photophone.events.EventField;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads that compiled filters are made of: one for each size, sign and order, widened to 64 bits.
final class Reads {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Reads() {}

  /// Name of the function here that reads an integer of this field's size, sign and order.
  static String integerOf(FieldRef ref) {
    EventField field = ref.field();
    String sign = field.kind() == FieldKind.FLOAT ? "f" : field.signed() ? "s" : "u";
    int bits = field.elementSize() * Byte.SIZE;
    return sign + bits + (ref.isBigEndian() && bits > 8 ? "be" : "");
  }

  static long s8(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_BYTE, at);
  }

  static long u8(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
  }

  static long s16(MemorySegment segment, long at) {
    return segment.get(SHORT, at);
  }

  static long s16be(MemorySegment segment, long at) {
    return Short.reverseBytes(segment.get(SHORT, at));
  }

  static long u16(MemorySegment segment, long at) {
    return segment.get(SHORT, at) & 0xFFFF;
  }

  static long u16be(MemorySegment segment, long at) {
    return Short.reverseBytes(segment.get(SHORT, at)) & 0xFFFF;
  }

  static long s32(MemorySegment segment, long at) {
    return segment.get(INT, at);
  }

  static long s32be(MemorySegment segment, long at) {
    return Integer.reverseBytes(segment.get(INT, at));
  }

  static long u32(MemorySegment segment, long at) {
    return Integer.toUnsignedLong(segment.get(INT, at));
  }

  static long u32be(MemorySegment segment, long at) {
    return Integer.toUnsignedLong(Integer.reverseBytes(segment.get(INT, at)));
  }

  static long s64(MemorySegment segment, long at) {
    return segment.get(LONG, at);
  }

  static long s64be(MemorySegment segment, long at) {
    return Long.reverseBytes(segment.get(LONG, at));
  }

  static long u64(MemorySegment segment, long at) {
    return s64(segment, at);
  }

  static long u64be(MemorySegment segment, long at) {
    return s64be(segment, at);
  }

  static double f32(MemorySegment segment, long at) {
    return Float.intBitsToFloat((int) s32(segment, at));
  }

  static double f32be(MemorySegment segment, long at) {
    return Float.intBitsToFloat((int) s32be(segment, at));
  }

  static double f64(MemorySegment segment, long at) {
    return Double.longBitsToDouble(s64(segment, at));
  }

  static double f64be(MemorySegment segment, long at) {
    return Double.longBitsToDouble(s64be(segment, at));
  }
}
