package io.photophone.channels;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// A queue with five classes of messages: a receive serves the most urgent class that has one.
///
/// Each class has a ring of its own, so that a full one blocks nobody else, and first-in first-out
/// order within. Any number of threads send, any number of receivers share the messages. A message
/// is never moved to another class.
///
/// A steady stream of urgent messages starves the others. Where they must not starve,
/// [#boundedByMessages] and [#boundedByTime] let a class wait only so long: then its oldest message
/// is served next, before the urgent ones, and the strict order goes on. No send or receive
/// allocates, but for the place of a sender that has to wait. Contract: C2.
///
/// @param <T> what the channel carries
public final class PriorityChannel<T> implements Channel {
  /// The least bound: each of the four other classes may be served once in between.
  public static final int LEAST_BOUND_MESSAGES = Priority.values().length - 1;

  private static final int CLASSES = Priority.values().length;

  private final ChannelOptions options;
  private final List<Lane<T>> lanes;
  private final Parking receivers = new Parking();
  private final StarvationBound bound;
  private final CopyOnWriteArrayList<PriorityReceiver<T>> present = new CopyOnWriteArrayList<>();

  /// All guarded by the lock of `present`.
  private final Departed departed;

  private @Nullable Throwable cause;

  private volatile boolean closing;

  /// A channel in strict order.
  ///
  /// @param options its capacity is that of each class
  public PriorityChannel(ChannelOptions options) {
    this(options, StarvationBound.NONE);
  }

  private PriorityChannel(ChannelOptions options, StarvationBound bound) {
    this.options = options;
    this.bound = bound;
    this.departed = new Departed(options.latency());
    LatencyTracking tracking = bound.needsTimes() ? LatencyTracking.FULL : options.latency();
    this.lanes =
        Arrays.stream(Priority.values())
            .map(priority -> new Lane<T>(priority, options, tracking, () -> closing))
            .toList();
  }

  /// A channel where a class waits while at most so many messages of other classes are received;
  /// with several receivers, up to one more for each other receiver.
  ///
  /// @param messages at least [#LEAST_BOUND_MESSAGES]
  public static <T> PriorityChannel<T> boundedByMessages(ChannelOptions options, int messages) {
    if (messages < LEAST_BOUND_MESSAGES) {
      throw new IllegalArgumentException(
          "bound of channel %s is %d messages, allowed: %d or more"
              .formatted(options.name(), messages, LEAST_BOUND_MESSAGES));
    }
    return new PriorityChannel<>(options, StarvationBound.messages(messages));
  }

  /// A channel where the oldest message of a class, once it has waited so long, is received before
  /// any that has not. Reads the clock at each send and receive.
  public static <T> PriorityChannel<T> boundedByTime(ChannelOptions options, Duration longest) {
    if (longest.isNegative() || longest.isZero()) {
      throw new IllegalArgumentException(
          "bound of channel %s is %s, allowed: more than 0".formatted(options.name(), longest));
    }
    return new PriorityChannel<>(options, StarvationBound.nanos(Waits.nanos(longest)));
  }

  /// Sends if its class has room.
  public Sent trySend(Priority priority, T message) {
    Objects.requireNonNull(message, options.name());
    return offer(lane(priority), message);
  }

  private Sent offer(Lane<T> lane, T message) {
    if (closing) {
      return Sent.CLOSED;
    }
    Sent outcome = lane.ring.offer(message);
    if (outcome == Sent.SENT) {
      receivers.signal();
    }
    return outcome;
  }

  /// Sends, waiting for room in its class as long as it takes. Never returns [Sent#FULL].
  public Sent send(Priority priority, T message) throws InterruptedException {
    return send(priority, message, WaitStrategy.FOR_EVER);
  }

  /// Sends, waiting for room in its class at most for the time given.
  public Sent send(Priority priority, T message, Duration timeout) throws InterruptedException {
    return send(priority, message, Waits.nanos(timeout));
  }

  private Sent send(Priority priority, T message, long timeoutNanos) throws InterruptedException {
    Sent outcome = trySend(priority, message);
    if (outcome != Sent.FULL) {
      return outcome;
    }
    Lane<T> lane = lane(priority);
    return lane.sending.until(lane.room, timeoutNanos, () -> offer(lane, message));
  }

  /// Takes the oldest message of a class out if nobody wants it any more.
  ///
  /// @return false if it is wanted, or there is none
  boolean discardFront(Priority priority, Predicate<? super T> isWanted) {
    ManyToManyRing<T> ring = lane(priority).ring;
    long at = ring.taken();
    T message = ring.peekAt(at);
    return message != null && !isWanted.test(message) && ring.takeAt(at, new Ring.Stamp()) != null;
  }

  /// Joins a receiver. When it leaves, the messages stay for the others.
  public Receiver<T> receiver(String receiverName) {
    PriorityReceiver<T> receiver =
        new PriorityReceiver<>(this, receiverName, lanes, bound, options);
    synchronized (present) {
      present.add(receiver);
    }
    return receiver;
  }

  void left(PriorityReceiver<T> receiver, ReceiverStats last) {
    synchronized (present) {
      present.remove(receiver);
      departed.add(receiver, last);
    }
  }

  private Lane<T> lane(Priority priority) {
    return lanes.get(priority.rank);
  }

  @Override
  public String name() {
    return options.name();
  }

  /// {@inheritDoc}
  ///
  /// Messages of each class.
  @Override
  public int capacity() {
    return options.capacity();
  }

  @Override
  public boolean isClosed() {
    return closing;
  }

  @Override
  public void close(@Nullable Throwable reason) {
    synchronized (present) {
      if (!closing) {
        cause = reason;
        closing = true;
        lanes.forEach(lane -> lane.ring.close());
      }
    }
    lanes.forEach(lane -> lane.senders.signalAll());
    receivers.signalAll();
  }

  @Nullable Throwable cause() {
    synchronized (present) {
      return cause;
    }
  }

  Parking receivers() {
    return receivers;
  }

  /// What each class has carried.
  public Map<Priority, ClassStats> classStats() {
    Map<Priority, ClassStats> stats = new EnumMap<>(Priority.class);
    for (Lane<T> lane : lanes) {
      long taken = lane.ring.taken();
      long sent = lane.ring.accepted();
      stats.put(lane.priority, new ClassStats(sent, taken, sent - taken));
    }
    return stats;
  }

  @Override
  public ChannelStats stats() {
    synchronized (present) {
      Histogram times = departed.times();
      long received = departed.received();
      long pending = 0;
      List<ReceiverStats> stats = present.stream().map(Receiver::stats).toList();
      for (PriorityReceiver<T> receiver : present) {
        receiver.addLatencyTo(times);
      }
      for (ReceiverStats receiver : stats) {
        received += receiver.received();
        pending += receiver.pending();
      }
      long sent = 0;
      for (Lane<T> lane : lanes) {
        pending += lane.ring.pending();
        sent += lane.ring.accepted();
      }
      return new ChannelStats(
          name(),
          "priority",
          capacity(),
          isClosed(),
          sent,
          sent,
          received,
          departed.dropped(),
          pending,
          LatencyRecorder.stats(times),
          stats);
    }
  }

  @Override
  public String toString() {
    return "PriorityChannel[%s, capacity %d x %d]".formatted(name(), CLASSES, capacity());
  }

  /// What one class has carried: `sent = taken + pending`.
  ///
  /// @param sent messages accepted
  /// @param taken messages that receivers took
  /// @param pending messages that wait
  public record ClassStats(long sent, long taken, long pending) {}

  /// The ring of one class and who waits for room in it.
  static final class Lane<T> {
    final Priority priority;
    final ManyToManyRing<T> ring;
    final Parking senders = new Parking();
    final Waits sending;
    final WaitStrategy.Ready room;

    Lane(
        Priority priority,
        ChannelOptions options,
        LatencyTracking tracking,
        WaitStrategy.Ready closing) {
      this.priority = priority;
      this.ring = new ManyToManyRing<>(options.capacity(), tracking);
      this.sending = new Waits(options.waiting(), senders);
      this.room = () -> ring.hasRoom() || closing.isReady();
    }
  }
}
