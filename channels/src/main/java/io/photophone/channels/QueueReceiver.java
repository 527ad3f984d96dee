package io.photophone.channels;

import java.util.Map;

/// A receiver of a [PointToPointChannel].
final class QueueReceiver<T> extends Receiver<T> {
  private final PointToPointChannel<T> channel;
  private final Ring<T> ring;
  private final boolean isShared;
  private final Ring.Stamp stamp = new Ring.Stamp();
  private final Held<T> held = new Held<>();

  /// Whether all that is in the ring waits for this one.
  private final boolean alone;

  QueueReceiver(
      PointToPointChannel<T> channel,
      String name,
      Ring<T> ring,
      ChannelOptions options,
      boolean alone) {
    super(name, channel.receivers(), options.waiting(), options.latency());
    this.channel = channel;
    this.ring = ring;
    this.alone = alone;
    this.isShared = ring instanceof ManyToManyRing;
  }

  @Override
  Received<T> next() {
    T message = held.take(stamp);
    if (message == null) {
      message = ring.take(stamp);
      if (message == null) {
        return ring.isEnded() ? new Received.Closed<>(channel.cause()) : empty();
      }
      channel.senders().signal();
    }
    return received(message, Priority.NORMAL, stamp.nanos);
  }

  @Override
  int fetch(Ring.Batch into, int limit) {
    if (!held.isEmpty()) {
      return held.fetch(into, limit);
    }
    int count = ring.fetch(into, limit);
    if (isShared) {
      // What a shared ring has shown it has given: there is room before the first handler runs.
      channel.senders().signal(count);
    }
    return count;
  }

  @Override
  void settle(Ring.Batch from, int handed, int count) {
    if (!held.isEmpty()) {
      held.settle(handed);
    } else if (ring.settle(handed)) {
      channel.senders().signal(handed);
    } else {
      held.keep(from, handed, count);
    }
  }

  @Override
  boolean isReady() {
    return !held.isEmpty() || ring.isReady();
  }

  @Override
  void detach() {
    if (alone) {
      channel.close();
    }
  }

  @Override
  void leave(ReceiverStats last) {
    channel.left(this, last);
  }

  @Override
  Map<DropReason, Long> dropped() {
    return Map.of();
  }

  @Override
  public long pending() {
    return alone ? ring.pending() : held.count();
  }

  int heldCount() {
    return held.count();
  }

  @Override
  double load() {
    return Math.min(1, (double) (ring.pending() + held.count()) / ring.capacity);
  }
}
