package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// What every channel can tell about itself, and its end. All of it from any thread.
///
/// At every quiet moment each message that was accepted is received, dropped for a reason that is
/// counted, or pending: see [ChannelStats].
public sealed interface Channel extends AutoCloseable
    permits PointToPointChannel,
        PriorityChannel,
        BroadcastChannel,
        MulticastChannel,
        AnycastChannel,
        RequestReplyChannel {

  /// What statistics and messages call it.
  String name();

  /// How many messages it holds, exactly; what is counted is told by each channel.
  int capacity();

  /// Whether it refuses messages from now on. What it has accepted may still be pending.
  boolean isClosed();

  /// Ends the channel in the ordinary way. Idempotent.
  @Override
  default void close() {
    close(null);
  }

  /// Ends the channel: what was accepted can still be received, then every receiver sees the end
  /// with this cause; senders and receivers that wait are woken. The first close counts. When it
  /// returns, no send that began before is still under way.
  void close(@Nullable Throwable cause);

  ChannelStats stats();
}
