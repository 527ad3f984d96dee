package io.photophone.channels;

/// The outcome of one send.
public enum Sent {
  /// The channel took the message.
  SENT,
  /// There was no room, or none within the time given; the message was not taken.
  FULL,
  /// The channel was closed and did not take it.
  CLOSED
}
