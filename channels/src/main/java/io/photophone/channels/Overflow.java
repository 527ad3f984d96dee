package io.photophone.channels;

/// What happens to a message for which one receiver of a [MulticastChannel] has no room.
public enum Overflow {
  /// The sender waits for the receiver: nobody gets the message before all who wait have room.
  WAIT,
  /// The receiver misses the message. It is told behind what was pending then.
  DROP_NEWEST,
  /// The receiver misses the oldest message that was pending.
  DROP_OLDEST,
  /// The receiver misses all that was pending, and goes on with what is the newest message when it
  /// comes back.
  JUMP_TO_NEWEST,
  /// The receiver's capacity is 1: what is pending is the newest message, and it misses the others.
  KEEP_NEWEST,
  /// The receiver is disconnected: it gets what was pending and then sees the end, with a
  /// [DisconnectedException] as the cause. This message and those sent until it leaves count as
  /// dropped.
  DISCONNECT
}
