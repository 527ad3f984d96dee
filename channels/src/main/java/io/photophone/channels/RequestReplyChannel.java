package io.photophone.channels;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Questions and their answers: any number of clients and servers, replies in any order.
///
/// A [Client] calls and waits, [#request] gives a future. Every call has a deadline, so that none
/// waits for ever, and ends once: by a reply, a failure, its deadline, its cancellation or the
/// close. What comes later reaches nobody: a late reply is counted as [DropReason#LATE], a request
/// that its caller gave up before a server took it as [DropReason#EXPIRED]. A request is sent once
/// and never again.
///
/// [#fifo] gives requests to servers in the order in which they came, [#prioritised] by class. A
/// call that succeeds allocates nothing on a channel made by [#fifo], nor does [Server#answer]; a
/// server that takes a request into its own hands gets an object for it, which is never used again.
///
/// Messages of its statistics are requests and replies: a request is received by a server, a reply
/// by a caller. `sent` counts requests. Latency is that of the round trip. Contract: C6.
///
/// @param <Q> what is asked
/// @param <R> what is answered
public final class RequestReplyChannel<Q, R> implements Channel {
  /*
   * A call takes a slot from the table and begins the slot's next generation; slot and generation are its
   * id. The request goes through the queue with the id, the answer comes back to the slot. Who moves the
   * slot's `ended` to that generation ends the call; the slot becomes free after that, so that every answer
   * to an older generation finds `ended` moved.
   *
   * A server that takes a request does not look at its slot, whose lines are the caller's at that time,
   * unless a caller has given up since the request was sent: `givenUp` is how many requests had been
   * accepted when a caller last gave up.
   */

  /// The largest capacity of a channel for calls.
  public static final int MAX_CALLS = CallTable.MAX_SLOTS;

  private final ChannelOptions options;
  private final boolean hasClasses;
  private final CallTable table;
  private final RequestQueue<Q, R> queue;
  private final Position givenUp = new Position();
  private final Parking room = new Parking();
  private final CopyOnWriteArrayList<Server<Q, R>> servers = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<Client<Q, R>> clients = new CopyOnWriteArrayList<>();
  private final Drops drops = new Drops();
  private final AtomicLong futures = new AtomicLong();
  private final LongAdder futuresAnswered = new LongAdder();

  /// Round trips of futures. Guarded by its own lock.
  private final LatencyRecorder futureTimes = new LatencyRecorder();

  /// All guarded by the lock of `servers`.
  private final Departed departed = new Departed(LatencyTracking.OFF);

  private final Histogram departedTimes = LatencyRecorder.empty();
  private long departedAnswered;
  private @Nullable Throwable cause;

  private volatile boolean closing;

  private RequestReplyChannel(ChannelOptions options, boolean hasClasses) {
    if (options.capacity() > MAX_CALLS) {
      throw new IllegalArgumentException(
          "capacity of channel %s is %d, allowed: [1, %d]"
              .formatted(options.name(), options.capacity(), MAX_CALLS));
    }
    this.options = options;
    this.hasClasses = hasClasses;
    this.table = new CallTable(options.capacity());
    this.queue =
        hasClasses
            ? new RequestClasses<>(
                this,
                new PriorityChannel<>(
                    new ChannelOptions(
                        options.name(),
                        2 * options.capacity(),
                        options.waiting(),
                        LatencyTracking.OFF)))
            : new RequestRing<>(this, options.capacity());
  }

  /// A channel whose servers get requests in the order in which they came.
  public static <Q, R> RequestReplyChannel<Q, R> fifo(ChannelOptions options) {
    return new RequestReplyChannel<>(options, false);
  }

  /// A channel whose servers get requests of more urgent classes first, in strict order.
  public static <Q, R> RequestReplyChannel<Q, R> prioritised(ChannelOptions options) {
    return new RequestReplyChannel<>(options, true);
  }

  /// Joins a client, for one thread.
  public Client<Q, R> client(String clientName) {
    Client<Q, R> client = new Client<>(this, clientName, options);
    synchronized (servers) {
      clients.add(client);
    }
    return client;
  }

  /// Joins a server. When it leaves, requests that it didn't take stay for the others; callers of
  /// those that it took and didn't answer wait until their deadline.
  public Server<Q, R> server(String serverName) {
    Server<Q, R> server = new Server<>(this, serverName, queue, options);
    synchronized (servers) {
      servers.add(server);
    }
    return server;
  }

  /// Sends a request, without waiting, from any thread. The future has the answer, or a
  /// [RequestException]; to cancel it gives the request up. It is completed by the thread that
  /// answers.
  ///
  /// @param timeout until its deadline
  public CompletableFuture<R> request(Q body, Duration timeout) {
    return request(Priority.NORMAL, body, timeout);
  }

  /// As [#request(Object, Duration)], with a class.
  ///
  /// @throws IllegalArgumentException if the channel has no classes, and it isn't [Priority#NORMAL]
  public CompletableFuture<R> request(Priority priority, Q body, Duration timeout) {
    check(priority, body, timeout);
    CompletableFuture<R> future = new CompletableFuture<>();
    CallSlot slot = table.acquire();
    if (slot == null) {
      future.completeExceptionally(isClosed() ? closed() : full());
      return future;
    }
    slot.startNanos =
        options.latency() != LatencyTracking.OFF
                && options.latency().times(futures.getAndIncrement())
            ? System.nanoTime()
            : Ring.Stamp.NOT_TIMED;
    slot.future = future;
    long generation = slot.begin();
    Sent sent = queue.offer(priority, table.id(slot, generation, true), body);
    if (sent == Sent.SENT) {
      giveUpInTime(future, slot, generation, timeout);
    } else if (slot.end(generation)) {
      freeOfFuture(slot);
      future.completeExceptionally(sent == Sent.FULL ? full() : closed());
    }
    return future;
  }

  private void giveUpInTime(
      CompletableFuture<R> future, CallSlot slot, long generation, Duration timeout) {
    CompletableFuture<@Nullable Void> timer =
        new CompletableFuture<@Nullable Void>()
            .completeOnTimeout(null, Waits.nanos(timeout), TimeUnit.NANOSECONDS);
    var _ =
        timer.thenRun(() -> {
          if (giveUpFuture(slot, generation)) {
            future.completeExceptionally(new RequestException.TimedOut(name()));
          }
        });
    // However it ends: also if its owner cancels or completes it.
    var _ =
        future.whenComplete((_, _) -> {
          timer.cancel(false);
          giveUpFuture(slot, generation);
        });
  }

  private boolean giveUpFuture(CallSlot slot, long generation) {
    if (!giveUp(slot, generation)) {
      return false;
    }
    freeOfFuture(slot);
    return true;
  }

  private void freeOfFuture(CallSlot slot) {
    slot.future = null;
    free(slot);
  }

  /// Ends a call that its caller waits for no longer, unless it has ended.
  boolean giveUp(CallSlot slot, long generation) {
    if (!slot.end(generation)) {
      return false;
    }
    doubtUntil(queue.accepted());
    return true;
  }

  /// Servers look at the slots of requests before this one.
  private void doubtUntil(long accepted) {
    long before;
    do {
      before = givenUp.get();
    } while (before < accepted && !givenUp.compareAndSet(before, accepted));
  }

  /// Whether the caller of a request just taken waits still.
  boolean isWanted(RequestQueue.Taken<Q, R> taken) {
    return taken.at >= givenUp.get() || table.isPending(taken.id);
  }

  boolean isPending(long id) {
    return table.isPending(id);
  }

  /// Counts a request that was taken out and is given to nobody.
  void expired() {
    drops.add(DropReason.EXPIRED, 1);
  }

  /// Ends a call by what its server says.
  Request.Outcome answer(long id, int kind, Object content) {
    CallSlot slot = table.slot(id);
    long generation = table.generation(id);
    if (!slot.end(generation)) {
      return late();
    }
    if (CallTable.hasFuture(id)) {
      return answerFuture(slot, kind, content);
    }
    slot.mailbox.put(generation, kind, content);
    slot.parking.signal();
    return Request.Outcome.DELIVERED;
  }

  private Request.Outcome late() {
    drops.add(DropReason.LATE, 1);
    return Request.Outcome.LATE;
  }

  @SuppressWarnings("unchecked")
  private Request.Outcome answerFuture(CallSlot slot, int kind, Object content) {
    CompletableFuture<R> future = (CompletableFuture<R>) Objects.requireNonNull(slot.future);
    long start = slot.startNanos;
    freeOfFuture(slot);
    // Counted before: whoever has the answer finds it counted.
    futuresAnswered.increment();
    boolean isTaken =
        kind == Mailbox.ANSWERED
            ? future.complete((R) content)
            : future.completeExceptionally(
                new RequestException.Failed(name(), (Throwable) content));
    if (!isTaken) {
      futuresAnswered.decrement();
      return late();
    }
    if (start != Ring.Stamp.NOT_TIMED) {
      synchronized (futureTimes) {
        futureTimes.record(System.nanoTime() - start);
      }
    }
    return Request.Outcome.DELIVERED;
  }

  void free(CallSlot slot) {
    table.free(slot);
    room.signal();
  }

  void check(Priority priority, Q body, Duration timeout) {
    Objects.requireNonNull(body, options.name());
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(
          "timeout on channel %s is %s, allowed: 0 or more".formatted(name(), timeout));
    }
    if (Objects.requireNonNull(priority, options.name()) != Priority.NORMAL && !hasClasses) {
      throw new IllegalArgumentException(
          "channel %s has no classes: %s, allowed: NORMAL".formatted(name(), priority));
    }
  }

  private RequestException.Full full() {
    return new RequestException.Full(name(), capacity());
  }

  private RequestException.Closed closed() {
    return new RequestException.Closed(name(), cause());
  }

  CallTable table() {
    return table;
  }

  RequestQueue<Q, R> queue() {
    return queue;
  }

  /// Where callers wait for a free slot.
  Parking room() {
    return room;
  }

  void left(Server<Q, R> server, ReceiverStats last) {
    synchronized (servers) {
      servers.remove(server);
      departed.add(server, last);
    }
  }

  void left(Client<Q, R> client) {
    synchronized (servers) {
      clients.remove(client);
      departedAnswered += client.answered();
      client.addLatencyTo(departedTimes);
    }
  }

  @Override
  public String name() {
    return options.name();
  }

  /// {@inheritDoc}
  ///
  /// Requests in flight: sent, and neither answered nor given up.
  @Override
  public int capacity() {
    return options.capacity();
  }

  @Override
  public boolean isClosed() {
    return closing;
  }

  /// Ends the channel: every call in flight ends with this cause, and requests that no server has
  /// taken are given to none. Servers see the end; answers to what they have taken are late.
  @Override
  public void close(@Nullable Throwable reason) {
    if (refuse(reason)) {
      for (CallSlot slot : table.slots()) {
        endByClose(slot);
      }
      discardAll();
    }
    room.signalAll();
    queue.receivers().signalAll();
  }

  /// Sends nothing from now on.
  ///
  /// @return whether this close is the first
  private boolean refuse(@Nullable Throwable reason) {
    synchronized (servers) {
      if (closing) {
        return false;
      }
      cause = reason;
      closing = true;
      queue.close();
      doubtUntil(Long.MAX_VALUE);
      return true;
    }
  }

  private void endByClose(CallSlot slot) {
    long generation = slot.generation();
    if (generation == 0 || !slot.end(generation)) {
      return;
    }
    CompletableFuture<?> future = slot.future;
    if (future == null) {
      slot.mailbox.put(generation, Mailbox.CLOSED, null);
      slot.parking.signalAll();
    } else {
      freeOfFuture(slot);
      future.completeExceptionally(closed());
    }
  }

  private void discardAll() {
    RequestQueue.Taker<Q, R> taker = queue.taker("close");
    RequestQueue.Taken<Q, R> taken = new RequestQueue.Taken<>();
    while (taker.take(taken)) {
      expired();
    }
    taker.leave();
  }

  @Nullable Throwable cause() {
    synchronized (servers) {
      return cause;
    }
  }

  @Override
  public ChannelStats stats() {
    synchronized (servers) {
      Histogram times = departedTimes.copy();
      synchronized (futureTimes) {
        futureTimes.addTo(times);
      }
      long delivered = departedAnswered + futuresAnswered.sum();
      for (Client<Q, R> client : clients) {
        delivered += client.answered();
        client.addLatencyTo(times);
      }
      List<ReceiverStats> stats = servers.stream().map(Receiver::stats).toList();
      long received = departed.received() + delivered;
      for (ReceiverStats server : stats) {
        received += server.received();
      }
      long sent = queue.accepted();
      return new ChannelStats(
          name(),
          "request-reply",
          capacity(),
          isClosed(),
          sent,
          sent + delivered + drops.of(DropReason.LATE),
          received,
          drops.toMap(),
          queue.pending(),
          LatencyRecorder.stats(times),
          stats);
    }
  }

  @Override
  public String toString() {
    return "RequestReplyChannel[%s, capacity %d]".formatted(name(), capacity());
  }
}
