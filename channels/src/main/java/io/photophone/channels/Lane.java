package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// The ring of one receiver of a [MulticastChannel], of an exact capacity. One thread sends, inside
/// the channel's gate; one receives. Nothing allocates.
abstract sealed class Lane<T> permits KeepingLane, OverwritingLane {
  final int capacity;

  /// Messages put in so far, those included that were dropped later. Moved by the sender.
  final Position head = new Position();

  /// Messages lost, moved by the side that finds them to be.
  final Position dropped = new Position();

  Lane(int capacity) {
    this.capacity = capacity;
  }

  static <T> Lane<T> of(int capacity, Overflow policy, LatencyTracking tracking) {
    return switch (policy) {
      case WAIT, DROP_NEWEST, DISCONNECT -> new KeepingLane<>(capacity, policy, tracking);
      case DROP_OLDEST, JUMP_TO_NEWEST, KEEP_NEWEST ->
          new OverwritingLane<>(capacity, policy, tracking);
    };
  }

  /// How many messages may be put before the sender has to wait. By the sender, like [#put].
  abstract long room();

  /// Takes a message in or drops one, as the policy says. There is room, if the sender is to wait
  /// for it.
  abstract void put(T message);

  /// Takes the oldest message out. By the receiver, like [#fetch] and [#settle].
  ///
  /// @param place where it looks, and where a loss is noted that comes before the message
  /// @return null if there is none, or if it stays in the lane behind a loss
  abstract @Nullable T take(Place place);

  /// Shows the oldest messages to the receiver that will [#settle] them next.
  ///
  /// @return how many, up to the next loss
  abstract int fetch(Place place, Ring.Batch batch, int limit);

  /// Takes out as many of the messages last fetched as were received.
  abstract void settle(int received);

  /// Whether a take gives a message or a loss.
  abstract boolean isReady(Place place);

  /// Whether nothing will be put in any more, although the channel goes on.
  abstract boolean isDisconnected();

  /// Messages that wait in the lane.
  abstract long pending();

  /// Messages that the receiver will not get.
  abstract long lost();

  /// Why it won't.
  abstract DropReason reason();

  /// Messages that were meant for the receiver.
  abstract long offered();

  /// How far one receiver is in its lane. Of the receiving thread alone.
  static final class Place {
    final Ring.Stamp stamp = new Ring.Stamp();

    /// What was lost before the place, in all, as far as a take has found it.
    long found;

    /// What the last take has found lost, and the receiver is to be told.
    long missed;

    long tell() {
      long toTell = missed;
      missed = 0;
      return toTell;
    }
  }
}
