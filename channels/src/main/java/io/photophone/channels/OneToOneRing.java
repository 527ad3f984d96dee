package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// A ring with one sending and one receiving thread. Lock-free: neither side executes a fence or an
/// atomic read-modify-write.
final class OneToOneRing<T> extends Ring<T> {
  /*
   * The sender writes the message into its slot (release); the receiver finds it there (acquire), since an
   * empty slot is null: one cache line carries a message. The receiver empties the slot and then moves
   * `tail` (release); the sender reads `tail` (acquire) only when it has used up what it knows to be free.
   * `head` is for those who ask how many there are.
   */
  private final Gate gate;
  private final ReceivingSide<T> receiving;
  private final Position head = new Position();

  /// Set when `head` no longer moves.
  private volatile boolean ended;

  OneToOneRing(String channel, int capacity, LatencyTracking tracking) {
    super(capacity);
    gate = new Gate("sends to channel " + channel);
    receiving = new ReceivingSide<>(slotsFor(capacity), tracking);
  }

  @Override
  Sent offer(T message) {
    if (!gate.enter()) {
      return Sent.CLOSED;
    }
    long at = head.plain();
    if (at >= head.limit()) {
      long limit = receiving.tail.acquire() + capacity;
      if (at >= limit) {
        gate.exit();
        return Sent.FULL;
      }
      head.limit(limit);
    }
    receiving.publish(at, message);
    head.release(at + 1);
    gate.exit();
    return Sent.SENT;
  }

  void giveUpSending() {
    gate.giveUp();
  }

  @Override
  @Nullable T take(Stamp stamp) {
    return receiving.take(stamp);
  }

  @Override
  int fetch(Batch batch, int limit) {
    return receiving.fetch(batch, limit);
  }

  @Override
  boolean settle(int received) {
    receiving.settle(received);
    return true;
  }

  @Override
  boolean isReady() {
    return receiving.hasMessage() || ended;
  }

  @Override
  boolean isEnded() {
    return ended && !receiving.hasMessage();
  }

  @Override
  boolean hasRoom() {
    return head.plain() < receiving.tail.acquire() + capacity;
  }

  @Override
  void close() {
    gate.shut();
    ended = true;
  }

  @Override
  boolean isClosed() {
    return gate.isShut();
  }

  @Override
  long accepted() {
    return head.acquire();
  }

  @Override
  long taken() {
    return receiving.tail.acquire();
  }
}
