package io.photophone.channels.shared;

/// The outcome of one send.
public enum SharedSent {
  /// The message is in the ring.
  SENT,
  /// There was no room, now or within the time given.
  FULL,
  /// This sender was closed.
  CLOSED,
  /// There was no room, and the process of the receiver has died without leaving. Another may take
  /// over; then sending goes on.
  PEER_GONE
}
