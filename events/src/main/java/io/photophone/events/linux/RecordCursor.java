package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Goes from record to record over one processor's bytes in their order: in a ring, or in one piece
/// of memory. Records are looked at where they lie; one that goes over the end of the ring is
/// copied. One thread; allocates nothing.
///
/// ```
/// 0 kind u32 | 4 more u16 | 6 length of the record u16 | 8 what its kind says
/// ```
final class RecordCursor {
  static final int HEADER = 8;
  static final int LONGEST = 0xFFFF;
  private static final int WHOLE = Long.BYTES - 1;

  private final RecordTime times;

  /// Aligned to 8 bytes; the longest record and no more.
  private final MemorySegment scratch = MemorySegment.ofArray(new long[LONGEST / Long.BYTES + 1]);

  private MemorySegment memory = MemorySegment.NULL;
  private long base;
  private long mask;
  private long position;
  private long limit;

  private long[] pieces = {};
  private int nextPiece;
  private int endPiece;

  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private int length;
  private long timeNanos = Long.MIN_VALUE;
  private long damaged;
  private long damagedBytes;

  RecordCursor(RecordTime times) {
    this.times = times;
  }

  /// Goes to bytes that lie in a ring.
  ///
  /// @param size of the ring from `base` on, a power of two
  /// @param position of the first byte, counted since the ring is there
  /// @param limit after the last byte, the same way
  void ring(MemorySegment memory, long base, long size, long position, long limit) {
    this.memory = memory;
    this.base = base;
    this.mask = size - 1;
    this.position = position;
    this.limit = limit;
    if (limit < position || limit - position > size) {
      damage();
    }
    advance();
  }

  /// Goes to bytes that lie in pieces, one after the other.
  ///
  /// @param pieces offset and size of each, in turn
  /// @param count of the numbers that are used
  void pieces(MemorySegment memory, long[] pieces, int count) {
    this.memory = memory;
    this.mask = Long.MAX_VALUE;
    this.pieces = pieces;
    this.nextPiece = 0;
    this.endPiece = count;
    this.position = 0;
    this.limit = 0;
    advance();
  }

  /// Whether it is at a record.
  boolean hasRecord() {
    return length > 0;
  }

  /// Goes past the record, to the next one if there is one.
  void next() {
    position += length;
    advance();
  }

  /// To the next record, over the ends of pieces.
  private void advance() {
    length = 0;
    while (!find() && nextPiece < endPiece) {
      base = pieces[nextPiece];
      position = 0;
      limit = pieces[nextPiece + 1];
      nextPiece += 2;
    }
  }

  private boolean find() {
    long left = limit - position;
    if (left <= 0) {
      return false;
    }
    if (left < HEADER || (position & WHOLE) != 0) {
      damage();
      return false;
    }
    long inMemory = position & mask;
    int size = memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, base + inMemory + 6) & 0xFFFF;
    if (size < HEADER || (size & WHOLE) != 0 || size > left) {
      damage();
      return false;
    }
    if (mask != Long.MAX_VALUE && inMemory + size > mask + 1) {
      long first = mask + 1 - inMemory;
      MemorySegment.copy(memory, base + inMemory, scratch, 0, first);
      MemorySegment.copy(memory, base, scratch, first, size - first);
      segment = scratch;
      offset = 0;
    } else {
      segment = memory;
      offset = base + inMemory;
    }
    length = size;
    timeNanos = Math.min(times.of(segment, offset, size, timeNanos), Long.MAX_VALUE - 1);
    return true;
  }

  /// Gives up what is left: without a length there is no way to the next record.
  private void damage() {
    damaged++;
    damagedBytes += Math.abs(limit - position);
    position = limit;
    length = 0;
  }

  MemorySegment segment() {
    return segment;
  }

  long offset() {
    return offset;
  }

  int length() {
    return length;
  }

  /// When the record was made; for one that doesn't say, when the one before was.
  long timeNanos() {
    return timeNanos;
  }

  /// First byte that isn't consumed.
  long position() {
    return position;
  }

  /// How often the way from record to record was lost.
  long damaged() {
    return damaged;
  }

  /// Bytes given up.
  long damagedBytes() {
    return damagedBytes;
  }
}
