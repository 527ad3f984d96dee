package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names as UTF-8, each once, one after the other in one array; a name is known by its offset.
///
/// A name is two bytes of length, little-endian, and the bytes themselves.
final class NamePool {
  static final int LONGEST_NAME_BYTES = 0xffff;
  static final int FULL = -1;

  private final int capacityBytes;
  private byte[] bytes = new byte[1 << 12];
  private int used;

  /// Open addressing: offset of a name plus one, or 0.
  private int[] slots = new int[1 << 8];

  private int count;

  NamePool(int capacityBytes) {
    this.capacityBytes = capacityBytes;
  }

  /// Takes a name that is at most `LONGEST_NAME_BYTES` long; what is longer is cut.
  ///
  /// @return its offset, or `FULL`
  int add(MemorySegment from, long offset, int length) {
    int kept = Math.min(length, LONGEST_NAME_BYTES);
    if (kept > capacityBytes - 2 - used) {
      return FULL;
    }
    reserve(kept + 2);
    bytes[used] = (byte) kept;
    bytes[used + 1] = (byte) (kept >>> 8);
    MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, bytes, used + 2, kept);
    int slot = find(used);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    int added = used;
    slots[slot] = added + 1;
    used += kept + 2;
    count++;
    if (count > slots.length / 2) {
      grow();
    }
    return added;
  }

  /// The bytes, cut to what is used; the pool isn't used any more afterwards.
  byte[] toBytes() {
    return Arrays.copyOf(bytes, used);
  }

  byte[] bytes() {
    return bytes;
  }

  static int length(byte[] pool, int name) {
    return (pool[name] & 0xff) | ((pool[name + 1] & 0xff) << 8);
  }

  static String text(byte[] pool, int name) {
    return new String(pool, name + 2, length(pool, name), StandardCharsets.UTF_8);
  }

  private void reserve(int more) {
    if (bytes.length - used < more) {
      long wanted = Math.max(used + (long) more, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, capacityBytes));
    }
  }

  private int find(int name) {
    int mask = slots.length - 1;
    int slot = hash(name) & mask;
    while (slots[slot] != 0 && !same(slots[slot] - 1, name)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    int[] old = slots;
    slots = new int[old.length * 2];
    for (int name : old) {
      if (name != 0) {
        slots[find(name - 1)] = name;
      }
    }
  }

  private boolean same(int a, int b) {
    int size = length(bytes, a) + 2;
    return Arrays.equals(bytes, a, a + size, bytes, b, b + length(bytes, b) + 2);
  }

  private int hash(int name) {
    // FNV-1a, then mixed, because the slot is taken from the low bits.
    int hash = 0x811c9dc5;
    int end = name + 2 + length(bytes, name);
    for (int i = name + 2; i < end; i++) {
      hash = (hash ^ bytes[i]) * 0x01000193;
    }
    return hash ^ hash >>> 15;
  }
}
