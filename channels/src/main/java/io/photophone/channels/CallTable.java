package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// All slots of a channel and which of them are free. Lock-free; any thread may acquire and free.
///
/// The free ones are a stack (R. K. Treiber, 1986), so that a lone client uses the same slot again,
/// which its processor still has. The top carries a count of its changes besides the slot, so that
/// a stack that was changed and looks the same is told apart.
final class CallTable {
  private static final int BITS = 21;
  private static final int NONE = (1 << BITS) - 1;

  /// The most slots that an id has room for beside its generation.
  static final int MAX_SLOTS = 1 << 20;

  private final CallSlot[] slots;
  private final int indexBits;

  /// Changes so far above, index of the topmost free slot in the lower bits.
  private final Position top = new Position();

  CallTable(int count) {
    slots = new CallSlot[count];
    indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(count - 1);
    for (int i = 0; i < count; i++) {
      slots[i] = new CallSlot(i);
      slots[i].next = i + 1 < count ? i + 1 : NONE;
    }
  }

  /// A slot of the caller's own until it frees it; null if there is none.
  @Nullable CallSlot acquire() {
    while (true) {
      long seen = top.get();
      int index = (int) seen & NONE;
      if (index == NONE) {
        return null;
      }
      CallSlot slot = slots[index];
      if (top.compareAndSet(seen, after(seen, (int) slot.next))) {
        return slot;
      }
      Thread.onSpinWait();
    }
  }

  void free(CallSlot slot) {
    while (true) {
      long seen = top.get();
      slot.next = (int) seen & NONE;
      if (top.compareAndSet(seen, after(seen, slot.index))) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  private static long after(long seen, int index) {
    return ((seen >>> BITS) + 1) << BITS | index;
  }

  boolean hasRoom() {
    return ((int) top.get() & NONE) != NONE;
  }

  CallSlot[] slots() {
    return slots;
  }

  /// Names a call for ever: its generation, its slot and whether its caller has a future.
  long id(CallSlot slot, long generation, boolean hasFuture) {
    return (generation << indexBits | slot.index) << 1 | (hasFuture ? 1 : 0);
  }

  CallSlot slot(long id) {
    return slots[(int) (id >>> 1) & ((1 << indexBits) - 1)];
  }

  long generation(long id) {
    return id >>> 1 >>> indexBits;
  }

  static boolean hasFuture(long id) {
    return (id & 1) != 0;
  }

  boolean isPending(long id) {
    return slot(id).isPending(generation(id));
  }
}
