package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// The slots of a ring and its one receiving thread's place in them. A slot without a message is
/// null.
final class ReceivingSide<T> {
  /// Moved by the receiver, after it has emptied the slots before it.
  final Position tail = new Position();

  private final @Nullable Object[] slots;
  private final int mask;
  private final LatencyTracking tracking;

  /// When the message in the slot was sent; null if none is timed.
  private final long @Nullable [] stamps;

  ReceivingSide(int slotCount, LatencyTracking tracking) {
    this.slots = new Object[slotCount];
    this.mask = slotCount - 1;
    this.tracking = tracking;
    this.stamps = tracking == LatencyTracking.OFF ? null : new long[slotCount];
  }

  /// Writes a message into a slot that is the sender's own. Partner: the acquire in [#take].
  void publish(long at, T message) {
    int slot = (int) at & mask;
    if (stamps != null && tracking.times(at)) {
      stamps[slot] = System.nanoTime();
    }
    Ring.SLOT.setRelease(slots, slot, message);
  }

  @SuppressWarnings("unchecked")
  @Nullable T take(Ring.Stamp stamp) {
    long at = tail.plain();
    int slot = (int) at & mask;
    T message = (T) Ring.SLOT.getAcquire(slots, slot);
    if (message == null) {
      return null;
    }
    if (stamps != null) {
      stamp.nanos = tracking.times(at) ? stamps[slot] : Ring.Stamp.NOT_TIMED;
    }
    slots[slot] = null;
    tail.release(at + 1);
    return message;
  }

  int fetch(Ring.Batch batch, int limit) {
    long at = tail.plain();
    // A ring that is full has no empty slot to stop at.
    int most = Math.min(Math.min(limit, Ring.Batch.SIZE), slots.length);
    batch.isTimed = stamps != null;
    int count = 0;
    while (count < most) {
      int slot = (int) (at + count) & mask;
      Object message = Ring.SLOT.getAcquire(slots, slot);
      if (message == null) {
        break;
      }
      batch.messages[count] = message;
      if (stamps != null) {
        batch.nanos[count] = tracking.times(at + count) ? stamps[slot] : Ring.Stamp.NOT_TIMED;
      }
      count++;
    }
    return count;
  }

  void settle(int received) {
    long at = tail.plain();
    for (int i = 0; i < received; i++) {
      slots[(int) (at + i) & mask] = null;
    }
    tail.release(at + received);
  }

  boolean hasMessage() {
    return Ring.SLOT.getAcquire(slots, (int) tail.plain() & mask) != null;
  }
}
