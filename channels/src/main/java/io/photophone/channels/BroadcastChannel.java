package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One ring of messages that any number of receivers read, each at its own cursor.
///
/// The sender never waits and never looks at a cursor, so a send costs the same whatever the number
/// of receivers, as long as none is parked. A receiver that falls more than `capacity` messages
/// behind is told how many it missed and goes on. A message is shared by its receivers and never
/// copied.
///
/// One thread sends; another may take over once that one has given up sending or ended. Each
/// receiver is used by one thread at a time. Neither a send nor a receive allocates. Contract: C4,
/// A16.
///
/// @param <T> what the channel carries
public final class BroadcastChannel<T> implements AutoCloseable {
  /*
   * Sequences count messages from 0. `head` is the sequence of the next message, with the sign bit set
   * once the channel is closed; a send publishes with a compare-and-set on it, so that a message is
   * either published before the close, and received, or refused.
   *
   * The ring has one slot more than the capacity. The sender writes slot `head` before it publishes
   * `head + 1`; the message with sequence c shares that slot only if head - c = capacity + 1. A receiver
   * reads its slot (acquire, partner: the release in `send`) and then reads `head` again: if
   * head - c <= capacity, nothing had been written over what it read. Seeing a later message in the slot
   * implies seeing the head that was published before that message was written.
   *
   * Parking: a receiver announces itself in `parked` and then looks at `head` again; the sender moves
   * `head` and then looks at `parked`. Both are sequentially consistent, so one of the two sees the
   * other.
   */
  private static final long CLOSED = Long.MIN_VALUE;
  private static final VarHandle HEAD;
  private static final VarHandle SENDER;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      HEAD = lookup.findVarHandle(BroadcastChannel.class, "head", long.class);
      SENDER = lookup.findVarHandle(BroadcastChannel.class, "sender", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final String name;
  private final int capacity;
  private final AtomicReferenceArray<@Nullable T> ring;
  private final CopyOnWriteArrayList<Receiver<T>> receivers = new CopyOnWriteArrayList<>();

  /// Receivers that are parked or about to be.
  private final AtomicInteger parked = new AtomicInteger();

  /// Written by the sender and by [#close]; read by all.
  private volatile long head;

  private volatile @Nullable Throwable cause;

  /// Written by a thread that begins to send.
  private volatile @Nullable Thread sender;

  /// Slot of the next message; the sender's own.
  private int nextSlot;

  /// An open channel without receivers.
  ///
  /// @param name what statistics and messages call it
  /// @param capacity how many messages a receiver may be behind before it misses some, from 1 on,
  ///   exact
  public BroadcastChannel(String name, int capacity) {
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity of channel %s is %d, allowed: [1, %d]".formatted(name, capacity, MAX_CAPACITY));
    }
    this.name = name;
    this.capacity = capacity;
    this.ring = new AtomicReferenceArray<>(capacity + 1);
  }

  /// The largest capacity of a channel.
  public static final int MAX_CAPACITY = 1 << 28;

  public String name() {
    return name;
  }

  public int capacity() {
    return capacity;
  }

  /// Publishes a message to every receiver that has joined; without receivers it is retained all
  /// the same, for those who join behind the present.
  ///
  /// @throws IllegalStateException if another living thread is the sender
  public Sent send(T message) {
    Objects.requireNonNull(message, name);
    if (!Thread.currentThread().equals(sender)) {
      becomeSender();
    }
    long sequence = head;
    if (sequence < 0) {
      return Sent.CLOSED;
    }
    int slot = nextSlot;
    ring.setRelease(slot, message);
    if (!HEAD.compareAndSet(this, sequence, sequence + 1)) {
      return Sent.CLOSED;
    }
    nextSlot = slot == capacity ? 0 : slot + 1;
    if (parked.get() != 0) {
      wakeReceivers();
    }
    return Sent.SENT;
  }

  private void becomeSender() {
    Thread before = sender;
    if ((before != null && before.isAlive())
        || !SENDER.compareAndSet(this, before, Thread.currentThread())) {
      throw new IllegalStateException(
          "channel %s has one sender, the thread %s: %s can't send"
              .formatted(name, sender, Thread.currentThread()));
    }
  }

  /// Lets another thread become the sender. Nothing if the calling thread isn't the sender.
  public void giveUpSending() {
    SENDER.compareAndSet(this, Thread.currentThread(), null);
  }

  private void wakeReceivers() {
    for (Receiver<T> receiver : receivers) {
      Thread thread = receiver.waiting;
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }

  /// Joins at the present: the first message received is the next one sent.
  public Receiver<T> subscribe(String receiverName, Resume resume) {
    return join(receiverName, resume, sent());
  }

  /// Joins at a message that is still retained, or at the oldest retained one if it no longer is. A
  /// sequence that isn't sent yet means the present.
  ///
  /// @param sequence how many messages were sent before the one to begin with
  public Receiver<T> subscribeAt(String receiverName, Resume resume, long sequence) {
    long end = sent();
    long oldest = Math.max(0, end - capacity);
    return join(receiverName, resume, Math.clamp(sequence, oldest, end));
  }

  private Receiver<T> join(String receiverName, Resume resume, long sequence) {
    Receiver<T> receiver = new Receiver<>(this, receiverName, resume, sequence);
    receivers.add(receiver);
    return receiver;
  }

  /// Messages sent so far, which is also the sequence of the next one.
  public long sent() {
    return head & ~CLOSED;
  }

  public boolean isClosed() {
    return head < 0;
  }

  /// Statistics of the present receivers, in the order in which they joined.
  public List<ReceiverStats> receiverStats() {
    return receivers.stream().map(Receiver::stats).toList();
  }

  /// How many receivers there are.
  public int receiverCount() {
    return receivers.size();
  }

  /// Ends the channel: what was sent can still be received, then every receiver sees the end.
  @Override
  public void close() {
    close(null);
  }

  /// Ends the channel with the reason that every receiver is given; the first close counts.
  public void close(@Nullable Throwable reason) {
    synchronized (receivers) {
      if (isClosed()) {
        return;
      }
      cause = reason;
      long open;
      do {
        open = head;
      } while (!HEAD.compareAndSet(this, open, open | CLOSED));
    }
    wakeReceivers();
  }

  @Override
  public String toString() {
    return "BroadcastChannel[%s, capacity %d, sent %d]".formatted(name, capacity, sent());
  }

  /// Where a receiver that was overtaken goes on.
  public enum Resume {
    /// At the oldest message still retained: it loses as little as possible and stays late.
    OLDEST,
    /// At the newest message: it loses what lies between and is up to date.
    NEWEST
  }

  /// One reader of a channel. Used by one thread at a time; [#stats] and [#close] from any.
  ///
  /// @param <T> what the channel carries
  public static final class Receiver<T> implements AutoCloseable {
    private static final VarHandle CURSOR;
    private static final VarHandle RECEIVED;
    private static final VarHandle MISSED;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        CURSOR = lookup.findVarHandle(Receiver.class, "cursor", long.class);
        RECEIVED = lookup.findVarHandle(Receiver.class, "received", long.class);
        MISSED = lookup.findVarHandle(Receiver.class, "missed", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final BroadcastChannel<T> channel;
    private final String name;
    private final Resume resume;
    private final Received.Message<T> message = new Received.Message<>();
    private final Received.Empty<T> empty = new Received.Empty<>();

    /// Written by the receiving thread alone, with release; [#pending] reads it from others.
    private long cursor;

    /// Written by the receiving thread alone, opaquely, since [#stats] reads them from others.
    private long received;

    private long missed;

    /// Slot of the message at the cursor; the receiving thread's own.
    private int slot;

    /// The thread that is parked in this receiver or about to be; read by the sender.
    private volatile @Nullable Thread waiting;

    private volatile boolean left;

    private Receiver(BroadcastChannel<T> channel, String name, Resume resume, long cursor) {
      this.channel = channel;
      this.name = name;
      this.resume = resume;
      this.cursor = cursor;
      this.slot = slotOf(cursor);
    }

    private int slotOf(long sequence) {
      return (int) (sequence % (channel.capacity + 1));
    }

    public String name() {
      return name;
    }

    /// Receives without waiting.
    public Received<T> poll() {
      if (left) {
        return new Received.Closed<>(null);
      }
      long at = cursor;
      long end = channel.head;
      long sent = end & ~CLOSED;
      if (at == sent) {
        return end < 0 ? new Received.Closed<>(channel.cause) : empty;
      }
      T value = channel.ring.getAcquire(slot);
      sent = channel.sent();
      if (sent - at > channel.capacity) {
        return overtaken(sent);
      }
      if (value == null) {
        throw new AssertionError("published slot is empty: sequence " + at);
      }
      CURSOR.setRelease(this, at + 1);
      RECEIVED.setOpaque(this, received + 1);
      slot = slot == channel.capacity ? 0 : slot + 1;
      return message.holding(value);
    }

    private Received<T> overtaken(long sent) {
      long next =
          switch (resume) {
            case OLDEST -> sent - channel.capacity;
            case NEWEST -> sent - 1;
          };
      long skipped = next - cursor;
      CURSOR.setRelease(this, next);
      MISSED.setOpaque(this, missed + skipped);
      slot = slotOf(next);
      return new Received.Lagged<>(skipped);
    }

    /// Receives, waiting for as long as it takes. Never returns [Received.Empty].
    public Received<T> receive() throws InterruptedException {
      while (true) {
        Received<T> outcome = poll();
        if (!(outcome instanceof Received.Empty)) {
          return outcome;
        }
        park(Long.MAX_VALUE);
      }
    }

    /// Receives, waiting at most for the time given.
    public Received<T> receive(Duration timeout) throws InterruptedException {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        Received<T> outcome = poll();
        if (!(outcome instanceof Received.Empty)) {
          return outcome;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return outcome;
        }
        park(left);
      }
    }

    private void park(long nanos) throws InterruptedException {
      waiting = Thread.currentThread();
      channel.parked.incrementAndGet();
      try {
        if (cursor == channel.head && !left) {
          LockSupport.parkNanos(this, nanos);
        }
      } finally {
        channel.parked.decrementAndGet();
        waiting = null;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }

    /// Messages sent and not yet received, those included that are already overwritten.
    public long pending() {
      // The cursor first (acquire, partner: the releases of the receiving thread, which had seen
      // the
      // messages before it moved the cursor past them), so that the head is never behind it.
      long at = (long) CURSOR.getAcquire(this);
      return channel.sent() - at;
    }

    public ReceiverStats stats() {
      return new ReceiverStats(
          name, (long) RECEIVED.getOpaque(this), (long) MISSED.getOpaque(this), pending());
    }

    /// Leaves the channel; a receive that waits in another thread sees the end. Idempotent.
    @Override
    public void close() {
      left = true;
      channel.receivers.remove(this);
      Thread thread = waiting;
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    }
  }
}
