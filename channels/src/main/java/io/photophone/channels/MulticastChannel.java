package io.photophone.channels;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One sender, any number of receivers, and for each of them a ring of its own, with its own
/// capacity and its own answer to a sender that is faster: see [Overflow].
///
/// Every receiver gets every message that is sent while it is there, or is told how many it has
/// missed at the place where they are missing. A message is shared by the receivers and never
/// copied. Receivers join and leave while sending goes on; a message that was sent before one
/// joined is not for it, and without receivers a message is for nobody.
///
/// One thread sends; another may take over once that one has given up sending or ended. Neither a
/// send nor a receive allocates, but for the telling of a loss. Contract: C3.
///
/// @param <T> what the channel carries
public final class MulticastChannel<T> implements Channel {
  private final ChannelOptions options;
  private final Gate gate;
  private final Parking senders = new Parking();
  private final Parking receivers = new Parking();
  private final Waits sending;
  private final WaitStrategy.Ready room;

  /// How many were sent; its limit is how many may be before the lanes' room is looked at again.
  private final Position sent = new Position();

  /// The lanes for which that limit is right. Of the sender.
  private Lane<T>[] limited = newLanes(0);

  /// Of the present receivers, in the order in which they joined. Replaced with the lock; read by
  /// the sender.
  private volatile Lane<T>[] lanes = newLanes(0);

  /// Set when the last message has been sent.
  private volatile boolean over;

  private final CopyOnWriteArrayList<MulticastReceiver<T>> present = new CopyOnWriteArrayList<>();

  /// All guarded by the lock of `present`.
  private final Departed departed;

  private @Nullable Throwable cause;
  private boolean closing;

  /// An open channel without receivers.
  ///
  /// @param options their capacity is that of receivers who don't choose another
  public MulticastChannel(ChannelOptions options) {
    this.options = options;
    this.gate = new Gate("sends to channel " + options.name());
    this.sending = new Waits(options.waiting(), senders);
    this.room = () -> gate.isShut() || room(lanes) > 0;
    this.departed = new Departed(options.latency());
  }

  /// An open channel without receivers, which parks and times no message.
  public MulticastChannel(String name, int capacity) {
    this(ChannelOptions.of(name, capacity));
  }

  @SuppressWarnings("unchecked")
  private static <T> Lane<T>[] newLanes(int count) {
    return (Lane<T>[]) new Lane<?>[count];
  }

  /// Sends to all receivers, or to none: [Sent#FULL] if one that is to be waited for has no room.
  ///
  /// @throws IllegalStateException if another living thread is the sender
  @SuppressWarnings("ReferenceEquality") // of the array itself, which is replaced as a whole
  public Sent trySend(T message) {
    Objects.requireNonNull(message, options.name());
    if (!gate.enter()) {
      return Sent.CLOSED;
    }
    Lane<T>[] to = lanes;
    long at = sent.plain();
    if (at >= sent.limit() || to != limited) {
      long room = room(to);
      sent.limit(room > Long.MAX_VALUE - at ? Long.MAX_VALUE : at + room);
      limited = to;
      if (room == 0) {
        gate.exit();
        return Sent.FULL;
      }
    }
    for (Lane<T> lane : to) {
      lane.put(message);
    }
    sent.release(at + 1);
    gate.exit();
    receivers.signalAll();
    return Sent.SENT;
  }

  /// How many messages may be sent before one that is to be waited for is full.
  private static <T> long room(Lane<T>[] of) {
    long room = Long.MAX_VALUE;
    for (Lane<T> lane : of) {
      room = Math.min(room, lane.room());
    }
    return room;
  }

  /// Sends to all receivers, waiting for those that are to be waited for as long as it takes. Never
  /// returns [Sent#FULL].
  public Sent send(T message) throws InterruptedException {
    Sent outcome = trySend(message);
    return outcome == Sent.FULL
        ? sending.until(room, WaitStrategy.FOR_EVER, () -> trySend(message))
        : outcome;
  }

  /// Sends to all receivers, waiting for those that are to be waited for at most for the time
  /// given.
  public Sent send(T message, Duration timeout) throws InterruptedException {
    long timeoutNanos = Waits.nanos(timeout);
    Sent outcome = trySend(message);
    return outcome == Sent.FULL
        ? sending.until(room, timeoutNanos, () -> trySend(message))
        : outcome;
  }

  /// Lets another thread become the sender. Nothing if the calling thread isn't the sender.
  public void giveUpSending() {
    gate.giveUp();
  }

  /// Joins a receiver with the channel's capacity, or with 1 if it keeps only the newest.
  public Receiver<T> subscribe(String receiverName, Overflow policy) {
    return subscribe(receiverName, policy == Overflow.KEEP_NEWEST ? 1 : options.capacity(), policy);
  }

  /// Joins a receiver: it gets what is sent from now on.
  ///
  /// @param capacity how many messages may be pending for it, in 1 to
  ///   [ChannelOptions#MAX_CAPACITY], exact; 1 if it keeps only the newest
  /// @param policy what happens to a message beyond
  public Receiver<T> subscribe(String receiverName, int capacity, Overflow policy) {
    int most = policy == Overflow.KEEP_NEWEST ? 1 : ChannelOptions.MAX_CAPACITY;
    if (capacity < 1 || capacity > most) {
      throw new IllegalArgumentException(
          "capacity of receiver %s of channel %s is %d, allowed with %s: [1, %d]"
              .formatted(receiverName, name(), capacity, policy, most));
    }
    MulticastReceiver<T> receiver =
        new MulticastReceiver<>(this, receiverName, capacity, policy, options);
    synchronized (present) {
      present.add(receiver);
      replaceLanes();
    }
    return receiver;
  }

  private void replaceLanes() {
    lanes =
        present.stream()
            .filter(receiver -> !receiver.hasLeft())
            .map(MulticastReceiver::lane)
            .toArray(MulticastChannel::newLanes);
  }

  /// When it returns, the sender gives a receiver that is leaving nothing any more, and doesn't
  /// wait for it.
  void detachLeaving() {
    synchronized (present) {
      replaceLanes();
    }
    gate.awaitQuiet();
    senders.signalAll();
  }

  void left(MulticastReceiver<T> receiver, ReceiverStats last) {
    synchronized (present) {
      present.remove(receiver);
      departed.add(receiver, last);
    }
  }

  /// Messages sent so far.
  public long sent() {
    return sent.acquire();
  }

  /// How many receivers there are.
  public int receiverCount() {
    return present.size();
  }

  Parking senders() {
    return senders;
  }

  Parking receivers() {
    return receivers;
  }

  @Override
  public String name() {
    return options.name();
  }

  /// {@inheritDoc}
  ///
  /// How many messages may be pending for a receiver that chose no other number.
  @Override
  public int capacity() {
    return options.capacity();
  }

  @Override
  public boolean isClosed() {
    return gate.isShut();
  }

  @Override
  public void close(@Nullable Throwable reason) {
    synchronized (present) {
      if (!closing) {
        closing = true;
        cause = reason;
        gate.shut();
        over = true;
      }
    }
    senders.signalAll();
    receivers.signalAll();
  }

  boolean isOver() {
    return over;
  }

  @Nullable Throwable cause() {
    synchronized (present) {
      return cause;
    }
  }

  /// {@inheritDoc}
  ///
  /// What is `offered` counts each message once for each receiver it was for.
  @Override
  public ChannelStats stats() {
    synchronized (present) {
      Histogram times = departed.times();
      Drops dropped = new Drops();
      dropped.addAll(departed.dropped());
      long received = departed.received();
      long offered = received + Drops.total(departed.dropped());
      long pending = 0;
      List<ReceiverStats> stats = present.stream().map(Receiver::stats).toList();
      for (MulticastReceiver<T> receiver : present) {
        receiver.addLatencyTo(times);
        offered += receiver.lane().offered();
      }
      for (ReceiverStats receiver : stats) {
        received += receiver.received();
        pending += receiver.pending();
        dropped.addAll(receiver.dropped());
      }
      return new ChannelStats(
          name(),
          "multicast",
          capacity(),
          isClosed(),
          sent(),
          offered,
          received,
          dropped.toMap(),
          pending,
          LatencyRecorder.stats(times),
          stats);
    }
  }

  @Override
  public String toString() {
    return "MulticastChannel[%s, capacity %d, sent %d]".formatted(name(), capacity(), sent());
  }
}
