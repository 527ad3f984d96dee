package io.photophone.channels;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A receiver of a [PriorityChannel].
final class PriorityReceiver<T> extends Receiver<T> {
  /*
   * The order is strict at one instant of every receive: the classes before the one that is served were
   * empty, and no message came to them, from before its message was seen until after. Then exactly that
   * message is claimed, or the receive begins again. So too for an empty receive and all classes.
   */
  private static final int NONE = -1;

  private final PriorityChannel<T> channel;
  private final List<PriorityChannel.Lane<T>> lanes;
  private final StarvationBound bound;
  private final LatencyTracking tracking;
  private final Ring.Stamp stamp = new Ring.Stamp();

  /// Of the receiving thread alone: by class, how many messages it had accepted when seen.
  private final long[] accepted;

  /// Of the receiving thread alone: the position that [#choose] has found.
  private long front;

  PriorityReceiver(
      PriorityChannel<T> channel,
      String name,
      List<PriorityChannel.Lane<T>> lanes,
      StarvationBound bound,
      ChannelOptions options) {
    super(name, channel.receivers(), options.waiting(), options.latency());
    this.channel = channel;
    this.lanes = lanes;
    this.bound = bound;
    this.tracking = options.latency();
    this.accepted = new long[lanes.size()];
  }

  @Override
  Received<T> next() {
    while (true) {
      int rank = bound.isNone() ? choose() : chooseBounded();
      if (rank == NONE) {
        return isEnded() ? new Received.Closed<>(channel.cause()) : empty();
      }
      T message = takeFrom(rank);
      if (message != null) {
        return received(message, lanes.get(rank).priority, stamp.nanos);
      }
    }
  }

  private @Nullable T takeFrom(int rank) {
    PriorityChannel.Lane<T> lane = lanes.get(rank);
    T message = lane.ring.takeAt(front, stamp);
    if (message != null) {
      if (!tracking.times(front)) {
        // The bound may need more times than the statistics count.
        stamp.nanos = Ring.Stamp.NOT_TIMED;
      }
      bound.served(rank);
      lane.senders.signal();
    }
    return message;
  }

  /// The most urgent class that has a message, with all before it empty at that instant.
  private int choose() {
    while (true) {
      int rank = 0;
      while (rank < lanes.size() && !hasMessage(rank)) {
        rank++;
      }
      if (noneCameBefore(rank)) {
        return rank == lanes.size() ? NONE : rank;
      }
    }
  }

  private boolean hasMessage(int rank) {
    Ring<T> ring = lanes.get(rank).ring;
    // Taken first: if the two are equal, the ring was empty when the second was read.
    front = ring.taken();
    accepted[rank] = ring.accepted();
    return accepted[rank] != front;
  }

  private boolean noneCameBefore(int rank) {
    for (int i = 0; i < rank; i++) {
      if (lanes.get(i).ring.accepted() != accepted[i]) {
        return false;
      }
    }
    return true;
  }

  /// The class that has waited longest beyond its bound, else the most urgent one.
  private int chooseBounded() {
    int chosen;
    do {
      chosen = chooseOverdue();
    } while (chosen == NONE && !noneCameBefore(lanes.size()));
    return chosen;
  }

  private int chooseOverdue() {
    long now = bound.needsTimes() ? System.nanoTime() : 0;
    int chosen = NONE;
    long chosenFront = 0;
    long most = NONE;
    for (int rank = 0; rank < lanes.size(); rank++) {
      if (!hasMessage(rank)) {
        bound.empty(rank);
        continue;
      }
      long overdue = bound.overdue(rank, now, lanes.get(rank).ring.sentNanosAt(front));
      if (chosen == NONE || overdue > most) {
        chosen = rank;
        chosenFront = front;
        most = Math.max(overdue, NONE);
      }
    }
    front = chosenFront;
    return chosen;
  }

  private boolean isEnded() {
    // By index, as below: an iterator would be an object a look.
    for (int rank = 0; rank < lanes.size(); rank++) {
      if (!lanes.get(rank).ring.isEnded()) {
        return false;
      }
    }
    return true;
  }

  /// One at a time, so that a more urgent message that comes meanwhile is next.
  @Override
  int fetch(Ring.Batch into, int limit) {
    while (true) {
      int rank = bound.isNone() ? choose() : chooseBounded();
      if (rank == NONE) {
        return 0;
      }
      T message = takeFrom(rank);
      if (message != null) {
        into.messages[0] = message;
        into.nanos[0] = stamp.nanos;
        into.isTimed = true;
        return 1;
      }
    }
  }

  @Override
  void settle(Ring.Batch from, int handed, int count) {}

  @Override
  boolean isReady() {
    for (int rank = 0; rank < lanes.size(); rank++) {
      Ring<T> ring = lanes.get(rank).ring;
      if (ring.taken() != ring.accepted()) {
        return true;
      }
    }
    return channel.isClosed();
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
    return 0;
  }

  @Override
  double load() {
    long pending = 0;
    for (PriorityChannel.Lane<T> lane : lanes) {
      pending += lane.ring.pending();
    }
    return Math.min(1, (double) pending / ((long) lanes.size() * channel.capacity()));
  }
}
