package io.photophone.channels;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A receiver of a [MulticastChannel], with a lane of its own.
final class MulticastReceiver<T> extends Receiver<T> {
  private final MulticastChannel<T> channel;
  private final Lane<T> lane;
  private final Lane.Place place = new Lane.Place();
  private final Held<T> held = new Held<>();
  private final boolean isWaitedFor;

  MulticastReceiver(
      MulticastChannel<T> channel,
      String name,
      int capacity,
      Overflow policy,
      ChannelOptions options) {
    super(name, channel.receivers(), options.waiting(), options.latency());
    this.channel = channel;
    this.lane = Lane.of(capacity, policy, options.latency());
    this.isWaitedFor = policy == Overflow.WAIT;
  }

  @Override
  Received<T> next() {
    Received<T> found = find();
    if (found == null && isOver()) {
      // Something may have come between the look and the end; nothing comes after it.
      found = find();
      return found == null ? new Received.Closed<>(endCause()) : found;
    }
    return found == null ? empty() : found;
  }

  private @Nullable Received<T> find() {
    T message = held.take(place.stamp);
    if (message == null) {
      message = lane.take(place);
      if (place.missed != 0) {
        if (message != null) {
          held.keep(message, place.stamp);
        }
        return new Received.Lagged<>(place.tell());
      }
      signalRoom();
    }
    return message == null ? null : received(message, Priority.NORMAL, place.stamp.nanos);
  }

  private boolean isOver() {
    return lane.isDisconnected() || channel.isOver();
  }

  private @Nullable Throwable endCause() {
    return lane.isDisconnected()
        ? new DisconnectedException(name(), channel.name(), lane.capacity)
        : channel.cause();
  }

  @Override
  int fetch(Ring.Batch into, int limit) {
    return held.isEmpty() ? lane.fetch(place, into, limit) : held.fetch(into, limit);
  }

  @Override
  void settle(Ring.Batch from, int handed, int count) {
    if (held.isEmpty()) {
      lane.settle(handed);
      signalRoom();
    } else {
      held.settle(handed);
    }
  }

  private void signalRoom() {
    if (isWaitedFor) {
      channel.senders().signal();
    }
  }

  @Override
  boolean isReady() {
    return !held.isEmpty() || lane.isReady(place) || isOver();
  }

  Lane<T> lane() {
    return lane;
  }

  @Override
  void detach() {
    channel.detachLeaving();
  }

  @Override
  void leave(ReceiverStats last) {
    channel.left(this, last);
  }

  @Override
  Map<DropReason, Long> dropped() {
    long lost = lane.lost();
    return lost == 0 ? Map.of() : Map.of(lane.reason(), lost);
  }

  @Override
  public long pending() {
    return lane.pending() + held.count();
  }

  @Override
  double load() {
    return Math.min(1, (double) pending() / lane.capacity);
  }
}
