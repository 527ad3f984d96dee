package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// The outcome of one call.
///
/// @param <R> what is answered
public sealed interface Reply<R> {

  /// The server's answer. The client owns this object and fills it again at its next call, so that
  /// a call allocates nothing: take the value, don't keep the object.
  final class Answered<R> implements Reply<R> {
    private @Nullable R value;

    Answered() {}

    Answered<R> holding(R answer) {
      value = answer;
      return this;
    }

    public R value() {
      R held = value;
      if (held == null) {
        throw new IllegalStateException("the client has moved on");
      }
      return held;
    }
  }

  /// The server failed.
  record Failed<R>(Throwable cause) implements Reply<R> {}

  /// The deadline passed. The request is not given to a server that hasn't taken it.
  record TimedOut<R>() implements Reply<R> {}

  /// The client was closed by another thread while it waited.
  record Cancelled<R>() implements Reply<R> {}

  /// As many requests were in flight as the channel allows, or for all of the time given; nothing
  /// was sent.
  record Full<R>() implements Reply<R> {}

  /// The channel was closed, before the call or while it waited, or the client was before.
  ///
  /// @param cause why, null for an ordinary close
  record Closed<R>(@Nullable Throwable cause) implements Reply<R> {}
}
