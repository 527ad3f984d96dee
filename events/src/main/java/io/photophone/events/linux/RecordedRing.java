package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The blocks of one ring in a recorded file, gone through one after the other.
final class RecordedRing {
  private final MemorySegment bytes;
  private final RecordCursor cursor;

  /// Offset and length of each block, in turn.
  private long[] blocks = new long[16];

  private int end;

  RecordedRing(MemorySegment bytes, RecordTime times) {
    this.bytes = bytes;
    this.cursor = new RecordCursor(times);
  }

  void add(long offset, long length) {
    if (end == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * end);
    }
    blocks[end++] = offset;
    blocks[end++] = length;
  }

  RecordCursor cursor() {
    return cursor;
  }

  /// Takes the cursor to the first record of all blocks.
  void begin() {
    cursor.pieces(bytes, blocks, end);
  }
}
