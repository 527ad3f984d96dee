package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// The bytes of a recorded session, in the order of the machine that made it. All sizes are
/// multiples of 8, all texts UTF-8 behind a u32 of their bytes.
///
/// ```
/// 0  magic "PhPerf\r\n" | 8 version u32, 1 | 12 bytes of the header with these u32
/// 16 rings u32 | 20 events u32
/// 24 each event: role u32 | attribute 112 bytes | name text | format text
///                | ids u32 | each id u64
///    zeros up to a multiple of 8
/// blocks: ring u32 | bytes u32 | whole records
/// ```
///
/// The ring of the records that were made up for what ran before is the last one.
final class RecordingFormat {
  static final byte[] MAGIC = "PhPerf\r\n".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;

  static final int VERSION_OFFSET = 8;
  static final int HEADER_LENGTH_OFFSET = 12;
  static final int RINGS_OFFSET = 16;
  static final int EVENTS_OFFSET = 20;
  static final int FIRST_EVENT = 24;

  static final int BLOCK_HEADER = 8;
  static final int MOST_RINGS = 1 << 16;
  static final int MOST_EVENTS = 1 << 12;

  private RecordingFormat() {}

  static long padded(long length) {
    return (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
  }

  /// Whether the bytes begin as such a file does.
  static boolean isOne(MemorySegment bytes) {
    return bytes.byteSize() >= FIRST_EVENT
        && bytes.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) < 0;
  }
}
