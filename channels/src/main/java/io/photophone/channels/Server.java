package io.photophone.channels;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// One server of a [RequestReplyChannel]: a receiver of its requests. Servers share them; each
/// request goes to one.
///
/// To receive a request is to take it over: nobody else will answer it. A server takes one at a
/// time, also when it drains, so that none waits for a slow server while another is idle. Each has
/// an object of its own, the one thing that a receive allocates; [#answer] does without.
///
/// @param <Q> what is asked
/// @param <R> what is answered
public final class Server<Q, R> extends Receiver<Request<Q, R>> {
  private final RequestReplyChannel<Q, R> channel;
  private final RequestQueue<Q, R> queue;
  private final RequestQueue.Taker<Q, R> taker;
  private final RequestQueue.Taken<Q, R> taken = new RequestQueue.Taken<>();

  Server(
      RequestReplyChannel<Q, R> channel,
      String name,
      RequestQueue<Q, R> queue,
      ChannelOptions options) {
    super(name, queue.receivers(), options.waiting(), LatencyTracking.OFF);
    this.channel = channel;
    this.queue = queue;
    this.taker = queue.taker(name);
  }

  /// Answers the requests that are there, in order, without waiting. If the function throws, the
  /// caller gets that as a failure, and the server goes on unless it is an error. Allocates nothing
  /// on a channel without classes.
  ///
  /// @param function from a request to its answer, not null
  /// @param limit the most requests to answer, from 1 on
  /// @return how many were answered
  public int answer(Function<? super Q, ? extends R> function, int limit) {
    Objects.requireNonNull(function, "function");
    if (limit < 1) {
      throw new IllegalArgumentException(
          "limit of answers of server %s is %d, allowed: 1 or more".formatted(name(), limit));
    }
    int total = 0;
    while (total < limit && answerNext(function)) {
      total++;
    }
    return total;
  }

  /// Answers requests, waiting for them, until this server or the channel is closed or the calling
  /// thread is interrupted, which it then is still. If the function throws, the caller gets that as
  /// a failure, and the server goes on unless it is an error.
  ///
  /// @param function from a request to its answer, not null
  public void serve(Function<? super Q, ? extends R> function) {
    boolean open = true;
    while (open) {
      if (answer(function, Ring.Batch.SIZE) == 0) {
        try {
          open = awaitOutcome() && !taker.isEnded();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          open = false;
        }
      }
    }
  }

  private boolean answerNext(Function<? super Q, ? extends R> function) {
    if (!enter()) {
      return false;
    }
    try {
      if (!takeWanted()) {
        return false;
      }
      handing();
      long id = taken.id;
      Q body = takenBody();
      answer(id, body, function);
      return true;
    } finally {
      exit();
    }
  }

  @SuppressWarnings("NullAway") // a function may return null against its promise
  private void answer(long id, Q body, Function<? super Q, ? extends R> function) {
    R answer;
    try {
      answer = Objects.requireNonNull(function.apply(body), "an answer is null");
    } catch (RuntimeException e) {
      channel.answer(id, Mailbox.FAILED, e);
      return;
    } catch (Error e) {
      channel.answer(id, Mailbox.FAILED, e);
      throw e;
    }
    channel.answer(id, Mailbox.ANSWERED, answer);
  }

  /// Takes the next request whose caller waits still.
  private boolean takeWanted() {
    while (taker.take(taken)) {
      if (channel.isWanted(taken)) {
        return true;
      }
      taken.body = null;
      taken.request = null;
      channel.expired();
    }
    return false;
  }

  private Q takenBody() {
    Q body = Objects.requireNonNull(taken.body);
    taken.body = null;
    taken.request = null;
    return body;
  }

  private Request<Q, R> takenRequest() {
    Request<Q, R> made = taken.request;
    Q body = takenBody();
    return made == null ? new Request<>(channel, taken.id, body) : made;
  }

  @Override
  Received<Request<Q, R>> next() {
    if (takeWanted()) {
      return received(takenRequest(), taken.priority, Ring.Stamp.NOT_TIMED);
    }
    return taker.isEnded() ? new Received.Closed<>(channel.cause()) : empty();
  }

  @Override
  int fetch(Ring.Batch into, int limit) {
    if (!takeWanted()) {
      return 0;
    }
    into.messages[0] = takenRequest();
    into.isTimed = false;
    return 1;
  }

  @Override
  void settle(Ring.Batch from, int handed, int count) {}

  @Override
  boolean isReady() {
    return taker.isReady();
  }

  @Override
  void leave(ReceiverStats last) {
    taker.leave();
    channel.left(this, last);
  }

  @Override
  Map<DropReason, Long> dropped() {
    return Map.of();
  }

  /// Always 0: requests wait in the queue that all servers share.
  @Override
  public long pending() {
    return 0;
  }

  @Override
  double load() {
    return Math.min(1, (double) queue.pending() / channel.capacity());
  }
}
