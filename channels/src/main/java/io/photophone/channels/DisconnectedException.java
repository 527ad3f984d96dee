package io.photophone.channels;

import java.io.Serial;

/// Why a receiver sees the end of a channel that goes on: it had no room and chose
/// [Overflow#DISCONNECT]. It tells receiver, channel and capacity, and has no stack trace.
public final class DisconnectedException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  DisconnectedException(String receiver, String channel, int capacity) {
    super(
        "receiver %s of channel %s was disconnected: no room behind %d pending"
            .formatted(receiver, channel, capacity),
        null,
        false,
        false);
  }
}
