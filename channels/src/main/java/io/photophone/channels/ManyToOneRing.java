package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// A ring with any number of sending threads and one receiving thread. A sender claims its slot
/// with one compare-and-set; the receiver needs none.
final class ManyToOneRing<T> extends Ring<T> {
  /*
   * `head` is the next position to claim, with the sign bit set once the ring is closed, so that a claim
   * and a close can't both win. A slot that is claimed and not yet written is null: the receiver that
   * wants it waits those few instructions, since a message behind it may already count as sent.
   */
  private final ReceivingSide<T> receiving;
  private final Position head = new Position();

  ManyToOneRing(int capacity, LatencyTracking tracking) {
    super(capacity);
    receiving = new ReceivingSide<>(slotsFor(capacity), tracking);
  }

  @Override
  Sent offer(T message) {
    while (true) {
      long at = head.get();
      if (at < 0) {
        return Sent.CLOSED;
      }
      if (at >= head.limit()) {
        long limit = receiving.tail.get() + capacity;
        if (at >= limit) {
          return Sent.FULL;
        }
        head.limit(limit);
      }
      if (head.compareAndSet(at, at + 1)) {
        receiving.publish(at, message);
        return Sent.SENT;
      }
      Thread.onSpinWait();
    }
  }

  @Override
  @Nullable T take(Stamp stamp) {
    T message = receiving.take(stamp);
    for (int round = 0; message == null && pending() > 0; round++) {
      pause(round);
      message = receiving.take(stamp);
    }
    return message;
  }

  @Override
  int fetch(Batch batch, int limit) {
    int count = receiving.fetch(batch, limit);
    for (int round = 0; count == 0 && pending() > 0; round++) {
      pause(round);
      count = receiving.fetch(batch, limit);
    }
    return count;
  }

  @Override
  boolean settle(int received) {
    receiving.settle(received);
    return true;
  }

  @Override
  boolean isReady() {
    return receiving.hasMessage() || head.get() != receiving.tail.plain();
  }

  @Override
  boolean isEnded() {
    return isClosed() && pending() == 0;
  }

  @Override
  boolean hasRoom() {
    return pending() < capacity;
  }

  @Override
  void close() {
    long at;
    do {
      at = head.get();
    } while (at >= 0 && !head.compareAndSet(at, at | CLOSED));
  }

  @Override
  boolean isClosed() {
    return head.get() < 0;
  }

  @Override
  long accepted() {
    return head.get() & ~CLOSED;
  }

  @Override
  long taken() {
    return receiving.tail.get();
  }
}
