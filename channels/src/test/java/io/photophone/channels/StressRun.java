package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.StressedChannel.Kind;
import io.photophone.channels.StressedChannel.Parcel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// One channel under random use by many threads, and the account of every message afterwards.
///
/// The seed chooses all that is chosen: capacity, threads, operations, and when it is closed. How
/// the threads interleave it does not.
final class StressRun {
  private static final int CLASSES = Priority.values().length;
  private static final Duration LONGEST_END = Duration.ofSeconds(30);
  private static final int[] CAPACITIES = {1, 2, 3, 7, 64, 65, 1000};

  private final Kind kind;
  private final Random random;
  private final boolean isVirtual;
  private final int senders;
  private final int seats;
  private final int messages;
  private final int leaveOdds;
  private final StressedChannel stressed;
  private final Channel channel;
  private final Throwable firstCause = new Throwable("the cause");
  private final Throwable otherCause = new Throwable("another cause");

  /// By sender and class: how many messages the channel accepted. Each is written by its sender.
  private final AtomicLongArray accepted;

  private final Queue<Log> logs = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final CountDownLatch start = new CountDownLatch(1);
  private final CountDownLatch sendersLeft;
  private final AtomicLong leavesBegun = new AtomicLong();
  private final AtomicLong leavesEnded = new AtomicLong();

  /// A run of a few platform threads.
  static StressRun ofFewThreads(Kind kind, long seed) {
    Random random = new Random(seed);
    int senders = 1 + random.nextInt(Math.min(kind.mostSenders(), 4));
    int receivers = 1 + random.nextInt(Math.min(kind.mostReceivers(), 4));
    return new StressRun(kind, random, false, senders, receivers, random.nextInt(2000));
  }

  /// A run of virtual threads, by chance more senders or more receivers.
  static StressRun ofVirtualThreads(Kind kind, long seed, int threads) {
    Random random = new Random(seed);
    int few = 1 + random.nextInt(threads / 10);
    boolean moreSenders = kind.mostReceivers() == 1 || random.nextBoolean();
    int senders = Math.min(kind.mostSenders(), moreSenders ? threads - few : few);
    int receivers = Math.min(kind.mostReceivers(), threads - senders);
    int most = kind.isToAll() ? 100 : 1 + 200_000 / senders;
    return new StressRun(kind, random, true, senders, receivers, random.nextInt(most));
  }

  private StressRun(
      Kind kind, Random random, boolean isVirtual, int senders, int seats, int messages) {
    this.kind = kind;
    this.random = random;
    this.isVirtual = isVirtual;
    this.senders = senders;
    this.seats = seats;
    this.messages = messages;
    this.leaveOdds =
        kind.mostReceivers() == 1 && random.nextInt(4) != 0
            ? Integer.MAX_VALUE
            : 10 + random.nextInt(2000);
    this.stressed = kind.maker().apply(options(), random);
    this.channel = stressed.channel();
    this.accepted = new AtomicLongArray(senders * CLASSES);
    this.sendersLeft = new CountDownLatch(senders);
  }

  /// Spinning needs a processor each; a virtual thread that spins never lets another run. A
  /// recorder of times is too large to have one for each of thousands of receivers.
  private ChannelOptions options() {
    WaitStrategy waiting =
        isVirtual || senders + seats > 3 || random.nextInt(3) != 0
            ? WaitStrategy.PARK
            : any(random, WaitStrategy.values());
    LatencyTracking latency =
        seats > 100 ? LatencyTracking.OFF : any(random, LatencyTracking.values());
    return new ChannelOptions(
        "stressed", CAPACITIES[random.nextInt(CAPACITIES.length)], waiting, latency);
  }

  @SafeVarargs
  private static <T> T any(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  @Override
  public String toString() {
    return "%s, %d senders of %d messages, %d receivers, %s"
        .formatted(channel, senders, messages, seats, isVirtual ? "virtual" : "platform");
  }

  void run() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < seats; i++) {
      Log log = join("receiver " + i, true);
      Random own = new Random(random.nextLong());
      threads.add(thread("receiver " + i, () -> receiveAll(log, own)));
    }
    for (int i = 0; i < senders; i++) {
      int sender = i;
      int closesAt = random.nextInt(16) == 0 ? random.nextInt(messages + 1) : -1;
      Random own = new Random(random.nextLong());
      threads.add(thread("sender " + i, () -> sendAll(sender, closesAt, own)));
    }
    threads.forEach(Thread::start);
    start.countDown();
    end();
    long deadline = System.nanoTime() + LONGEST_END.toNanos();
    for (Thread thread : threads) {
      assertTrue(
          thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime()))),
          () -> thread + " is blocked at " + Arrays.toString(thread.getStackTrace()));
    }
    for (Throwable failure : failures) {
      throw new AssertionError(failure);
    }
    verify();
    receiveWhatIsLeft();
  }

  private Thread thread(String name, Body body) {
    Thread.Builder builder = isVirtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    return builder
        .name(name)
        .unstarted(() -> {
          try {
            start.await();
            body.run();
          } catch (Throwable e) {
            failures.add(e);
            channel.close(e);
          }
        });
  }

  /// Closes the channel at a random moment, or when everything was sent and, if nobody receives any
  /// more, after a while.
  private void end() throws InterruptedException {
    if (random.nextInt(4) == 0) {
      LockSupport.parkNanos(random.nextInt(2_000_000));
      Log log = logs.stream().skip(random.nextInt(seats)).findFirst().orElseThrow();
      if (kind.mostReceivers() > 1) {
        log.wasClosedByAnother = true;
        leave(log);
      }
    }
    if (random.nextInt(3) == 0) {
      LockSupport.parkNanos(random.nextInt(3_000_000));
      Thread other = Thread.ofPlatform().start(() -> channel.close(otherCause));
      channel.close(firstCause);
      other.join();
    } else {
      var _ = sendersLeft.await(isVirtual ? 5000 : 300, TimeUnit.MILLISECONDS);
      channel.close(firstCause);
    }
    assertTrue(channel.isClosed());
  }

  private void sendAll(int sender, int closesAt, Random own) {
    try {
      for (int i = 0; i < messages; i++) {
        if (i == closesAt) {
          channel.close(otherCause);
        }
        Priority priority = kind.hasClasses() ? any(own, Priority.values()) : Priority.NORMAL;
        int index = sender * CLASSES + priority.rank;
        Parcel parcel = new Parcel(sender, priority, accepted.getPlain(index));
        Sent sent = sendOnce(parcel, own);
        if (sent == Sent.SENT) {
          assertFalse(i == closesAt, "sent on a closed channel");
          accepted.setRelease(index, parcel.number() + 1);
        } else if (sent == Sent.CLOSED) {
          return;
        }
      }
    } finally {
      sendersLeft.countDown();
    }
  }

  private Sent sendOnce(Parcel parcel, Random own) {
    if (own.nextInt(500) == 0) {
      Thread.currentThread().interrupt();
    }
    try {
      return switch (own.nextInt(4)) {
        case 0 -> stressed.trySend(parcel);
        case 1 -> stressed.send(parcel, Duration.ofNanos(own.nextInt(200_000)));
        default -> {
          Sent sent = stressed.send(parcel);
          assertFalse(sent == Sent.FULL, "a send without a time limit was refused as full");
          yield sent;
        }
      };
    } catch (InterruptedException e) {
      return Sent.FULL;
    } finally {
      var _ = Thread.interrupted();
    }
  }

  private Log join(String name, boolean fromTheBeginning) {
    Log log = new Log(stressed.join(name), fromTheBeginning);
    logs.add(log);
    return log;
  }

  private void receiveAll(Log first, Random own) {
    Log log = first;
    while (!receiveUntilItLeaves(log, own)) {
      leave(log);
      log.receiver.close();
      if (kind.mostReceivers() == 1 || own.nextInt(4) == 0) {
        return;
      }
      log = join(log.receiver.name() + " again", false);
    }
  }

  private void leave(Log log) {
    leavesBegun.incrementAndGet();
    log.receiver.close();
    leavesEnded.incrementAndGet();
  }

  /// @return whether it was told the end
  private boolean receiveUntilItLeaves(Log log, Random own) {
    while (own.nextInt(leaveOdds) != 0) {
      log.leavesBefore = leavesEnded.get();
      if (own.nextInt(500) == 0) {
        Thread.currentThread().interrupt();
      }
      try {
        Received<Parcel> received =
            switch (own.nextInt(4)) {
              case 0 -> log.receiver.poll();
              case 1 -> log.receiver.receive();
              case 2 -> log.receiver.receive(Duration.ofNanos(own.nextInt(200_000)));
              default -> {
                log.receiver.drain(log.handler(own), 1 + own.nextInt(150));
                yield new Received.Empty<>();
              }
            };
        if (log.note(received)) {
          return true;
        }
      } catch (InterruptedException | Thrown _) {
        // As good as any other outcome: nothing is lost by it.
      } finally {
        var _ = Thread.interrupted();
      }
    }
    return false;
  }

  private void receiveWhatIsLeft() {
    if (kind.mostReceivers() == 1 || kind.isToAll()) {
      return;
    }
    Log log = join("last", false);
    while (!log.note(log.receiver.poll())) {
      log.receiver.drain(log.handler(null), 100);
    }
    assertEquals(0, channel.stats().pending());
    verify();
  }

  private void verify() {
    ChannelStats stats = channel.stats();
    long sent = 0;
    for (int i = 0; i < accepted.length(); i++) {
      sent += accepted.get(i);
    }
    long received = logs.stream().mapToLong(log -> log.parcels.size()).sum();
    assertEquals(sent, stats.sent(), "sent");
    assertEquals(received, stats.received(), "received");
    assertEquals(
        stats.offered(),
        stats.received() + stats.droppedTotal() + stats.pending(),
        () -> "" + stats);
    for (Log log : logs) {
      log.verify(sent);
    }
    if (kind.isToAll()) {
      assertEquals(
          logs.stream().mapToLong(log -> log.receiver.stats().offered()).sum(), stats.offered());
    } else {
      assertEquals(sent, stats.offered());
      verifyEachAtMostOnce();
      if (logs.stream().anyMatch(log -> log.isEnded && log.leavesBefore == leavesBegun.get())) {
        assertEquals(0, stats.pending(), "pending though a receiver was told the end");
      }
    }
  }

  /// So that what was not received is as many as was dropped or is pending.
  private void verifyEachAtMostOnce() {
    BitSet[] seen = new BitSet[accepted.length()];
    Arrays.setAll(seen, _ -> new BitSet());
    for (Log log : logs) {
      for (Parcel parcel : log.parcels) {
        int index = parcel.sender() * CLASSES + parcel.priority().rank;
        assertTrue(parcel.number() < accepted.get(index), () -> parcel + " was not sent");
        assertFalse(seen[index].get((int) parcel.number()), () -> parcel + " came twice");
        seen[index].set((int) parcel.number());
      }
    }
  }

  private interface Body {
    void run() throws InterruptedException;
  }

  /// What a handler throws.
  private static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Thrown() {
      super("deliberate", null, false, false);
    }
  }

  /// What one receiver saw. Used by its thread until that has ended.
  private final class Log {
    private static final long UNKNOWN = -1;

    final Receiver<Parcel> receiver;
    final List<Parcel> parcels = new ArrayList<>();
    final long[] last = new long[senders * CLASSES];
    volatile boolean wasClosedByAnother;
    boolean isEnded;

    /// How many had left before it asked last: what others leave behind later it isn't told of.
    long leavesBefore;

    /// Where each message goes to all: the number of the next one.
    long next;

    long missed;

    Log(Receiver<Parcel> receiver, boolean fromTheBeginning) {
      this.receiver = receiver;
      this.next = fromTheBeginning ? 0 : UNKNOWN;
      Arrays.fill(last, UNKNOWN);
    }

    Consumer<Parcel> handler(Random own) {
      return parcel -> {
        note(parcel);
        if (own != null && own.nextInt(50) == 0) {
          throw new Thrown();
        }
      };
    }

    /// @return whether it was told the end
    boolean note(Received<Parcel> received) {
      switch (received) {
        case Received.Message<Parcel> message -> {
          assertEquals(message.value().priority(), message.priority());
          note(message.value());
        }
        case Received.Lagged<Parcel>(long count) -> {
          assertTrue(kind.isToAll() && count > 0, () -> "lagged by " + count);
          missed += count;
          next = next == UNKNOWN ? UNKNOWN : next + count;
        }
        case Received.Empty<Parcel> _ -> {}
        case Received.Closed<Parcel>(Throwable cause) -> {
          if (receiver.hasLeft()) {
            assertTrue(wasClosedByAnother);
            return true;
          }
          assertTrue(List.of(firstCause, otherCause).contains(cause), () -> "cause is " + cause);
          assertSame(cause, cause(cause));
          isEnded = true;
          return true;
        }
      }
      return false;
    }

    private void note(Parcel parcel) {
      int index = parcel.sender() * CLASSES + parcel.priority().rank;
      assertTrue(
          parcel.number() > last[index] || !kind.isOrdered(),
          () -> "%s came behind number %d".formatted(parcel, last[index]));
      last[index] = parcel.number();
      if (kind.isToAll()) {
        assertTrue(
            next == UNKNOWN || next == parcel.number(),
            () -> "%s came where number %d was due".formatted(parcel, next));
        next = parcel.number() + 1;
      }
      parcels.add(parcel);
    }

    void verify(long sent) {
      ReceiverStats stats = receiver.stats();
      assertEquals(parcels.size(), stats.received(), () -> "" + stats);
      if (kind.isToAll()) {
        long lost =
            stats.dropped().getOrDefault(DropReason.OVERTAKEN, 0L)
                + stats.dropped().getOrDefault(DropReason.NO_ROOM, 0L);
        assertTrue(missed <= lost && (!isEnded || missed == lost), () -> missed + " of " + stats);
        if (isEnded && next != UNKNOWN) {
          assertEquals(sent, next, "what the receiver knows of at the end");
        }
      }
    }
  }

  private Throwable ended;

  /// The first cause that any receiver was told.
  private synchronized Throwable cause(Throwable told) {
    if (ended == null) {
      ended = told;
    }
    return ended;
  }
}
