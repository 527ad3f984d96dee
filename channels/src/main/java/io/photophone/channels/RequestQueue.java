package io.photophone.channels;

import org.jspecify.annotations.Nullable;

/// The way of the requests of a [RequestReplyChannel] from its callers to its servers. It holds
/// more requests than the channel allows in flight, since those whose callers wait no longer stay
/// until they come to the front.
sealed interface RequestQueue<Q, R> permits RequestRing, RequestClasses {

  /// Takes a request in, without waiting.
  Sent offer(Priority priority, long id, Q body);

  /// A taker for one thread at a time.
  Taker<Q, R> taker(String name);

  /// Where takers wait; signalled when a request has come.
  Parking receivers();

  /// Refuses offers from now on. When it returns, none is under way that will be accepted.
  void close();

  /// Requests accepted so far.
  long accepted();

  /// Requests accepted and not taken.
  long pending();

  /// Takes requests out.
  interface Taker<Q, R> {
    /// Takes the next request out, without waiting, whether or not it is wanted.
    ///
    /// @return false if there is none
    boolean take(Taken<Q, R> into);

    /// Whether a take gives a request or will never give one again.
    boolean isReady();

    /// Whether it is closed and everything has been taken.
    boolean isEnded();

    void leave();
  }

  /// A request that was taken out.
  final class Taken<Q, R> {
    /// The position is not told.
    static final long ANYWHERE = -1;

    /// How many were accepted before it, or [#ANYWHERE].
    long at;

    Priority priority = Priority.NORMAL;
    long id;
    @Nullable Q body;

    /// The request as its server gets it, if it exists already.
    @Nullable Request<Q, R> request;
  }
}
