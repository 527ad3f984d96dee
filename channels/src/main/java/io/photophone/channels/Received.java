package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// The outcome of one receive.
///
/// @param <T> what the channel carries
public sealed interface Received<T> {

  /// A message. The receiver owns this object and fills it again at its next receive, so that a
  /// receive allocates nothing: take the value, don't keep the object.
  final class Message<T> implements Received<T> {
    private @Nullable T value;
    private Priority priority = Priority.NORMAL;
    private long latencyNanos;

    Message() {}

    Message<T> holding(T message, Priority messagePriority, long messageLatencyNanos) {
      value = message;
      priority = messagePriority;
      latencyNanos = messageLatencyNanos;
      return this;
    }

    public T value() {
      T held = value;
      if (held == null) {
        throw new IllegalStateException("the receiver has moved on");
      }
      return held;
    }

    /// The class it was sent in; [Priority#NORMAL] on channels without classes.
    public Priority priority() {
      return priority;
    }

    /// Nanoseconds from send to receive; -1 if this message wasn't timed.
    public long latencyNanos() {
      return latencyNanos;
    }
  }

  /// Messages were dropped before this receiver came to them; the next receive goes on behind them.
  ///
  /// @param missed how many, at least 1
  record Lagged<T>(long missed) implements Received<T> {}

  /// Nothing to receive now, or within the time given.
  record Empty<T>() implements Received<T> {}

  /// Nothing to receive ever again.
  ///
  /// @param cause why the channel was closed, null for an ordinary close
  record Closed<T>(@Nullable Throwable cause) implements Received<T> {}
}
