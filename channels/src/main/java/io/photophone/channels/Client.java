package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One caller of a [RequestReplyChannel].
///
/// One thread calls, the first that does; another may take over once that one has called
/// [#handOver] or ended. Any other is refused. [#close] is for any thread.
///
/// @param <Q> what is asked
/// @param <R> what is answered
public final class Client<Q, R> implements AutoCloseable {
  /*
   * A quick answer costs no look at the clock: the deadline is computed when the first looks have found
   * nothing, so it passes up to about 2 µs late, and never early.
   */
  private static final int FIRST_LOOKS = 64;
  private static final int FIRST_LOOKS_VIRTUAL = 16;
  private static final VarHandle ANSWERED;

  static {
    try {
      ANSWERED = MethodHandles.lookup().findVarHandle(Client.class, "answered", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RequestReplyChannel<Q, R> channel;
  private final RequestQueue<Q, R> queue;
  private final CallTable table;
  private final String name;
  private final WaitStrategy waiting;
  private final LatencyTracking tracking;
  private final Gate gate;
  private final Waiter[] roomPlaces;
  private final WaitStrategy.Ready hasRoom = this::hasRoom;
  private final WaitStrategy.Ready hasEnded = this::hasEnded;
  private final Reply.Answered<R> answer = new Reply.Answered<>();
  private final Reply.TimedOut<R> timedOut = new Reply.TimedOut<>();
  private final Reply.Full<R> full = new Reply.Full<>();

  /// Null if no call is timed.
  private final @Nullable LatencyRecorder latency;

  /// Of the calling thread alone, as the four below: the call it waits for.
  private @Nullable CallSlot slot;

  private long generation;
  private long calls;
  private long deadline;

  /// Whether the deadline of the present call is known.
  private boolean hasDeadline;

  /// Replies and failures it got. Written by the calling thread alone, opaquely, since others read
  /// it.
  private long answered;

  /// Set by whoever closes it.
  private volatile boolean leaving;

  /// Guarded by this object's lock; whoever sets it lets the client leave.
  private boolean left;

  Client(RequestReplyChannel<Q, R> channel, String name, ChannelOptions options) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "the name of a client of channel %s is blank: \"%s\"".formatted(channel.name(), name));
    }
    this.channel = channel;
    this.queue = channel.queue();
    this.table = channel.table();
    this.name = name;
    this.waiting = options.waiting();
    this.tracking = options.latency();
    this.latency = tracking == LatencyTracking.OFF ? null : new LatencyRecorder();
    this.gate = new Gate("calls by client " + name);
    this.roomPlaces = new Waiter[] {new Waiter(channel.room())};
  }

  public String name() {
    return name;
  }

  /// Sends a request and waits for its outcome. While as many requests are in flight as the channel
  /// allows, it waits for room first.
  ///
  /// @param timeout until the deadline, for all of it
  /// @throws InterruptedException if interrupted while it waits; the request is given up. A reply
  ///   that is there by then is returned, and the thread stays interrupted
  /// @throws IllegalStateException if another living thread is the one that calls
  public Reply<R> call(Q request, Duration timeout) throws InterruptedException {
    return call(Priority.NORMAL, request, timeout, true);
  }

  /// As [#call(Object, Duration)], with a class.
  ///
  /// @throws IllegalArgumentException if the channel has no classes, and it isn't [Priority#NORMAL]
  public Reply<R> call(Priority priority, Q request, Duration timeout) throws InterruptedException {
    return call(priority, request, timeout, true);
  }

  /// As [#call(Object, Duration)], but returns [Reply.Full] at once if there is no room.
  public Reply<R> tryCall(Q request, Duration timeout) throws InterruptedException {
    return call(Priority.NORMAL, request, timeout, false);
  }

  /// As [#tryCall(Object, Duration)], with a class.
  public Reply<R> tryCall(Priority priority, Q request, Duration timeout)
      throws InterruptedException {
    return call(priority, request, timeout, false);
  }

  private Reply<R> call(Priority priority, Q request, Duration timeout, boolean waitsForRoom)
      throws InterruptedException {
    channel.check(priority, request, timeout);
    if (!gate.enter()) {
      return new Reply.Closed<>(null);
    }
    try {
      hasDeadline = false;
      CallSlot free = table.acquire();
      if (free == null) {
        free = waitsForRoom ? awaitRoom(timeout) : null;
        if (free == null) {
          return withoutRoom();
        }
      }
      return call(free, priority, request, timeout);
    } finally {
      gate.exit();
    }
  }

  private Reply<R> call(CallSlot mine, Priority priority, Q request, Duration timeout)
      throws InterruptedException {
    slot = mine;
    long start = isTimed() ? System.nanoTime() : Ring.Stamp.NOT_TIMED;
    generation = mine.begin();
    Sent sent = queue.offer(priority, table.id(mine, generation, false), request);
    if (sent != Sent.SENT) {
      return notSent(mine, sent);
    }
    int looks = Thread.currentThread().isVirtual() ? FIRST_LOOKS_VIRTUAL : FIRST_LOOKS;
    for (int i = 0; i < looks; i++) {
      if (mine.mailbox.has(generation)) {
        return outcome(mine, start);
      }
      Thread.onSpinWait();
    }
    return awaitOutcome(mine, timeout, start);
  }

  private boolean isTimed() {
    return latency != null && tracking.times(calls++);
  }

  private @Nullable CallSlot awaitRoom(Duration timeout) throws InterruptedException {
    computeDeadline(timeout);
    CallSlot free = null;
    while (free == null
        && !leaving
        && !channel.isClosed()
        && waiting.await(hasRoom, deadline, roomPlaces)) {
      free = table.acquire();
    }
    return free;
  }

  private void computeDeadline(Duration timeout) {
    if (!hasDeadline) {
      deadline = System.nanoTime() + Waits.nanos(timeout);
      hasDeadline = true;
    }
  }

  private Reply<R> withoutRoom() {
    if (channel.isClosed()) {
      return new Reply.Closed<>(channel.cause());
    }
    return leaving ? new Reply.Cancelled<>() : full;
  }

  private Reply<R> notSent(CallSlot mine, Sent sent) {
    if (!mine.end(generation)) {
      return settled(mine, Ring.Stamp.NOT_TIMED);
    }
    channel.free(mine);
    return sent == Sent.FULL ? full : new Reply.Closed<>(channel.cause());
  }

  private Reply<R> awaitOutcome(CallSlot mine, Duration timeout, long start)
      throws InterruptedException {
    boolean isReady = false;
    boolean interrupted = false;
    try {
      computeDeadline(timeout);
      isReady = waiting.await(hasEnded, deadline, mine.places);
    } catch (InterruptedException _) {
      interrupted = true;
    }
    if (mine.mailbox.has(generation) || !channel.giveUp(mine, generation)) {
      Reply<R> outcome = settled(mine, start);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return outcome;
    }
    channel.free(mine);
    if (interrupted) {
      throw new InterruptedException();
    }
    return isReady ? new Reply.Cancelled<>() : timedOut;
  }

  /// The outcome of a call that another thread has ended, and is about to say how.
  private Reply<R> settled(CallSlot mine, long start) {
    for (int round = 0; !mine.mailbox.has(generation); round++) {
      Ring.pause(round);
    }
    return outcome(mine, start);
  }

  @SuppressWarnings("unchecked")
  private Reply<R> outcome(CallSlot mine, long start) {
    Mailbox mailbox = mine.mailbox;
    int kind = mailbox.kind();
    Object content = mailbox.content();
    mailbox.clear();
    channel.free(mine);
    if (kind == Mailbox.CLOSED || content == null) {
      return new Reply.Closed<>(channel.cause());
    }
    ANSWERED.setOpaque(this, answered + 1);
    if (latency != null && start != Ring.Stamp.NOT_TIMED) {
      latency.record(System.nanoTime() - start);
    }
    return kind == Mailbox.ANSWERED
        ? answer.holding((R) content)
        : new Reply.Failed<>((Throwable) content);
  }

  private boolean hasRoom() {
    return table.hasRoom() || leaving || channel.isClosed();
  }

  private boolean hasEnded() {
    return (slot != null && slot.mailbox.has(generation)) || leaving;
  }

  /// Lets another thread call from now on. Nothing if the calling thread isn't the one that calls.
  public void handOver() {
    gate.giveUp();
  }

  /// Leaves the channel; a call that waits in another thread is cancelled. Idempotent.
  @Override
  public void close() {
    synchronized (this) {
      if (left) {
        return;
      }
      left = true;
    }
    leaving = true;
    LockSupport.unpark(gate.user());
    gate.shut();
    channel.left(this);
  }

  long answered() {
    return (long) ANSWERED.getOpaque(this);
  }

  void addLatencyTo(Histogram sum) {
    if (latency != null) {
      latency.addTo(sum);
    }
  }
}
