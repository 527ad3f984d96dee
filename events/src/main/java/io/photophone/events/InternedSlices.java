package io.photophone.events;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/// Slices of `long`s, each kept once: call stacks, above all. The same content gives the same id,
/// dense from 1; 0 is the reserved id [#REFUSED].
///
/// Memory is bounded: what no longer fits is refused and counted, and nothing that was kept is ever
/// dropped. Finding a slice again allocates nothing. For one thread.
///
/// Contract: V8.
public final class InternedSlices {
  /// The id of every slice that did not fit. It reads as an empty slice, so that readers need no
  /// case for it; an empty slice that was interned has an id of its own.
  public static final int REFUSED = 0;

  /*
   * A hit should cost two misses of the cache: one in the table and one in the arena.
   *
   * table: pairs of longs { hash, position + 1 }, a power of two of them, probed one after the other.
   *        The whole hash stands in it, so that a foreign entry is left without a look at the arena,
   *        and a growth reads the table only.
   * arena: chunks of longs; a slice is a header { id : 32, length : 32 } and its longs, never across
   *        two chunks. Chunks are large because their lengths, which each access checks, are then few
   *        enough to stay cached.
   * positions: by id, for reading back.
   */
  private static final int FIRST_SLOTS = 64;
  private static final int SMALLEST_CHUNK_SHIFT = 7;
  private static final int LARGEST_CHUNK_SHIFT = 17;

  /// How many chunks the limit shall hold at least, so that the last, part-filled one is a small
  /// part.
  private static final int CHUNKS_IN_LIMIT = 16;

  private static final Hasher64 HASHER = Hashing.rapidhashV3();
  private static final ByteAccess<long[]> LONGS = new LongArrayBytes();

  private final long limitBytes;
  private final int chunkShift;
  private final int chunkLongs;

  private long[] table = new long[2 * FIRST_SLOTS];
  private long[] positions = new long[FIRST_SLOTS];
  private long[][] chunks = new long[0][];
  private int chunkCount;
  private long end;
  private int size;
  private long refused;
  private long[] scratch = new long[128];

  /// Of at most `limitBytes` for its arrays, at least 8 KiB.
  public InternedSlices(long limitBytes) {
    if (limitBytes < 8192) {
      throw new IllegalArgumentException(
          "limit of interned slices is below 8192 bytes: " + limitBytes);
    }
    this.limitBytes = limitBytes;
    long fitting = limitBytes / Long.BYTES / CHUNKS_IN_LIMIT;
    chunkShift =
        Math.clamp(
            63 - Long.numberOfLeadingZeros(fitting), SMALLEST_CHUNK_SHIFT, LARGEST_CHUNK_SHIFT);
    chunkLongs = 1 << chunkShift;
  }

  /// The id of `source[from]` up to before `source[from + count]`, kept as a copy if it is new.
  public int intern(long[] source, int from, int count) {
    Objects.checkFromIndexSize(from, count, source.length);
    long hash = HASHER.hashBytesToLong(source, (long) from << 3, (long) count << 3, LONGS);
    int mask = (table.length >> 1) - 1;
    int slot = (int) hash & mask;
    while (true) {
      long entry = table[2 * slot + 1];
      if (entry == 0) {
        return add(hash, source, from, count);
      }
      if (table[2 * slot] == hash) {
        long position = entry - 1;
        long[] chunk = chunks[(int) (position >>> chunkShift)];
        int at = (int) position & (chunkLongs - 1);
        long header = chunk[at];
        if ((int) header == count
            && Arrays.equals(chunk, at + 1, at + 1 + count, source, from, from + count)) {
          return (int) (header >>> 32);
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  /// The id of `count` longs in the machine's byte order that start `offset` bytes into the
  /// segment, aligned or not.
  public int intern(MemorySegment source, long offset, int count) {
    Objects.checkFromIndexSize(offset, (long) count << 3, source.byteSize());
    if (count > scratch.length) {
      if (count >= chunkLongs) {
        refused++;
        return REFUSED;
      }
      scratch = new long[Math.min(chunkLongs, Integer.highestOneBit(count) << 1)];
    }
    // One kind of memory behind the hash and the comparison keeps both compiled for it alone.
    MemorySegment.copy(source, ValueLayout.JAVA_LONG_UNALIGNED, offset, scratch, 0, count);
    return intern(scratch, 0, count);
  }

  /// How many longs the slice has.
  public int length(int id) {
    return id == REFUSED ? 0 : (int) chunk(id)[at(id)];
  }

  /// One long of a slice.
  public long get(int id, int index) {
    Objects.checkIndex(index, length(id));
    return chunk(id)[at(id) + 1 + index];
  }

  /// Copies a slice to `target[from]` on; returns its length.
  public int copyTo(int id, long[] target, int from) {
    int length = length(id);
    Objects.checkFromIndexSize(from, length, target.length);
    if (length > 0) {
      System.arraycopy(chunk(id), at(id) + 1, target, from, length);
    }
    return length;
  }

  /// Copies a slice, in the machine's byte order, to `offset` bytes into the segment on; returns
  /// its length in longs.
  public int copyTo(int id, MemorySegment target, long offset) {
    int length = length(id);
    Objects.checkFromIndexSize(offset, (long) length << 3, target.byteSize());
    if (length > 0) {
      MemorySegment.copy(
          chunk(id), at(id) + 1, target, ValueLayout.JAVA_LONG_UNALIGNED, offset, length);
    }
    return length;
  }

  /// A copy of a slice.
  public long[] toArray(int id) {
    long[] slice = new long[length(id)];
    copyTo(id, slice, 0);
    return slice;
  }

  /// How many slices are kept; their ids are 1 up to this.
  public int size() {
    return size;
  }

  /// What its arrays take. While the table grows, the old one stands beside the new.
  public long bytes() {
    return bytes(table.length, positions.length, chunkCount);
  }

  /// How often a slice was refused because it no longer fitted.
  public long refused() {
    return refused;
  }

  private long[] chunk(int id) {
    return chunks[(int) (position(id) >>> chunkShift)];
  }

  private int at(int id) {
    return (int) position(id) & (chunkLongs - 1);
  }

  private long position(int id) {
    if (id < 1 || id > size) {
      throw new IndexOutOfBoundsException("id of a slice is not within 0.." + size + ": " + id);
    }
    return positions[id - 1];
  }

  private int add(long hash, long[] source, int from, int count) {
    long position = end;
    if (count >= chunkLongs) {
      refused++;
      return REFUSED;
    }
    if ((position & (chunkLongs - 1)) + 1 + count > chunkLongs || position == chunkEnd()) {
      position = chunkEnd();
    }
    if (!reserve(position == chunkEnd())) {
      refused++;
      return REFUSED;
    }
    int id = size + 1;
    long[] chunk = chunks[(int) (position >>> chunkShift)];
    int at = (int) position & (chunkLongs - 1);
    chunk[at] = (long) id << 32 | count;
    System.arraycopy(source, from, chunk, at + 1, count);
    positions[size] = position;
    size = id;
    end = position + 1 + count;
    insert(hash, position + 1);
    return id;
  }

  private long chunkEnd() {
    return (long) chunkCount << chunkShift;
  }

  /// Makes room for one more slice, or changes nothing and returns false.
  private boolean reserve(boolean chunk) {
    // Three quarters full at most: runs of taken slots stay short.
    boolean tableFull = (size + 1) * 4L > (table.length >> 1) * 3L;
    boolean positionsFull = size == positions.length;
    long needed =
        bytes(
            tableFull ? 2L * table.length : table.length,
            positionsFull ? 2L * positions.length : positions.length,
            chunk ? chunkCount + 1 : chunkCount);
    if (needed > limitBytes || (tableFull && table.length >= 1 << 29)) {
      return false;
    }
    if (tableFull) {
      growTable();
    }
    if (positionsFull) {
      positions = Arrays.copyOf(positions, 2 * positions.length);
    }
    if (chunk) {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, Math.max(8, 2 * chunkCount));
      }
      chunks[chunkCount++] = new long[chunkLongs];
    }
    return true;
  }

  private void growTable() {
    long[] old = table;
    table = new long[2 * old.length];
    for (int i = 0; i < old.length; i += 2) {
      if (old[i + 1] != 0) {
        insert(old[i], old[i + 1]);
      }
    }
  }

  private void insert(long hash, long entry) {
    int mask = (table.length >> 1) - 1;
    int slot = (int) hash & mask;
    while (table[2 * slot + 1] != 0) {
      slot = (slot + 1) & mask;
    }
    table[2 * slot] = hash;
    table[2 * slot + 1] = entry;
  }

  private long bytes(long tableLongs, long positionLongs, long chunkCount) {
    return (tableLongs + positionLongs + (chunkCount << chunkShift)) * Long.BYTES;
  }

  /// An array of longs as bytes in little-endian order, whatever the machine's.
  private static final class LongArrayBytes implements ByteAccess<long[]> {
    @Override
    public byte getByte(long[] data, long index) {
      return (byte) (data[(int) (index >>> 3)] >>> ((index & 7) << 3));
    }

    @Override
    public int getInt(long[] data, long index) {
      return (int) getLong(data, index, 4);
    }

    @Override
    public long getLong(long[] data, long index) {
      return getLong(data, index, 8);
    }

    private static long getLong(long[] data, long index, int width) {
      int at = (int) (index >>> 3);
      int within = (int) index & 7;
      long low = data[at] >>> (within << 3);
      return within + width <= 8 ? low : low | data[at + 1] << ((8 - within) << 3);
    }
  }
}
