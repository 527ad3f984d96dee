package io.photophone.channels;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Work for several receivers: each message goes to one of them, chosen by a [Policy].
///
/// Any number of threads send. Each receiver has a ring of its own with room for `capacity`
/// messages. If the chosen one has no room the message goes to the next that has; a send is refused
/// as full only if none had. Messages of one sender that reach one receiver reach it in the order
/// in which they were sent; there is no other order.
///
/// Receivers join and leave at any time. What one leaves behind, by its close or because its thread
/// ended, is handed over: the others receive it before what is their own. That a thread has ended
/// is noticed by the sender that chooses it, by a receiver that joins, and by one that is idle,
/// within about a second; after that nobody can receive from it any more. Who wants to receive from
/// several threads in turn calls [Receiver#handOver]. Without a receiver messages stay pending
/// until one joins, also those that are left behind on a closed channel when all others have been
/// told its end; and sends are refused as full, or wait. They are too while what was handed over is
/// more than the present receivers have room for, so that receivers that die over and over don't
/// fill the memory.
///
/// Neither a send nor a receive allocates or takes a lock, but those of messages that were handed
/// over. Contract: C5.
///
/// @param <T> what the channel carries
public final class AnycastChannel<T> implements Channel {
  /*
   * `lanes` is replaced, under the lock, when a receiver joins or leaves. A leaving receiver first disappears
   * from it and then closes its ring: a sender that still offers to that ring is told closed, and asks again
   * whom there is. What was accepted before that close goes to the orphans, ring and all.
   */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final ChannelOptions options;
  private final Policy policy;
  private final IntSupplier processor;
  private final boolean affinityKnown;
  private final Parking senders = new Parking();

  /// Where all receivers wait if each can take each message.
  private final Parking stealing = new Parking();

  private final Waits sending;
  private final WaitStrategy.Ready room = this::hasRoom;
  private final Orphans<T> orphans = new Orphans<>();

  /// Whose turn it is. Written by senders without any care for each other: those that race may get
  /// the same turn.
  private final Position turn = new Position();

  /// State of the random sequence.
  private final Position randomness = new Position();

  private final Object lock = new Object();

  /// Written under the lock.
  private volatile AnycastLane<T>[] lanes = noLanes();

  /// Set, under the lock, before the rings are closed.
  private volatile boolean closed;

  /// The rest is guarded by the lock.
  private final Departed departed;

  /// Messages that receivers had accepted who have left.
  private long acceptedByDeparted;

  private @Nullable Throwable cause;

  /// How the receiver of a message is chosen.
  public enum Policy {
    /// Each in turn. Exact for one sender; of senders that race, two may choose the same one.
    ROUND_ROBIN,
    /// The one with the fewest messages pending and in work; of equals, each in turn. A message is
    /// in work from when it is given out until its receiver comes back for another. A send looks at
    /// the receivers until it finds one without any.
    LEAST_LOADED,
    /// Any, all with the same probability.
    RANDOM,
    /// One that runs on the sender's processor, the least loaded of these, as long as less than
    /// half of its room is taken; otherwise as [#LEAST_LOADED]. See [AnycastChannel#affinityKnown].
    AFFINITY_FIRST,
    /// Each in turn, and a receiver that has nothing takes from the others.
    WORK_STEALING
  }

  /// An open channel without receivers. A random policy begins anywhere.
  ///
  /// @param options the capacity is that of each receiver
  public AnycastChannel(ChannelOptions options, Policy policy) {
    this(options, policy, new SecureRandom().nextLong(), Processor::current);
  }

  /// @param processor where the calling thread runs, [Processor#UNKNOWN] if nobody tells
  AnycastChannel(ChannelOptions options, Policy policy, long seed, IntSupplier processor) {
    this.options = Objects.requireNonNull(options, "options");
    this.policy = Objects.requireNonNull(policy, "policy of channel " + options.name());
    this.processor = processor;
    this.affinityKnown =
        policy == Policy.AFFINITY_FIRST && processor.getAsInt() != Processor.UNKNOWN;
    this.sending = new Waits(options.waiting(), senders);
    this.departed = new Departed(options.latency());
    randomness.set(seed);
  }

  /// An open channel with the policy [Policy#RANDOM]: the same seed gives one sender the same
  /// choices.
  public static <T> AnycastChannel<T> random(ChannelOptions options, long seed) {
    return new AnycastChannel<>(options, Policy.RANDOM, seed, Processor::current);
  }

  @SuppressWarnings("unchecked")
  private static <T> AnycastLane<T>[] noLanes() {
    return (AnycastLane<T>[]) new AnycastLane<?>[0];
  }

  /// Sends if a receiver has room.
  public Sent trySend(T message) {
    Objects.requireNonNull(message, options.name());
    while (true) {
      AnycastLane<T>[] present = lanes;
      if (!acceptsFor(present)) {
        return closed ? Sent.CLOSED : Sent.FULL;
      }
      Sent outcome = offer(present, choose(present), message);
      if (outcome != Sent.CLOSED || closed) {
        return outcome;
      }
    }
  }

  /// Sends, waiting for a receiver with room as long as it takes. Never returns [Sent#FULL].
  public Sent send(T message) throws InterruptedException {
    Sent outcome = trySend(message);
    return outcome == Sent.FULL
        ? sending.until(room, WaitStrategy.FOR_EVER, () -> trySend(message))
        : outcome;
  }

  /// Sends, waiting for a receiver with room at most for the time given.
  public Sent send(T message, Duration timeout) throws InterruptedException {
    Sent outcome = trySend(message);
    return outcome == Sent.FULL
        ? sending.until(room, Waits.nanos(timeout), () -> trySend(message))
        : outcome;
  }

  private boolean acceptsFor(AnycastLane<T>[] present) {
    return present.length != 0 && orphans.count() <= (long) options.capacity() * present.length;
  }

  private boolean hasRoom() {
    if (closed) {
      return true;
    }
    AnycastLane<T>[] present = lanes;
    if (acceptsFor(present)) {
      for (AnycastLane<T> lane : present) {
        if (lane.ring.hasRoom()) {
          return true;
        }
      }
    }
    return false;
  }

  /// @return [Sent#CLOSED] if a receiver has left meanwhile
  private Sent offer(AnycastLane<T>[] present, int first, T message) {
    boolean gone = false;
    int at = first;
    for (int i = 0; i < present.length; i++) {
      AnycastLane<T> lane = present[at];
      if (lane.isAbandoned()) {
        lane.receiver.close();
        return Sent.CLOSED;
      }
      switch (lane.ring.offer(message)) {
        case SENT -> {
          lane.parking.signal();
          return Sent.SENT;
        }
        case CLOSED -> gone = true;
        case FULL -> {}
      }
      at = after(at, present);
    }
    return gone ? Sent.CLOSED : Sent.FULL;
  }

  private static int after(int at, AnycastLane<?>[] present) {
    return at + 1 == present.length ? 0 : at + 1;
  }

  private int choose(AnycastLane<T>[] present) {
    return switch (policy) {
      case ROUND_ROBIN, WORK_STEALING -> inTurn(present);
      case LEAST_LOADED -> leastLoaded(present);
      case RANDOM -> anyOf(present.length);
      case AFFINITY_FIRST -> nearest(present);
    };
  }

  private int inTurn(AnycastLane<T>[] present) {
    int at = (int) turn.acquire();
    int valid = at < present.length ? at : 0;
    turn.opaque(valid + 1);
    return valid;
  }

  private int leastLoaded(AnycastLane<T>[] present) {
    int at = inTurn(present);
    int best = at;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < present.length && least != 0; i++) {
      long load = present[at].load();
      if (load < least) {
        least = load;
        best = at;
      }
      at = after(at, present);
    }
    return best;
  }

  /// SplitMix64: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators",
  /// 2014.
  private int anyOf(int count) {
    long z = randomness.getAndAdd(GOLDEN) + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (int) (((z >>> 32) * count) >>> 32);
  }

  private int nearest(AnycastLane<T>[] present) {
    int best = -1;
    if (affinityKnown) {
      int here = processor.getAsInt();
      long least = (options.capacity() + 1L) / 2;
      for (int i = 0; i < present.length; i++) {
        if (present[i].processor() == here && present[i].load() < least) {
          least = present[i].load();
          best = i;
        }
      }
    }
    return best >= 0 ? best : leastLoaded(present);
  }

  /// Joins a receiver. It gets what others have left behind, and messages sent from now on. One
  /// that joins a closed channel gets the former, then sees the end.
  public Receiver<T> receiver(String receiverName) {
    dismissDead();
    AnycastReceiver<T> receiver;
    synchronized (lock) {
      // In this order: what senders read doesn't come to lie beside what the receiver writes.
      Parking parking = steals() ? stealing : new Parking();
      Ring<T> ring =
          steals()
              ? new ManyToManyRing<>(options.capacity(), options.latency())
              : new ManyToOneRing<>(options.capacity(), options.latency());
      receiver = new AnycastReceiver<>(this, receiverName, parking, ring, options);
      if (closed) {
        ring.close();
      }
      AnycastLane<T>[] more = Arrays.copyOf(lanes, lanes.length + 1);
      more[lanes.length] = receiver.lane();
      lanes = more;
    }
    senders.signalAll();
    return receiver;
  }

  void left(AnycastReceiver<T> receiver, ReceiverStats last) {
    AnycastLane<T> lane = receiver.lane();
    synchronized (lock) {
      lanes = Stream.of(lanes).filter(other -> !other.equals(lane)).toArray(this::lanes);
      lane.ring.close();
      acceptedByDeparted += lane.ring.accepted();
      orphans.add(receiver.held(), lane.ring);
      departed.add(receiver, last);
    }
    wakeReceivers();
  }

  @SuppressWarnings("unchecked")
  private AnycastLane<T>[] lanes(int count) {
    return (AnycastLane<T>[]) new AnycastLane<?>[count];
  }

  /// Lets those leave whose threads have ended.
  void dismissDead() {
    for (AnycastLane<T> lane : lanes) {
      if (lane.isAbandoned()) {
        lane.receiver.close();
      }
    }
  }

  private void wakeReceivers() {
    for (AnycastLane<T> lane : lanes) {
      lane.parking.signalAll();
    }
  }

  /// Wakes as many senders as there may be room for.
  void madeRoom(int messages) {
    for (int i = 0; i < messages && senders.waiters() != 0; i++) {
      senders.signal();
    }
  }

  Parking senders() {
    return senders;
  }

  Orphans<T> orphans() {
    return orphans;
  }

  AnycastLane<T>[] lanes() {
    return lanes;
  }

  boolean steals() {
    return policy == Policy.WORK_STEALING;
  }

  int processor() {
    return processor.getAsInt();
  }

  boolean anyHasMessage() {
    for (AnycastLane<T> lane : lanes) {
      if (lane.ring.isReady()) {
        return true;
      }
    }
    return false;
  }

  /// Whether the owner of this ring will never have a message again, but for what others leave
  /// behind of their own.
  boolean hasEndedFor(Ring<T> ring) {
    if (!closed || !ring.isEnded() || orphans.count() != 0) {
      return false;
    }
    if (steals()) {
      for (AnycastLane<T> lane : lanes) {
        if (!lane.ring.isEnded()) {
          return false;
        }
      }
    }
    return true;
  }

  public Policy policy() {
    return policy;
  }

  /// Whether it knows on which processor a thread runs, if the policy is [Policy#AFFINITY_FIRST]:
  /// that takes an operating system with `sched_getcpu`, and native access for this module
  /// (`--enable-native-access=io.photophone.channels`). If it doesn't, it behaves as
  /// [Policy#LEAST_LOADED]. Always false for the other policies, which don't ask.
  public boolean affinityKnown() {
    return affinityKnown;
  }

  /// How many receivers there are.
  public int receiverCount() {
    return lanes.length;
  }

  @Override
  public String name() {
    return options.name();
  }

  /// {@inheritDoc}
  ///
  /// Messages that wait for one receiver; each has that room.
  @Override
  public int capacity() {
    return options.capacity();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close(@Nullable Throwable reason) {
    synchronized (lock) {
      if (!closed) {
        cause = reason;
        closed = true;
        for (AnycastLane<T> lane : lanes) {
          lane.ring.close();
        }
      }
    }
    senders.signalAll();
    wakeReceivers();
  }

  @Nullable Throwable cause() {
    synchronized (lock) {
      return cause;
    }
  }

  /// {@inheritDoc}
  ///
  /// The kind is `anycast` and the policy: `anycast/round-robin`, …; `anycast/affinity-unknown`
  /// where the processor isn't known. What was handed over and not yet received is pending for the
  /// channel, and for none of its receivers.
  @Override
  public ChannelStats stats() {
    synchronized (lock) {
      Histogram times = departed.times();
      long accepted = acceptedByDeparted;
      long received = departed.received();
      long pending = orphans.count();
      for (AnycastLane<T> lane : lanes) {
        lane.receiver.addLatencyTo(times);
        accepted += lane.ring.accepted();
      }
      List<ReceiverStats> stats = Stream.of(lanes).map(lane -> lane.receiver.stats()).toList();
      for (ReceiverStats receiver : stats) {
        received += receiver.received();
        pending += receiver.pending();
      }
      return new ChannelStats(
          name(),
          kind(),
          capacity(),
          closed,
          accepted,
          accepted,
          received,
          departed.dropped(),
          pending,
          LatencyRecorder.stats(times),
          stats);
    }
  }

  private String kind() {
    return switch (policy) {
      case ROUND_ROBIN -> "anycast/round-robin";
      case LEAST_LOADED -> "anycast/least-loaded";
      case RANDOM -> "anycast/random";
      case AFFINITY_FIRST -> affinityKnown ? "anycast/affinity-first" : "anycast/affinity-unknown";
      case WORK_STEALING -> "anycast/work-stealing";
    };
  }

  @Override
  public String toString() {
    return "AnycastChannel[%s, %s, capacity %d for each of %d receivers]"
        .formatted(name(), policy, capacity(), receiverCount());
  }
}
