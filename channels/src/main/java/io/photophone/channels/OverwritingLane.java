package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// A lane whose sender never looks at the receiver: what comes replaces what is pending beyond the
/// capacity. Lock-free: neither side executes a fence or an atomic read-modify-write.
///
/// A message that was received stays referenced until its slot is written again.
final class OverwritingLane<T> extends Lane<T> {
  /*
   * A receiver looks at `head` and so knows which messages it may still have. It reads one and looks at
   * `head` again: if the sender hasn't come round to that slot since, it was that message. The spare slots
   * let it get through while the sender goes on.
   *
   * A loss is told together with taking the message behind it, which the receiver is given next. So it
   * gets a message for every loss that it is told, however fast the sender is.
   */
  private static final int SPARE_SLOTS = 64;

  private final boolean jumps;
  private final SharedSlots<T> slots;

  /// Sequence of the next message to take. Moved by the receiver.
  private final Position tail = new Position();

  OverwritingLane(int capacity, Overflow policy, LatencyTracking tracking) {
    super(capacity);
    this.jumps = policy == Overflow.JUMP_TO_NEWEST;
    this.slots = new SharedSlots<>(capacity + SPARE_SLOTS, tracking);
  }

  @Override
  long room() {
    return Long.MAX_VALUE;
  }

  @Override
  void put(T message) {
    long at = head.plain();
    slots.write(at, message);
    head.release(at + 1);
  }

  @Override
  @Nullable T take(Place place) {
    long expected = tail.plain();
    while (true) {
      long end = head.acquire();
      long at = end - retained(end - expected);
      if (at == end) {
        return null;
      }
      T message = slots.read(at, place.stamp);
      if (head.acquire() - at < slots.count()) {
        if (at != expected) {
          place.missed = at - expected;
          dropped.release(dropped.plain() + place.missed);
        }
        tail.release(at + 1);
        return message;
      }
    }
  }

  /// How many of the messages that are sent and not received the receiver can have.
  private long retained(long due) {
    return due <= capacity ? due : jumps ? 1 : capacity;
  }

  @Override
  int fetch(Place place, Ring.Batch batch, int limit) {
    long at = tail.plain();
    long due = head.acquire() - at;
    if (due > capacity) {
      return 0;
    }
    int count = (int) Math.min(Math.min(limit, Ring.Batch.SIZE), due);
    batch.isTimed = slots.isTimed();
    for (int i = 0; i < count; i++) {
      batch.messages[i] = slots.read(at + i, place.stamp);
      batch.nanos[i] = place.stamp.nanos;
    }
    return head.acquire() - at < slots.count() ? count : 0;
  }

  @Override
  void settle(int received) {
    tail.release(tail.plain() + received);
  }

  @Override
  boolean isReady(Place place) {
    return head.acquire() != tail.plain();
  }

  @Override
  boolean isDisconnected() {
    return false;
  }

  @Override
  long offered() {
    return head.acquire();
  }

  @Override
  long pending() {
    return retained(due());
  }

  @Override
  DropReason reason() {
    return DropReason.OVERTAKEN;
  }

  @Override
  long lost() {
    long due = due();
    return dropped.acquire() + due - retained(due);
  }

  private long due() {
    // The tail first: it is never ahead of a head that is read later.
    long out = tail.acquire();
    return head.acquire() - out;
  }
}
