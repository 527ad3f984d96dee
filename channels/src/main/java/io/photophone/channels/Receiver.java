package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One reader of a channel.
///
/// One thread receives, the first that does; another may take over once that one has called
/// [#handOver] or ended. Any other is refused. [#stats] and [#close] are for any thread. A receive
/// that finds a message allocates nothing.
///
/// @param <T> what the channel carries
public abstract sealed class Receiver<T> implements AutoCloseable
    permits QueueReceiver,
        PriorityReceiver,
        BroadcastReceiver,
        MulticastReceiver,
        AnycastReceiver,
        Server {
  private static final VarHandle RECEIVED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RECEIVED = lookup.findVarHandle(Receiver.class, "received", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final WaitStrategy waiting;
  private final Waiter waiter;

  /// The waiter alone, so that a wait needs no array of its own.
  private final Waiter[] places;

  private final WaitStrategy.Ready ready = this::hasOutcome;
  private final Received.Empty<T> empty = new Received.Empty<>();
  private final Received.Message<T> message = new Received.Message<>();

  /// Of the receiving thread alone, made at its first drain.
  private Ring.@Nullable Batch batch;

  /// Null if no message is timed.
  private final @Nullable LatencyRecorder latency;

  private final Gate gate;

  /// Written by the receiving thread alone, opaquely, since others read it.
  private long received;

  /// Of the receiving thread alone: inside a handler of [#drain].
  private boolean draining;

  /// Of the receiving thread alone: its handler has closed it, and it leaves when that returns.
  private boolean leaving;

  /// Of the receiving thread alone: it was given [Received.Closed].
  private boolean ended;

  /// Guarded by this object's lock; whoever sets it lets the receiver leave.
  private boolean left;

  /// Set when it has left.
  private volatile @Nullable ReceiverStats last;

  Receiver(String name, Parking parking, WaitStrategy waiting, LatencyTracking tracking) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of a receiver is blank: \"%s\"".formatted(name));
    }
    this.name = name;
    this.waiting = waiting;
    this.waiter = new Waiter(parking);
    this.places = new Waiter[] {waiter};
    this.gate = new Gate("uses receiver " + name);
    this.latency = tracking == LatencyTracking.OFF ? null : new LatencyRecorder();
  }

  public final String name() {
    return name;
  }

  /// Receives without waiting.
  ///
  /// @throws IllegalStateException if another living thread is the one that receives
  public final Received<T> poll() {
    if (!enter()) {
      waiter.leaveForGood();
      return new Received.Closed<>(null);
    }
    try {
      return noting(next());
    } finally {
      gate.exit();
    }
  }

  /// Receives, waiting for as long as it takes. Never returns [Received.Empty].
  public final Received<T> receive() throws InterruptedException {
    Received<T> outcome = poll();
    while (outcome instanceof Received.Empty<T>) {
      waiting.await(ready, System.nanoTime() + longestSleepNanos(), places);
      outcome = poll();
    }
    return outcome;
  }

  /// Waits until a poll has something to tell.
  ///
  /// @return false if it has left
  final boolean awaitOutcome() throws InterruptedException {
    waiting.await(ready, System.nanoTime() + longestSleepNanos(), places);
    return !gate.isShut();
  }

  /// Receives, waiting at most for the time given, then returns [Received.Empty].
  public final Received<T> receive(Duration timeout) throws InterruptedException {
    long timeoutNanos = Waits.nanos(timeout);
    Received<T> outcome = poll();
    if (!(outcome instanceof Received.Empty<T>)) {
      return outcome;
    }
    long deadline = System.nanoTime() + timeoutNanos;
    long left = deadline - System.nanoTime();
    while (outcome instanceof Received.Empty<T> && left > 0) {
      long wake = deadline - Math.max(0, left - longestSleepNanos());
      waiting.await(ready, wake, places);
      outcome = poll();
      left = deadline - System.nanoTime();
    }
    return outcome;
  }

  /// Hands the messages that are there to the handler, in order, without waiting. Costs less a
  /// message than single receives.
  ///
  /// It stops where there is something else to tell: when it returns 0, [#poll] says whether that
  /// is empty, lagged or closed. A message whose handler throws counts as received; those behind it
  /// stay for the next receive, and the exception goes on to the caller.
  ///
  /// @param limit the most messages to hand over, from 1 on
  /// @return how many were handed over
  public final int drain(Consumer<? super T> handler, int limit) {
    Objects.requireNonNull(handler, "handler");
    if (limit < 1) {
      throw new IllegalArgumentException(
          "limit of a drain of receiver %s is %d, allowed: 1 or more".formatted(name, limit));
    }
    int total = 0;
    while (total < limit && enter()) {
      try {
        Ring.Batch fetched = batch();
        int count = fetch(fetched, limit - total);
        if (count == 0) {
          break;
        }
        total += hand(fetched, count, handler);
      } finally {
        gate.exit();
        if (leaving) {
          leaving = false;
          depart();
        }
      }
    }
    return total;
  }

  private Ring.Batch batch() {
    Ring.Batch made = batch;
    if (made == null) {
      made = new Ring.Batch();
      batch = made;
    }
    return made;
  }

  @SuppressWarnings("unchecked")
  private int hand(Ring.Batch fetched, int count, Consumer<? super T> handler) {
    boolean timed = latency != null && fetched.isTimed;
    long now = timed ? System.nanoTime() : 0;
    int handed = 0;
    draining = true;
    try {
      // The first in any case: a receiver that fetches one at a time has taken it out for good.
      while (handed < count && (handed == 0 || !gate.isShut())) {
        T value = (T) Objects.requireNonNull(fetched.messages[handed]);
        fetched.messages[handed] = null;
        if (timed) {
          time(fetched.nanos[handed], now);
        }
        handed++;
        handler.accept(value);
      }
      return handed;
    } finally {
      draining = false;
      RECEIVED.setOpaque(this, received + handed);
      settle(fetched, handed, count);
    }
  }

  /// Lets the receiving thread in; [#exit] must follow if it returns true.
  ///
  /// @return false if the receiver has left
  final boolean enter() {
    if (!gate.enter()) {
      return false;
    }
    if (draining) {
      throw new IllegalStateException(
          "receiver %s is used by the handler of its own drain".formatted(name));
    }
    return true;
  }

  final void exit() {
    draining = false;
    gate.exit();
  }

  /// Counts a message as received whose handler runs next, until [#exit].
  final void handing() {
    draining = true;
    RECEIVED.setOpaque(this, received + 1);
  }

  private boolean hasOutcome() {
    return gate.isShut() || isReady();
  }

  /// Lets another thread receive from now on. Nothing if the calling thread isn't the one that
  /// receives.
  ///
  /// @throws IllegalStateException if a handler of [#drain] does that
  public final void handOver() {
    if (isInOwnHandler()) {
      throw new IllegalStateException(
          "receiver %s is handed over by the handler of its own drain".formatted(name));
    }
    gate.giveUp();
  }

  private boolean isInOwnHandler() {
    return Thread.currentThread().equals(gate.user()) && draining;
  }

  private Received<T> noting(Received<T> outcome) {
    if (outcome instanceof Received.Closed<T>) {
      ended = true;
    }
    return outcome;
  }

  /// A message for the caller, counted and timed.
  final Received<T> received(T value, Priority priority, long sentNanos) {
    RECEIVED.setOpaque(this, received + 1);
    return message.holding(value, priority, time(sentNanos));
  }

  private long time(long sentNanos) {
    return latency == null || sentNanos == Ring.Stamp.NOT_TIMED
        ? -1
        : time(sentNanos, System.nanoTime());
  }

  private long time(long sentNanos, long nowNanos) {
    if (latency == null || sentNanos == Ring.Stamp.NOT_TIMED) {
      return -1;
    }
    long nanos = Math.max(0, nowNanos - sentNanos);
    latency.record(nanos);
    return nanos;
  }

  final Received<T> empty() {
    return empty;
  }

  final long receivedCount() {
    return (long) RECEIVED.getOpaque(this);
  }

  final Gate gate() {
    return gate;
  }

  final Waiter waiter() {
    return waiter;
  }

  final WaitStrategy waiting() {
    return waiting;
  }

  /// Whether it was told the end, or has left.
  final boolean hasEnded() {
    return ended || gate.isShut();
  }

  /// Whether it has left, or is leaving.
  final boolean hasLeft() {
    return gate.isShut();
  }

  /// Whether its thread has ended without closing it.
  final boolean isAbandoned() {
    return gate.isAbandoned();
  }

  final void addLatencyTo(Histogram sum) {
    if (latency != null) {
      latency.addTo(sum);
    }
  }

  /// Leaves the channel; a receive that waits in another thread sees the end, a handler that runs
  /// in another thread is waited for and is the last one. A handler may close its own receiver,
  /// which then leaves when the handler returns. What was pending is counted as dropped, unless
  /// others can receive it. Idempotent.
  @Override
  public final void close() {
    synchronized (this) {
      if (left) {
        return;
      }
      left = true;
    }
    gate.shut();
    if (isInOwnHandler()) {
      leaving = true;
    } else {
      depart();
    }
  }

  private void depart() {
    detach();
    Drops drops = new Drops();
    drops.addAll(dropped());
    drops.add(DropReason.LEFT, pending());
    last = new ReceiverStats(name, userName(), false, received, drops.toMap(), 0, 0);
    leave(last);
    waiter.leaveForGood();
  }

  public final ReceiverStats stats() {
    ReceiverStats ended = last;
    return ended != null
        ? ended
        : new ReceiverStats(
            name, userName(), isAbandoned(), receivedCount(), dropped(), pending(), load());
  }

  private String userName() {
    Thread thread = gate.user();
    return thread == null ? "" : thread.getName();
  }

  /// What a poll of a receiver that hasn't left gives.
  abstract Received<T> next();

  /// Shows the messages at the front to the receiving thread, who settles them next.
  abstract int fetch(Ring.Batch into, int limit);

  /// Of `count` messages fetched, the first `handed` were received.
  abstract void settle(Ring.Batch from, int handed, int count);

  /// Whether a poll would give something other than [Received.Empty].
  abstract boolean isReady();

  /// Called once, when the receiver leaves, before its last statistics: when it returns, nothing
  /// more comes for it.
  void detach() {}

  /// Called once, when the receiver leaves and nobody is in a receive.
  abstract void leave(ReceiverStats last);

  /// How long a wait may last before the receiver looks around, though nobody has woken it.
  long longestSleepNanos() {
    return WaitStrategy.FOR_EVER;
  }

  abstract Map<DropReason, Long> dropped();

  /// Messages that wait for it; of a broadcast, those included that are already overwritten.
  public abstract long pending();

  abstract double load();
}
