package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// A lane that keeps what is pending: a message without room waits, is dropped or ends the lane.
/// Lock-free: neither side executes a fence or an atomic read-modify-write.
final class KeepingLane<T> extends Lane<T> {
  /*
   * The ring is that of `OneToOneRing`. What was lost before a message is written beside it. What was
   * lost behind the last message is known from `dropped` alone: the sender drops only behind a full ring,
   * so a receiver that sees a drop (acquire, partner: the release in `put`) and then finds no message knows
   * that it has taken all that came before that drop.
   */
  private final Overflow policy;
  private final ReceivingSide<T> receiving;
  private final int mask;

  /// Losses before the message in the slot, published with it; null if none is told.
  private final long @Nullable [] lostBefore;

  /// Written by the sender.
  private volatile boolean disconnected;

  KeepingLane(int capacity, Overflow policy, LatencyTracking tracking) {
    super(capacity);
    this.policy = policy;
    int slots = Ring.slotsFor(capacity);
    this.mask = slots - 1;
    this.receiving = new ReceivingSide<>(slots, tracking);
    this.lostBefore = policy == Overflow.DROP_NEWEST ? new long[slots] : null;
  }

  @Override
  long room() {
    if (policy != Overflow.WAIT) {
      return Long.MAX_VALUE;
    }
    return hasRoom() ? head.limit() - head.plain() : 0;
  }

  private boolean hasRoom() {
    long at = head.plain();
    if (at < head.limit()) {
      return true;
    }
    long limit = receiving.tail.acquire() + capacity;
    head.limit(limit);
    return at < limit;
  }

  @Override
  void put(T message) {
    if (disconnected) {
      dropped.release(dropped.plain() + 1);
      return;
    }
    if (!hasRoom()) {
      dropped.release(dropped.plain() + 1);
      disconnected = policy == Overflow.DISCONNECT;
      return;
    }
    long at = head.plain();
    if (lostBefore != null) {
      lostBefore[(int) at & mask] = dropped.plain();
    }
    receiving.publish(at, message);
    head.release(at + 1);
  }

  @Override
  @Nullable T take(Place place) {
    if (lostBefore == null) {
      return receiving.take(place.stamp);
    }
    boolean empty = !receiving.hasMessage();
    long before = 0;
    if (empty) {
      before = dropped.acquire();
      empty = !receiving.hasMessage();
    }
    if (!empty) {
      before = lostBefore[(int) receiving.tail.plain() & mask];
    }
    if (before != place.found) {
      place.missed = before - place.found;
      place.found = before;
      return null;
    }
    // A message that comes only now may have losses before it: it is for the next take.
    return empty ? null : receiving.take(place.stamp);
  }

  @Override
  int fetch(Place place, Ring.Batch batch, int limit) {
    int count = receiving.fetch(batch, limit);
    if (lostBefore != null) {
      long at = receiving.tail.plain();
      int before = 0;
      while (before < count && lostBefore[(int) (at + before) & mask] == place.found) {
        before++;
      }
      return before;
    }
    return count;
  }

  @Override
  void settle(int received) {
    receiving.settle(received);
  }

  @Override
  boolean isReady(Place place) {
    return receiving.hasMessage() || (lostBefore != null && dropped.acquire() != place.found);
  }

  @Override
  boolean isDisconnected() {
    return disconnected;
  }

  @Override
  DropReason reason() {
    return policy == Overflow.DISCONNECT ? DropReason.DISCONNECTED : DropReason.NO_ROOM;
  }

  @Override
  long lost() {
    return dropped.acquire();
  }

  @Override
  long offered() {
    return head.acquire() + dropped.acquire();
  }

  @Override
  long pending() {
    // The tail first: it is never ahead of a head that is read later.
    long out = receiving.tail.acquire();
    return head.acquire() - out;
  }
}
