package io.photophone.channels;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// A queue: each message goes to one receiver, in the order in which the channel accepted them.
///
/// How many threads may send and receive is chosen when it is made, and checked; fewer cost less.
/// No send or receive allocates, but for the place of a sender that has to wait. Contract: C1.
///
/// - [#oneToOne]: one sending thread and one receiver. Neither side executes a fence or an atomic
///   read-modify-write.
/// - [#manyToOne]: any number of sending threads, one receiver.
/// - [#manyToMany]: any number of both.
///
/// @param <T> what the channel carries
public final class PointToPointChannel<T> implements Channel {
  private final ChannelOptions options;
  private final Ring<T> ring;
  private final boolean oneReceiver;
  private final Parking senders = new Parking();
  private final Parking receivers = new Parking();
  private final Waits sending;
  private final WaitStrategy.Ready room;
  private final CopyOnWriteArrayList<QueueReceiver<T>> present = new CopyOnWriteArrayList<>();

  /// All guarded by the lock of `present`.
  private final Departed departed;

  private @Nullable Throwable cause;
  private boolean closing;

  private PointToPointChannel(ChannelOptions options, Ring<T> ring, boolean oneReceiver) {
    this.options = options;
    this.ring = ring;
    this.oneReceiver = oneReceiver;
    this.sending = new Waits(options.waiting(), senders);
    this.room = () -> ring.hasRoom() || ring.isClosed();
    this.departed = new Departed(options.latency());
  }

  /// A channel with one sending thread and one receiver.
  public static <T> PointToPointChannel<T> oneToOne(ChannelOptions options) {
    return new PointToPointChannel<>(
        options, new OneToOneRing<>(options.name(), options.capacity(), options.latency()), true);
  }

  /// A channel with any number of sending threads and one receiver.
  public static <T> PointToPointChannel<T> manyToOne(ChannelOptions options) {
    return new PointToPointChannel<>(
        options, new ManyToOneRing<>(options.capacity(), options.latency()), true);
  }

  /// A channel with any number of sending threads and of receivers.
  public static <T> PointToPointChannel<T> manyToMany(ChannelOptions options) {
    return new PointToPointChannel<>(
        options, new ManyToManyRing<>(options.capacity(), options.latency()), false);
  }

  /// Sends if there is room.
  ///
  /// @throws IllegalStateException if the channel has one sender and that is another living thread
  public Sent trySend(T message) {
    Objects.requireNonNull(message, options.name());
    Sent outcome = ring.offer(message);
    if (outcome == Sent.SENT) {
      receivers.signal();
    }
    return outcome;
  }

  /// Sends, waiting for room as long as it takes. Never returns [Sent#FULL].
  public Sent send(T message) throws InterruptedException {
    return send(message, WaitStrategy.FOR_EVER);
  }

  /// Sends, waiting for room at most for the time given.
  public Sent send(T message, Duration timeout) throws InterruptedException {
    return send(message, Waits.nanos(timeout));
  }

  private Sent send(T message, long timeoutNanos) throws InterruptedException {
    Sent outcome = trySend(message);
    return outcome == Sent.FULL
        ? sending.until(room, timeoutNanos, () -> trySend(message))
        : outcome;
  }

  /// Lets another thread become the one that sends. Nothing if the calling thread isn't it, or if
  /// any may send.
  public void giveUpSending() {
    if (ring instanceof OneToOneRing<T> single) {
      single.giveUpSending();
    }
  }

  /// Joins a receiver. If it is the only one that the channel may have, its close closes the
  /// channel, so that no sender waits for a receiver that is gone.
  ///
  /// @throws IllegalStateException if the channel has one receiver, and that has joined
  public Receiver<T> receiver(String receiverName) {
    synchronized (present) {
      if (oneReceiver && (departed.count() > 0 || !present.isEmpty())) {
        throw new IllegalStateException(
            "channel %s has one receiver, %s: %s can't join"
                .formatted(
                    name(),
                    present.isEmpty() ? "which has left" : present.getFirst().name(),
                    receiverName));
      }
      QueueReceiver<T> receiver =
          new QueueReceiver<>(this, receiverName, ring, options, oneReceiver);
      present.add(receiver);
      return receiver;
    }
  }

  void left(QueueReceiver<T> receiver, ReceiverStats last) {
    synchronized (present) {
      present.remove(receiver);
      departed.add(receiver, last);
    }
  }

  @Override
  public String name() {
    return options.name();
  }

  /// {@inheritDoc}
  ///
  /// Messages that wait, whoever will receive them.
  @Override
  public int capacity() {
    return options.capacity();
  }

  @Override
  public boolean isClosed() {
    return ring.isClosed();
  }

  @Override
  public void close(@Nullable Throwable reason) {
    synchronized (present) {
      if (!closing) {
        closing = true;
        cause = reason;
        ring.close();
      }
    }
    senders.signalAll();
    receivers.signalAll();
  }

  @Nullable Throwable cause() {
    synchronized (present) {
      return cause;
    }
  }

  Parking senders() {
    return senders;
  }

  Parking receivers() {
    return receivers;
  }

  @Override
  public ChannelStats stats() {
    synchronized (present) {
      Histogram times = departed.times();
      long received = departed.received();
      long pending = oneReceiver && departed.count() > 0 ? 0 : ring.pending();
      List<ReceiverStats> stats = present.stream().map(Receiver::stats).toList();
      for (QueueReceiver<T> receiver : present) {
        receiver.addLatencyTo(times);
        pending += receiver.heldCount();
      }
      for (ReceiverStats receiver : stats) {
        received += receiver.received();
      }
      return new ChannelStats(
          name(),
          "point-to-point",
          capacity(),
          isClosed(),
          ring.accepted(),
          ring.accepted(),
          received,
          departed.dropped(),
          pending,
          LatencyRecorder.stats(times),
          stats);
    }
  }

  @Override
  public String toString() {
    return "PointToPointChannel[%s, capacity %d]".formatted(name(), capacity());
  }
}
