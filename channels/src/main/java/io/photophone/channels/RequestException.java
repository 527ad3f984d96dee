package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// Why a future of a [RequestReplyChannel] has no answer; for the outcomes that a client gets as
/// [Reply]. A future that was cancelled has a [java.util.concurrent.CancellationException] instead.
public abstract sealed class RequestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private RequestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// The server failed; the cause is what it failed with.
  public static final class Failed extends RequestException {
    private static final long serialVersionUID = 1;

    Failed(String channel, Throwable cause) {
      super("the server of channel %s failed: %s".formatted(channel, cause), cause);
    }
  }

  /// The deadline passed.
  public static final class TimedOut extends RequestException {
    private static final long serialVersionUID = 1;

    TimedOut(String channel) {
      super("no answer on channel %s within the time given".formatted(channel), null);
    }
  }

  /// As many requests were in flight as the channel allows; nothing was sent.
  public static final class Full extends RequestException {
    private static final long serialVersionUID = 1;

    Full(String channel, int capacity) {
      super("channel %s has %d requests in flight".formatted(channel, capacity), null);
    }
  }

  /// The channel was closed; the cause is that of the close, if it had one.
  public static final class Closed extends RequestException {
    private static final long serialVersionUID = 1;

    Closed(String channel, @Nullable Throwable cause) {
      super("channel %s is closed".formatted(channel), cause);
    }
  }
}
