package io.photophone.stress;

import io.photophone.channels.Received;

/// What was received, told by small numbers: a message by its value, from 1 on, the others by the
/// constants.
final class Told {
  /// Nothing to receive yet.
  static final int EMPTY = 0;

  /// Nothing to receive any more.
  static final int CLOSED = -1;

  /// Missed messages are told as this minus their count.
  static final int LAGGED = -10;

  private Told() {}

  static int told(Received<Message> received) {
    return switch (received) {
      case Received.Message<Message> message -> message.value().value();
      case Received.Empty<Message> _ -> EMPTY;
      case Received.Closed<Message> _ -> CLOSED;
      case Received.Lagged<Message>(long missed) -> LAGGED - (int) missed;
    };
  }

  /// A message whose content is ordinary fields: only the channel makes them visible.
  static final class Message {
    private long madeNanos;
    private int value;

    Message(int value) {
      this.value = value;
      this.madeNanos = System.nanoTime();
    }

    int value() {
      return value;
    }

    /// Since before it was sent.
    long ageNanos() {
      return System.nanoTime() - madeNanos;
    }
  }
}
