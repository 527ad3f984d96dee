package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A lane that drops what is pending to make room for what comes. Lock-free: the receiver takes
/// with one compare-and-set, for a single message or a batch of them; the sender needs one only
/// when there is no room.
///
/// A message that was taken stays referenced until as many later ones as there are slots.
final class SheddingLane<T> extends Lane<T> {
  /*
   * `tail` is moved by the receiver, who takes, and by the sender, who drops. The sender writes slot `head`
   * (release) only when `tail` is beyond the message that was there before. So a receiver that has read
   * that message and then moves `tail` from its position has read it whole: had it read a later one (acquire,
   * partner: the sender's release), it would see the sender's move of `tail` too, and its own fails.
   *
   * What is lost is the difference between `tail` and where the receiver thought it was. It is told once the
   * message behind it can be taken, and that message is taken along: so a receiver gets a message for each
   * loss that it is told, however fast the sender is.
   */
  private static final VarHandle STAMP = MethodHandles.arrayElementVarHandle(long[].class);

  private final boolean shedsAll;
  private final LatencyTracking tracking;
  private final int mask;
  private final @Nullable Object[] slots;
  private final long @Nullable [] stamps;
  private final Position tail = new Position();

  SheddingLane(int capacity, Overflow policy, LatencyTracking tracking) {
    super(capacity);
    int slotCount = Ring.slotsFor(capacity);
    this.shedsAll = policy == Overflow.JUMP_TO_NEWEST;
    this.tracking = tracking;
    this.mask = slotCount - 1;
    this.slots = new Object[slotCount];
    this.stamps = tracking == LatencyTracking.OFF ? null : new long[slotCount];
  }

  @Override
  boolean isBlocking() {
    return false;
  }

  @Override
  void put(T message) {
    long at = head.plain();
    if (at >= head.limit()) {
      makeRoom(at);
    }
    int slot = (int) at & mask;
    if (stamps != null && tracking.times(at)) {
      STAMP.setRelease(stamps, slot, System.nanoTime());
    }
    Ring.SLOT.setRelease(slots, slot, message);
    head.release(at + 1);
  }

  private void makeRoom(long at) {
    long from = tail.get();
    if (at - from == capacity) {
      long to = shedsAll ? at : from + 1;
      if (tail.compareAndSet(from, to)) {
        dropped.release(dropped.plain() + to - from);
      }
      // If not, the receiver has just made room.
      from = tail.get();
    }
    head.limit(from + capacity);
  }

  @Override
  @SuppressWarnings("unchecked")
  @Nullable T take(Place place) {
    while (true) {
      long at = tail.acquire();
      if (head.acquire() <= at) {
        return null;
      }
      T message = (T) read(at, place.stamp);
      if (tail.compareAndSet(at, at + 1)) {
        place.missed = at - place.told;
        place.told = at + 1;
        return message;
      }
    }
  }

  private @Nullable Object read(long at, Ring.Stamp stamp) {
    int slot = (int) at & mask;
    if (stamps != null) {
      stamp.nanos =
          tracking.times(at) ? (long) STAMP.getAcquire(stamps, slot) : Ring.Stamp.NOT_TIMED;
    }
    return Ring.SLOT.getAcquire(slots, slot);
  }

  @Override
  int fetch(Place place, Ring.Batch batch, int limit) {
    long at = tail.acquire();
    int count = (int) Math.min(Math.min(limit, Ring.Batch.SIZE), head.acquire() - at);
    if (count <= 0 || at != place.told) {
      return 0;
    }
    batch.isTimed = stamps != null;
    for (int i = 0; i < count; i++) {
      batch.messages[i] = read(at + i, place.stamp);
      batch.nanos[i] = place.stamp.nanos;
    }
    if (!tail.compareAndSet(at, at + count)) {
      return 0;
    }
    place.told = at + count;
    return count;
  }

  @Override
  boolean settle(int received) {
    return false;
  }

  @Override
  boolean isReady(Place place) {
    return pending() > 0;
  }

  @Override
  boolean isDisconnected() {
    return false;
  }

  @Override
  DropReason reason() {
    return DropReason.OVERTAKEN;
  }

  @Override
  long passed() {
    return tail.acquire();
  }

  @Override
  long offered() {
    return head.acquire();
  }
}
