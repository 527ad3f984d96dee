package io.photophone.channels.shared;

/// The outcome of one receive.
public sealed interface SharedReceived {
  /// The message is in the buffer that was given, or was handed to the handler.
  record Message() implements SharedReceived {
    static final Message INSTANCE = new Message();
  }

  /// Nothing to receive now, or within the time given.
  record Empty() implements SharedReceived {
    static final Empty INSTANCE = new Empty();
  }

  /// Messages were overwritten before this receiver came to them; the next receive goes on behind
  /// them. Only a broadcast ring loses messages.
  ///
  /// @param missed how many, exact
  record Lagged(long missed) implements SharedReceived {}

  /// Nothing to receive ever again: the sender closed the ring and everything before was received,
  /// or this receiver was closed.
  record Closed() implements SharedReceived {
    static final Closed INSTANCE = new Closed();
  }

  /// Everything that was sent is received, and the process of the sender has died without closing
  /// or leaving. Another may take over; then receiving goes on.
  ///
  /// @param pid of the dead process
  record PeerGone(long pid) implements SharedReceived {}
}
