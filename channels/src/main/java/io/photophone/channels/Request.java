package io.photophone.channels;

import java.util.Objects;

/// A request in the hands of a server, to be answered by any thread, at any time, in any order.
///
/// It belongs to one call for ever and never to another: its id carries the generation of the call,
/// and an answer is taken only while that call waits. So it can be kept, and an answer to a call
/// that has ended, or a second one, reaches nobody and is counted.
///
/// @param <Q> what is asked
/// @param <R> what is answered
public final class Request<Q, R> {
  private final RequestReplyChannel<Q, R> channel;
  private final long id;
  private final Q body;

  Request(RequestReplyChannel<Q, R> channel, long id, Q body) {
    this.channel = channel;
    this.id = id;
    this.body = body;
  }

  /// Its correlation id, which no other call of the channel has.
  public long id() {
    return id;
  }

  public Q body() {
    return body;
  }

  /// Whether its caller waits still. One that waits may give up at any moment.
  public boolean isWanted() {
    return channel.isPending(id);
  }

  /// Answers.
  public Outcome reply(R answer) {
    return channel.answer(id, Mailbox.ANSWERED, Objects.requireNonNull(answer, channel.name()));
  }

  /// Tells the caller that there will be no answer and why.
  public Outcome fail(Throwable cause) {
    return channel.answer(id, Mailbox.FAILED, Objects.requireNonNull(cause, channel.name()));
  }

  @Override
  public String toString() {
    return "Request[%s, %d, %s]".formatted(channel.name(), id, body);
  }

  /// What became of an answer.
  public enum Outcome {
    /// The caller gets it.
    DELIVERED,
    /// The caller waits no longer, or was answered before: the answer was dropped and counted.
    LATE
  }
}
