package io.photophone.channels;

/// Why an accepted message was not received.
public enum DropReason {
  /// Newer messages took its place before the receiver came to it.
  OVERTAKEN,
  /// It came while the receiver had no room for it.
  NO_ROOM,
  /// The receiver was disconnected because it had no room for this, or this came afterwards.
  DISCONNECTED,
  /// The receiver left, or the only one there was, and this was pending then.
  LEFT,
  /// A request whose deadline passed, or that was cancelled, before a server took it.
  EXPIRED,
  /// A reply that came after the caller had stopped waiting for it.
  LATE
}
