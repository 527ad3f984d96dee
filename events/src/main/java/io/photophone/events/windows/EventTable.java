package io.photophone.events.windows;

import io.photophone.events.Event;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Events by provider, number and version; finding one allocates nothing. One thread.
final class EventTable {
  /// An event that was asked for, with its format.
  record Entry(long high, long low, long key, EtwFormat format, Event event) {}

  private static final int ANY_VERSION = 0x1FF;

  private @Nullable Entry[] slots = new @Nullable Entry[64];
  private int count;

  static long key(boolean classic, int number, int version) {
    int tied = version == EtwEvent.ANY_VERSION ? ANY_VERSION : version;
    return (classic ? 1L << 32 : 0) | (long) number << 9 | tied;
  }

  /// Adds an entry unless there is one, which is returned.
  Entry add(Entry added) {
    Entry known = find(added.high, added.low, added.key);
    if (known != null) {
      return known;
    }
    count++;
    if (count * 2 > slots.length) {
      @Nullable Entry[] before = slots;
      slots = new @Nullable Entry[before.length * 2];
      for (Entry entry : before) {
        if (entry != null) {
          place(entry);
        }
      }
    }
    place(added);
    return added;
  }

  private void place(Entry entry) {
    int at = slot(entry.high, entry.low, entry.key);
    while (slots[at] != null) {
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = entry;
  }

  /// The entry of that version, or the one for any.
  @Nullable Entry find(long high, long low, boolean classic, int number, int version) {
    Entry exact = find(high, low, key(classic, number, version));
    return exact != null ? exact : find(high, low, key(classic, number, EtwEvent.ANY_VERSION));
  }

  private @Nullable Entry find(long high, long low, long key) {
    int at = slot(high, low, key);
    while (true) {
      Entry entry = slots[at];
      if (entry == null || (entry.key == key && entry.high == high && entry.low == low)) {
        return entry;
      }
      at = (at + 1) & (slots.length - 1);
    }
  }

  private int slot(long high, long low, long key) {
    long mixed = (high ^ Long.rotateLeft(low, 32) ^ key * 0x9E37_79B9_7F4A_7C15L);
    mixed *= 0xFF51_AFD7_ED55_8CCDL;
    return (int) (mixed >>> 40) & (slots.length - 1);
  }

  @Override
  public String toString() {
    return Arrays.toString(slots);
  }
}
