package io.photophone.channels;

import java.util.Map;

/// A receiver of a [BroadcastChannel]: a place in its ring.
final class BroadcastReceiver<T> extends Receiver<T> {
  private final BroadcastChannel<T> channel;
  private final BroadcastChannel.Resume resume;
  private final Ring.Stamp stamp = new Ring.Stamp();
  private final Drops drops = new Drops();

  /// Sequence of the next message to receive. Moved by the receiving thread.
  private final Position cursor = new Position();

  /// Slot of that message; the receiving thread's own.
  private int slot;

  BroadcastReceiver(
      BroadcastChannel<T> channel,
      String name,
      BroadcastChannel.Resume resume,
      long sequence,
      Parking parking,
      ChannelOptions options) {
    super(name, parking, options.waiting(), options.latency());
    this.channel = channel;
    this.resume = resume;
    cursor.set(sequence);
    slot = channel.slotOf(sequence);
  }

  @Override
  Received<T> next() {
    long at = cursor.plain();
    long end = channel.head();
    if (at == BroadcastChannel.sequence(end)) {
      return end < 0 ? new Received.Closed<>(channel.cause()) : empty();
    }
    T message = channel.read(at, slot, stamp);
    long sent = channel.sent();
    if (message == null || sent - at > channel.capacity()) {
      return overtaken(at, sent);
    }
    cursor.release(at + 1);
    slot = channel.slotAfter(slot);
    return received(message, Priority.NORMAL, stamp.nanos);
  }

  private Received<T> overtaken(long at, long sent) {
    long next =
        switch (resume) {
          case OLDEST -> sent - channel.capacity();
          case NEWEST -> sent - 1;
        };
    drops.add(DropReason.OVERTAKEN, next - at);
    cursor.release(next);
    slot = channel.slotOf(next);
    return new Received.Lagged<>(next - at);
  }

  @Override
  int fetch(Ring.Batch into, int limit) {
    long at = cursor.plain();
    int count = (int) Math.min(Math.min(limit, Ring.Batch.SIZE), channel.sent() - at);
    into.isTimed = channel.isTimed();
    int next = slot;
    for (int i = 0; i < count; i++) {
      into.messages[i] = channel.read(at + i, next, stamp);
      into.nanos[i] = stamp.nanos;
      next = channel.slotAfter(next);
    }
    return channel.sent() - at > channel.capacity() ? 0 : count;
  }

  @Override
  void settle(Ring.Batch from, int handed, int count) {
    long next = cursor.plain() + handed;
    cursor.release(next);
    slot = channel.slotOf(next);
  }

  @Override
  boolean isReady() {
    return channel.head() != cursor.plain();
  }

  @Override
  void leave(ReceiverStats last) {
    channel.left(this, last);
  }

  @Override
  Map<DropReason, Long> dropped() {
    return drops.toMap();
  }

  /// Messages sent and not yet received, those included that are already overwritten.
  @Override
  public long pending() {
    // The cursor first (acquire, partner: the receiving thread's releases, which had seen the
    // messages
    // before it moved the cursor past them), so that the head is never behind it.
    long at = cursor.acquire();
    return channel.sent() - at;
  }

  @Override
  double load() {
    return Math.min(1, (double) pending() / channel.capacity());
  }
}
