package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads DWARF's numbers one after the other from bytes that may lie. A read beyond the limit gives
/// 0, moves to the limit and is remembered, so that hot code needs no exceptions: it asks `failed`
/// once at the end.
final class DwarfCursor {
  /// A pointer that isn't there.
  static final int OMITTED = 0xff;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private MemorySegment data = MemorySegment.NULL;
  private long position;
  private long limit;
  private boolean failed;

  /// Reads from `start` on, and never at `end` or beyond.
  void over(MemorySegment bytes, long start, long end) {
    data = bytes;
    failed = false;
    limit = Math.clamp(end, 0, bytes.byteSize());
    position = 0;
    moveTo(start);
  }

  boolean failed() {
    return failed;
  }

  void fail() {
    failed = true;
    position = limit;
  }

  long position() {
    return position;
  }

  boolean hasMore() {
    return position < limit;
  }

  void moveTo(long place) {
    if (place < 0 || place > limit) {
      fail();
    } else {
      position = place;
    }
  }

  /// Nothing is read at `end` or beyond from now on.
  void limit(long end) {
    if (end < position || end > limit) {
      fail();
    } else {
      limit = end;
    }
  }

  void skip(long count) {
    if (count < 0 || count > limit - position) {
      fail();
    } else {
      position += count;
    }
  }

  int u8() {
    return has(1) ? data.get(ValueLayout.JAVA_BYTE, position++) & 0xff : 0;
  }

  int s8() {
    return (byte) u8();
  }

  int u16() {
    if (!has(2)) {
      return 0;
    }
    int value = data.get(SHORT, position) & 0xffff;
    position += 2;
    return value;
  }

  int i32() {
    if (!has(4)) {
      return 0;
    }
    int value = data.get(INT, position);
    position += 4;
    return value;
  }

  long u32() {
    return i32() & 0xffffffffL;
  }

  long i64() {
    if (!has(8)) {
      return 0;
    }
    long value = data.get(LONG, position);
    position += 8;
    return value;
  }

  /// An unsigned number of 7 bits a byte; one beyond 64 bits fails.
  long uleb() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (next & 0x7fL) << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    fail();
    return 0;
  }

  /// A signed number of 7 bits a byte; one beyond 64 bits fails.
  long sleb() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      value |= (next & 0x7fL) << shift;
      if ((next & 0x80) == 0) {
        boolean negative = (next & 0x40) != 0 && shift + 7 < 64;
        return negative ? value | (-1L << (shift + 7)) : value;
      }
    }
    fail();
    return 0;
  }

  /// A pointer as `.eh_frame` encodes it: the low four bits are its form, the next three what it is
  /// relative to. Indirect ones and those relative to text or function fail.
  ///
  /// @param base address of byte 0 of the data
  /// @param dataBase what pointers relative to the data start from
  long pointer(int encoding, long base, long dataBase) {
    long place = base + position;
    long value =
        switch (encoding & 0x0f) {
          case 0x00, 0x04, 0x0c -> i64();
          case 0x01 -> uleb();
          case 0x02 -> u16();
          case 0x03 -> u32();
          case 0x09 -> sleb();
          case 0x0a -> (short) u16();
          case 0x0b -> i32();
          default -> unknown();
        };
    return switch (encoding & 0xf0) {
      case 0x00 -> value;
      case 0x10 -> value + place;
      case 0x30 -> value + dataBase;
      default -> unknown();
    };
  }

  private long unknown() {
    fail();
    return 0;
  }

  private boolean has(int count) {
    if (limit - position < count) {
      fail();
      return false;
    }
    return true;
  }
}
