package io.photophone.channels;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A receiver of an [AnycastChannel]: a ring of its own, and a look at the others'.
final class AnycastReceiver<T> extends Receiver<T> {
  /*
   * Messages come from four places, asked in this order: what a handler that threw has left over, what
   * receivers that are gone have left behind, its own ring, and where work is stolen the others' rings.
   */
  private enum Origin {
    HELD,
    OWN,
    OTHERS
  }

  /// The messages of a receiver that died wait no longer for others to notice.
  private static final long LONGEST_SLEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int FEW = 8;
  private static final int VISITS_ON_A_PROCESSOR = 64;

  private final AnycastChannel<T> channel;
  private final Ring<T> ring;
  private final AnycastLane<T> lane;
  private final Ring.Stamp stamp = new Ring.Stamp();
  private final Held<T> held = new Held<>();

  /// The rest is of the receiving thread alone. Where the messages last fetched come from.
  private Origin origin = Origin.OWN;

  /// The place, among the present ones, of the receiver it looked at last.
  private int watched;

  /// A receiver that was seen dead.
  private @Nullable AnycastLane<T> dead;

  /// Whether others have work.
  private int looks;

  /// Since it last asked where it runs.
  private int visits;

  AnycastReceiver(
      AnycastChannel<T> channel,
      String name,
      Parking parking,
      Ring<T> ring,
      ChannelOptions options) {
    super(name, parking, options.waiting(), options.latency());
    this.channel = channel;
    this.ring = ring;
    this.lane = new AnycastLane<>(this, ring, parking, gate());
  }

  AnycastLane<T> lane() {
    return lane;
  }

  Held<T> held() {
    return held;
  }

  @Override
  Received<T> next() {
    T message = take();
    if (message == null && channel.isClosed()) {
      channel.dismissDead();
      message = take();
    }
    if (message == null) {
      visits = 0;
      lane.work(0);
      return channel.hasEndedFor(ring) ? new Received.Closed<>(channel.cause()) : empty();
    }
    lane.work(1 + held.count());
    channel.senders().signal();
    return received(message, Priority.NORMAL, stamp.nanos);
  }

  private @Nullable T take() {
    noteProcessor();
    T message = held.take(stamp);
    if (message == null) {
      message = channel.orphans().take(stamp);
    }
    if (message == null) {
      message = ring.take(stamp);
    }
    if (message == null && dismissesDead()) {
      message = channel.orphans().take(stamp);
    }
    return message == null && channel.steals() ? steal() : message;
  }

  private @Nullable T steal() {
    AnycastLane<T>[] lanes = channel.lanes();
    for (int i = 0; i < lanes.length; i++) {
      T message = nextLane(lanes).ring.take(stamp);
      if (message != null) {
        return message;
      }
    }
    return null;
  }

  @Override
  int fetch(Ring.Batch into, int limit) {
    noteProcessor();
    int count = fetchFromSomewhere(into, limit);
    // What a ring with one receiver shows is still in it.
    boolean inRing = origin == Origin.OWN && !channel.steals();
    lane.work(inRing ? 0 : Math.max(count, held.count()));
    return count;
  }

  private int fetchFromSomewhere(Ring.Batch into, int limit) {
    origin = Origin.HELD;
    if (!held.isEmpty()) {
      return held.fetch(into, limit);
    }
    origin = Origin.OTHERS;
    int count = channel.orphans().fetch(into, limit);
    if (count == 0) {
      origin = Origin.OWN;
      count = ring.fetch(into, limit);
    }
    if (count == 0) {
      origin = Origin.OTHERS;
      count = dismissesDead() ? channel.orphans().fetch(into, limit) : 0;
    }
    return count == 0 && channel.steals() ? stealSome(into, limit) : count;
  }

  /// Leaves the other receiver half.
  private int stealSome(Ring.Batch into, int limit) {
    AnycastLane<T>[] lanes = channel.lanes();
    for (int i = 0; i < lanes.length; i++) {
      Ring<T> from = nextLane(lanes).ring;
      int half = (int) Math.min(limit, (from.pending() + 1) / 2);
      int count = half == 0 ? 0 : from.fetch(into, half);
      if (count > 0) {
        return count;
      }
    }
    return 0;
  }

  @Override
  void settle(Ring.Batch from, int handed, int count) {
    switch (origin) {
      case HELD -> held.settle(handed);
      case OWN -> {
        if (!ring.settle(handed)) {
          held.keep(from, handed, count);
        }
      }
      case OTHERS -> held.keep(from, handed, count);
    }
    lane.work(held.count());
    channel.madeRoom(handed);
  }

  private void noteProcessor() {
    if (channel.affinityKnown() && (visits++ & (VISITS_ON_A_PROCESSOR - 1)) == 0) {
      lane.processor(channel.processor());
    }
  }

  /// Whether somebody has a message. While many are looked at, it looks each eighth time only: more
  /// often than once in each wait.
  private boolean seesWork() {
    looks++;
    return (channel.receiverCount() <= FEW || looks % FEW == 0) && channel.anyHasMessage();
  }

  /// Looks at one other receiver, the next one each time: what a look costs doesn't grow with their
  /// number.
  private boolean seesDead() {
    AnycastLane<T>[] lanes = channel.lanes();
    if (dead == null && lanes.length > 1) {
      AnycastLane<T> other = nextLane(lanes);
      if (other.isAbandoned()) {
        dead = other;
      }
    }
    return dead != null;
  }

  private boolean dismissesDead() {
    if (seesDead() && dead != null) {
      dead.receiver.close();
      dead = null;
      return true;
    }
    return false;
  }

  private AnycastLane<T> nextLane(AnycastLane<T>[] lanes) {
    watched++;
    if (watched >= lanes.length) {
      watched = 0;
    }
    return lanes[watched];
  }

  @Override
  boolean isReady() {
    return ring.isReady()
        || !held.isEmpty()
        || channel.orphans().count() != 0
        || (channel.steals() && seesWork())
        || seesDead();
  }

  @Override
  void leave(ReceiverStats last) {
    channel.left(this, last);
  }

  @Override
  Map<DropReason, Long> dropped() {
    return Map.of();
  }

  /// {@inheritDoc}
  ///
  /// None once it leaves, since they are handed over.
  @Override
  public long pending() {
    return hasLeft() ? 0 : ring.pending() + held.count();
  }

  @Override
  long longestSleepNanos() {
    return LONGEST_SLEEP_NANOS;
  }

  @Override
  double load() {
    return Math.min(1, (double) lane.load() / ring.capacity);
  }
}
