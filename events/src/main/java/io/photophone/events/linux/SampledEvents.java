package io.photophone.events.linux;

import org.jspecify.annotations.Nullable;

/// Which event a sample belongs to, by the number that the kernel gave its descriptor: a hash table
/// with open addressing, at most half full. Filled at set-up, then read without boxing.
final class SampledEvents {
  private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
  private static final int FIRST_CAPACITY = 16;

  private long[] ids = new long[FIRST_CAPACITY];
  private @Nullable SampledEvent[] events = new SampledEvent[FIRST_CAPACITY];
  private int shift = Long.SIZE - Integer.numberOfTrailingZeros(FIRST_CAPACITY);
  private int size;

  void put(long id, SampledEvent event) {
    if (2 * (size + 1) > ids.length) {
      grow();
    }
    int slot = slot(id);
    if (events[slot] == null) {
      size++;
    }
    ids[slot] = id;
    events[slot] = event;
  }

  @Nullable SampledEvent get(long id) {
    // Nearly always there at the first look.
    int first = (int) ((id * GOLDEN) >>> shift);
    return ids[first] == id ? events[first] : events[slot(id)];
  }

  private int slot(long id) {
    int slot = (int) ((id * GOLDEN) >>> shift);
    while (events[slot] != null && ids[slot] != id) {
      slot = (slot + 1) & (ids.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldIds = ids;
    @Nullable SampledEvent[] oldEvents = events;
    ids = new long[2 * oldIds.length];
    events = new SampledEvent[2 * oldIds.length];
    shift--;
    for (int i = 0; i < oldIds.length; i++) {
      if (oldEvents[i] != null) {
        int slot = slot(oldIds[i]);
        ids[slot] = oldIds[i];
        events[slot] = oldEvents[i];
      }
    }
  }
}
