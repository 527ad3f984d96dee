package io.photophone.events.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// The memory into which the kernel writes the records of one processor: one page that says how far
/// it has written and we have read, then a power of two of pages with the records.
///
/// ```
/// 1024 written up to (the kernel's release, our acquire)
/// 1032 read up to (our release, the kernel's acquire)
/// ```
///
/// Read by one thread. The kernel writes over nothing that isn't given back, so records are used
/// where they lie until [#giveBack].
final class Ring {
  static final long HEAD = 1024;
  static final long TAIL = 1032;

  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment memory;
  private final long dataOffset;
  private final long size;
  private final RecordCursor cursor;
  private long given;

  /// @param memory one page and the ring
  Ring(MemorySegment memory, long pageSize, RecordTime times) {
    this.memory = memory;
    this.dataOffset = pageSize;
    this.size = memory.byteSize() - pageSize;
    if (Long.bitCount(size) != 1) {
      throw new IllegalArgumentException(
          "a ring has %d bytes, allowed: powers of 2".formatted(size));
    }
    this.cursor = new RecordCursor(times);
    this.given = (long) LONG.get(memory, TAIL);
  }

  RecordCursor cursor() {
    return cursor;
  }

  /// Takes the cursor to what was written up to now.
  void look() {
    long head = (long) LONG.getAcquire(memory, HEAD);
    cursor.ring(memory, dataOffset, size, given, head);
  }

  /// Lets the kernel write over all that the cursor has gone past.
  void giveBack() {
    long consumed = cursor.position();
    if (consumed != given) {
      given = consumed;
      LONG.setRelease(memory, TAIL, consumed);
    }
  }

  /// Hands all bytes over that were written up to now, whole records in their order, and gives them
  /// back.
  void drainTo(Bytes to) throws IOException {
    long head = (long) LONG.getAcquire(memory, HEAD);
    long at = given & (size - 1);
    long count = head - given;
    if (count == 0) {
      return;
    }
    long first = Math.min(count, size - at);
    to.take(memory.asSlice(dataOffset + at, first), memory.asSlice(dataOffset, count - first));
    given = head;
    LONG.setRelease(memory, TAIL, head);
  }

  /// Takes bytes of a ring in two pieces, of which the second may be empty.
  @FunctionalInterface
  interface Bytes {
    void take(MemorySegment first, MemorySegment second) throws IOException;
  }
}
