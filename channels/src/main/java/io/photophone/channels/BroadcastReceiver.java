package io.photophone.channels;

import java.util.Map;

/// A receiver of a [BroadcastChannel]: a place in its ring.
final class BroadcastReceiver<T> extends Receiver<T> {
  private final BroadcastChannel<T> channel;
  private final BroadcastChannel.Resume resume;
  private final Ring.Stamp stamp = new Ring.Stamp();
  private final Drops drops = new Drops();
  private final long joinedAt;

  /// Sequence of the first message sent after it joined: those before waited for nobody.
  private final long firstTimed;

  /// Sequence of the next message to receive. Moved by the receiving thread.
  private final Position cursor = new Position();

  BroadcastReceiver(
      BroadcastChannel<T> channel,
      String name,
      BroadcastChannel.Resume resume,
      long sequence,
      long present,
      Parking parking,
      ChannelOptions options) {
    super(name, parking, options.waiting(), options.latency());
    this.channel = channel;
    this.resume = resume;
    this.joinedAt = sequence;
    this.firstTimed = present;
    cursor.set(sequence);
  }

  @Override
  Received<T> next() {
    long at = cursor.plain();
    long end = channel.head();
    if (at == BroadcastChannel.sequence(end)) {
      return end < 0 ? new Received.Closed<>(channel.cause()) : empty();
    }
    T message = channel.read(at, stamp);
    long sent = channel.sent();
    if (message == null || sent - at > channel.capacity()) {
      return overtaken(at, sent);
    }
    cursor.release(at + 1);
    return received(message, Priority.NORMAL, sentNanos(at));
  }

  private Received<T> overtaken(long at, long sent) {
    long next =
        switch (resume) {
          case OLDEST -> sent - channel.capacity();
          case NEWEST -> sent - 1;
        };
    drops.add(DropReason.OVERTAKEN, next - at);
    cursor.release(next);
    return new Received.Lagged<>(next - at);
  }

  @Override
  int fetch(Ring.Batch into, int limit) {
    long at = cursor.plain();
    int count = (int) Math.min(Math.min(limit, Ring.Batch.SIZE), channel.sent() - at);
    into.isTimed = channel.isTimed();
    for (int i = 0; i < count; i++) {
      into.messages[i] = channel.read(at + i, stamp);
      into.nanos[i] = sentNanos(at + i);
    }
    return channel.sent() - at > channel.capacity() ? 0 : count;
  }

  private long sentNanos(long at) {
    return at < firstTimed ? Ring.Stamp.NOT_TIMED : stamp.nanos;
  }

  @Override
  void settle(Ring.Batch from, int handed, int count) {
    cursor.release(cursor.plain() + handed);
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

  /// Messages it was due, of those that the channel had carried at some moment since it joined;
  /// counted apart from what became of them, and never less than before.
  long offered(long sent) {
    return hasLeft() ? stats().offered() : sent - joinedAt;
  }

  @Override
  double load() {
    return Math.min(1, (double) pending() / channel.capacity());
  }
}
