package io.photophone.channels;

/// The outcome of one send.
public enum Sent {
  /// The channel took the message.
  SENT,
  /// The channel was closed and did not take it.
  CLOSED
}
