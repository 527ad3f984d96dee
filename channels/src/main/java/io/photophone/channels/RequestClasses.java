package io.photophone.channels;

/// Requests with a class each: the way of a prioritised [RequestReplyChannel], over a
/// [PriorityChannel].
final class RequestClasses<Q, R> implements RequestQueue<Q, R> {
  private final RequestReplyChannel<Q, R> channel;
  private final PriorityChannel<Request<Q, R>> classes;

  RequestClasses(RequestReplyChannel<Q, R> channel, PriorityChannel<Request<Q, R>> classes) {
    this.channel = channel;
    this.classes = classes;
  }

  @Override
  public Sent offer(Priority priority, long id, Q body) {
    Request<Q, R> request = new Request<>(channel, id, body);
    Sent sent = classes.trySend(priority, request);
    while (sent == Sent.FULL && classes.discardFront(priority, Request::isWanted)) {
      channel.expired();
      sent = classes.trySend(priority, request);
    }
    return sent;
  }

  @Override
  public Taker<Q, R> taker(String name) {
    return new ClassesTaker<>(classes, classes.receiver(name));
  }

  @Override
  public Parking receivers() {
    return classes.receivers();
  }

  @Override
  public void close() {
    classes.close();
  }

  @Override
  public long accepted() {
    return classes.classStats().values().stream().mapToLong(PriorityChannel.ClassStats::sent).sum();
  }

  @Override
  public long pending() {
    return classes.classStats().values().stream()
        .mapToLong(PriorityChannel.ClassStats::pending)
        .sum();
  }

  /// Uses a receiver inside of its gate: that of the server that takes is shut already.
  private record ClassesTaker<Q, R>(
      PriorityChannel<Request<Q, R>> classes, Receiver<Request<Q, R>> receiver)
      implements Taker<Q, R> {
    @Override
    public boolean take(Taken<Q, R> into) {
      if (!(receiver.next() instanceof Received.Message<Request<Q, R>> message)) {
        return false;
      }
      Request<Q, R> request = message.value();
      into.at = Taken.ANYWHERE;
      into.priority = message.priority();
      into.id = request.id();
      into.body = request.body();
      into.request = request;
      return true;
    }

    @Override
    public boolean isReady() {
      return receiver.isReady();
    }

    @Override
    public boolean isEnded() {
      return classes.isClosed() && !hasMessage();
    }

    private boolean hasMessage() {
      return classes.classStats().values().stream().anyMatch(stats -> stats.pending() != 0);
    }

    @Override
    public void leave() {
      receiver.close();
    }
  }
}
