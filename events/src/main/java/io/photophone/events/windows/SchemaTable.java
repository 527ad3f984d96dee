package io.photophone.events.windows;

import io.photophone.events.FormatException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Self-descriptions of events that were seen; finding one allocates nothing. One thread.
final class SchemaTable {
  /// Descriptions that are kept; a provider that makes a new one for each event must not fill the
  /// memory.
  static final int MOST = 4096;

  /// A description and what became of it.
  ///
  /// @param bytes a copy: provider, then the description
  /// @param entry what reads such events; null if the description is damaged
  /// @param problem why it is; null if it isn't
  record Schema(
      long hash,
      MemorySegment bytes,
      EventTable.@Nullable Entry entry,
      @Nullable FormatException problem) {}

  private static final int GUID = 16;

  private final @Nullable Schema[] slots = new @Nullable Schema[MOST * 2];
  private int count;

  boolean isFull() {
    return count == MOST;
  }

  /// @param provider where its GUID is
  @Nullable Schema find(MemorySegment segment, long provider, long offset, int length) {
    long hash = hash(segment, provider, offset, length);
    int at = slot(hash);
    while (true) {
      Schema schema = slots[at];
      if (schema == null || isOf(schema, hash, segment, provider, offset, length)) {
        return schema;
      }
      at = (at + 1) & (slots.length - 1);
    }
  }

  private static boolean isOf(
      Schema schema, long hash, MemorySegment segment, long provider, long offset, int length) {
    MemorySegment known = schema.bytes;
    return schema.hash == hash
        && known.byteSize() == GUID + length
        && MemorySegment.mismatch(known, 0, GUID, segment, provider, provider + GUID) < 0
        && MemorySegment.mismatch(known, GUID, GUID + length, segment, offset, offset + length) < 0;
  }

  /// Adds one that [#find] didn't find.
  Schema add(
      MemorySegment segment,
      long provider,
      long offset,
      int length,
      EventTable.@Nullable Entry entry,
      @Nullable FormatException problem) {
    MemorySegment copy = MemorySegment.ofArray(new byte[GUID + length]);
    MemorySegment.copy(segment, provider, copy, 0, GUID);
    MemorySegment.copy(segment, offset, copy, GUID, length);
    long hash = hash(segment, provider, offset, length);
    Schema added = new Schema(hash, copy, entry, problem);
    int at = slot(hash);
    while (slots[at] != null) {
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = added;
    count++;
    return added;
  }

  private int slot(long hash) {
    return (int) (hash >>> 40) & (slots.length - 1);
  }

  private static long hash(MemorySegment segment, long provider, long offset, int length) {
    long hash = mixed(Words.s64(segment, provider), Words.s64(segment, provider + Long.BYTES));
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      hash = mixed(hash, Words.s64(segment, offset + i));
    }
    for (; i < length; i++) {
      hash = mixed(hash, Words.u8(segment, offset + i));
    }
    return hash;
  }

  private static long mixed(long hash, long word) {
    long mixed = (hash ^ word) * 0x9E37_79B9_7F4A_7C15L;
    return mixed ^ mixed >>> 29;
  }
}
