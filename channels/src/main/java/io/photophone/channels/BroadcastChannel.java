package io.photophone.channels;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// One ring of messages that any number of receivers read, each at its own place.
///
/// The sender never waits and never looks at a receiver, so a send costs the same whatever their
/// number, as long as none is parked. A receiver that falls more than `capacity` messages behind is
/// told how many it missed and goes on. A message is shared by its receivers and never copied.
/// Without receivers it is retained all the same, for those who join behind the present.
///
/// One thread sends; another may take over once that one has given up sending or ended. Neither a
/// send nor a receive allocates. Contract: C4, A16.
///
/// @param <T> what the channel carries
public final class BroadcastChannel<T> implements Channel {
  /*
   * Sequences count messages from 0. `head` is the sequence of the next message, with the sign bit set once
   * the channel is closed; the gate keeps a close and a send apart.
   *
   * The ring has more slots than the capacity. The sender writes slot `head` before it publishes
   * `head + 1`; a message that shares its slot with sequence c is written only when head - c > capacity. A
   * receiver reads its slot and then reads `head` again: if head - c <= capacity, nothing had been written
   * over what it read.
   */
  private final ChannelOptions options;
  private final Gate gate;
  private final SharedSlots<T> slots;
  private final Parking receivers = new Parking();
  private final Position head = new Position();
  private final CopyOnWriteArrayList<BroadcastReceiver<T>> present = new CopyOnWriteArrayList<>();

  /// All guarded by the lock of `present`.
  private final Departed departed;

  private @Nullable Throwable cause;
  private boolean closing;

  /// An open channel without receivers.
  public BroadcastChannel(ChannelOptions options) {
    this.options = options;
    this.gate = new Gate("sends to channel " + options.name());
    this.slots = new SharedSlots<>(options.capacity() + 1, options.latency());
    this.departed = new Departed(options.latency());
  }

  /// An open channel without receivers, whose receivers park and which times no message.
  public BroadcastChannel(String name, int capacity) {
    this(ChannelOptions.of(name, capacity));
  }

  /// Publishes a message to every receiver that has joined. Never waits; never [Sent#FULL].
  ///
  /// @throws IllegalStateException if another living thread is the sender
  public Sent send(T message) {
    Objects.requireNonNull(message, options.name());
    if (!gate.enter()) {
      return Sent.CLOSED;
    }
    long at = head.plain();
    slots.write(at, message);
    head.release(at + 1);
    slots.forget(at - options.capacity());
    gate.exit();
    receivers.signalAll();
    return Sent.SENT;
  }

  /// Lets another thread become the sender. Nothing if the calling thread isn't the sender.
  public void giveUpSending() {
    gate.giveUp();
  }

  /// Joins at the present: the first message received is the next one sent.
  public Receiver<T> subscribe(String receiverName, Resume resume) {
    return join(receiverName, resume, Long.MAX_VALUE);
  }

  /// Joins at a message that is still retained, or at the oldest retained one if it no longer is. A
  /// sequence that isn't sent yet means the present. What was sent before it joined is not timed.
  ///
  /// @param sequence how many messages were sent before the one to begin with
  public Receiver<T> subscribeAt(String receiverName, Resume resume, long sequence) {
    return join(receiverName, resume, sequence);
  }

  private Receiver<T> join(String receiverName, Resume resume, long sequence) {
    synchronized (present) {
      long end = sent();
      long oldest = Math.max(0, end - options.capacity());
      BroadcastReceiver<T> receiver =
          new BroadcastReceiver<>(
              this,
              receiverName,
              resume,
              Math.clamp(sequence, oldest, end),
              end,
              receivers,
              options);
      present.add(receiver);
      return receiver;
    }
  }

  void left(BroadcastReceiver<T> receiver, ReceiverStats last) {
    synchronized (present) {
      present.remove(receiver);
      departed.add(receiver, last);
    }
  }

  /// Messages sent so far, which is also the sequence of the next one.
  public long sent() {
    return sequence(head());
  }

  static long sequence(long head) {
    return head & ~Ring.CLOSED;
  }

  long head() {
    return head.get();
  }

  /// What is in a message's slot. The caller reads the head afterwards to know whether it is that
  /// message.
  @Nullable T read(long at, Ring.Stamp stamp) {
    return slots.read(at, stamp);
  }

  /// What is retained now, oldest first and without a hole. To look is not to receive: nothing of
  /// it is counted.
  public List<T> retained() {
    long end = sent();
    List<T> messages = new ArrayList<>();
    Ring.Stamp unused = new Ring.Stamp();
    for (long at = Math.max(0, end - options.capacity()); at < end; at++) {
      T message = read(at, unused);
      if (message == null || sent() - at > options.capacity()) {
        messages.clear();
      } else {
        messages.add(message);
      }
    }
    return messages;
  }

  boolean isTimed() {
    return slots.isTimed();
  }

  /// Statistics of the present receivers, in the order in which they joined.
  public List<ReceiverStats> receiverStats() {
    return present.stream().map(Receiver::stats).toList();
  }

  /// How many receivers there are.
  public int receiverCount() {
    return present.size();
  }

  @Override
  public String name() {
    return options.name();
  }

  /// {@inheritDoc}
  ///
  /// How many messages a receiver may be behind before it misses some.
  @Override
  public int capacity() {
    return options.capacity();
  }

  @Override
  public boolean isClosed() {
    return head() < 0;
  }

  @Override
  public void close(@Nullable Throwable reason) {
    synchronized (present) {
      if (!closing) {
        closing = true;
        cause = reason;
        gate.shut();
        head.set(head.get() | Ring.CLOSED);
      }
    }
    receivers.signalAll();
  }

  @Nullable Throwable cause() {
    synchronized (present) {
      return cause;
    }
  }

  @Override
  public ChannelStats stats() {
    synchronized (present) {
      Histogram times = departed.times();
      Drops dropped = new Drops();
      dropped.addAll(departed.dropped());
      long end = sent();
      long offered = departed.offered();
      long received = departed.received();
      long pending = 0;
      List<ReceiverStats> stats = receiverStats();
      for (BroadcastReceiver<T> receiver : present) {
        receiver.addLatencyTo(times);
        offered += receiver.offered(end);
      }
      for (ReceiverStats receiver : stats) {
        received += receiver.received();
        pending += receiver.pending();
        dropped.addAll(receiver.dropped());
      }
      return new ChannelStats(
          name(),
          "broadcast",
          capacity(),
          isClosed(),
          end,
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
    return "BroadcastChannel[%s, capacity %d, sent %d]".formatted(name(), capacity(), sent());
  }

  /// Where a receiver that was overtaken goes on.
  public enum Resume {
    /// At the oldest message still retained: it loses as little as possible and stays late.
    OLDEST,
    /// At the newest message: it loses what lies between and is up to date.
    NEWEST
  }
}
