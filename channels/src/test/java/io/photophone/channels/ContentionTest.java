package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.ChannelKind.Line;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// Senders and receivers that race, and what must be true of the messages afterwards.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class ContentionTest {
  private static final List<WaitStrategy> STRATEGIES =
      List.of(WaitStrategy.PARK, WaitStrategy.YIELD);
  private static final List<LatencyTracking> TRACKINGS = List.of(LatencyTracking.values());

  /// PR3: a slot that is read before it is written, or overwritten while it is read, shows as a
  /// message that is missing, twice, out of order or torn.
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"BROADCAST"})
  void every_message_arrives_once_whole_and_in_its_senders_order(ChannelKind kind)
      throws Exception {
    long seed = 1001;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 8; round++) {
      int senders = kind.hasManySenders() ? 1 + random.nextInt(6) : 1;
      int receivers = kind.hasManyReceivers() ? 1 + random.nextInt(5) : 1;
      int capacity = round % 3 == 0 ? 1 + random.nextInt(3) : 1 + random.nextInt(130);
      int messages = 10_000 / senders;
      Line<Checked> line =
          kind.open(
              ChannelOptions.of("line", capacity)
                  .waiting(STRATEGIES.get(round % 2))
                  .latency(TRACKINGS.get(round % 3)));
      String about = "round %d: %d to %d, %d".formatted(round, senders, receivers, capacity);
      List<FutureTask<Long>> sending = new ArrayList<>();
      for (int sender = 0; sender < senders; sender++) {
        SplittableRandom own = random.split();
        int id = sender;
        sending.add(inThread(own, () -> sendAll(line, id, messages, own)));
      }
      List<FutureTask<Tally>> receiving = new ArrayList<>();
      for (int i = 0; i < receivers; i++) {
        SplittableRandom own = random.split();
        Receiver<Checked> receiver = line.receiver("receiver " + i);
        receiving.add(inThread(own, () -> new Tally(senders).receiveAll(receiver, own)));
      }
      long sent = 0;
      for (FutureTask<Long> task : sending) {
        sent += task.get();
      }
      line.close();
      Tally all = new Tally(senders);
      for (FutureTask<Tally> task : receiving) {
        all.add(task.get());
      }
      assertEquals(sent, all.count(), about);
      ChannelStats stats = line.assertConserved();
      assertEquals(sent, stats.received(), about);
      assertEquals(0, stats.pending(), about);
    }
  }

  /// S6: there are always senders that lost their processor between two steps of a send.
  @ParameterizedTest
  @EnumSource(names = {"MANY_TO_ONE", "MANY_TO_MANY", "PRIORITY"})
  void far_more_senders_than_processors_all_get_on(ChannelKind kind) throws Exception {
    int senders = 64;
    int messages = 500;
    Line<Checked> line = kind.open(8);
    Receiver<Checked> receiver = line.receiver("receiver");
    List<FutureTask<Long>> sending = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    for (int sender = 0; sender < senders; sender++) {
      int id = sender;
      SplittableRandom own = random.split();
      FutureTask<Long> task = new FutureTask<>(() -> sendAll(line, id, messages, own));
      Thread.ofPlatform().daemon().start(task);
      sending.add(task);
    }
    Tally tally = new Tally(senders);
    while (tally.count() < (long) senders * messages) {
      tally.add(receiver.receive());
    }
    for (FutureTask<Long> task : sending) {
      assertEquals(messages, task.get());
    }
    assertEquals((long) senders * messages, line.assertConserved().received());
  }

  /// From a third thread, while both sides run flat out: what was accepted arrives, what was
  /// refused does not.
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"BROADCAST"})
  void a_close_at_any_moment_loses_nothing_accepted_and_lets_nothing_refused_through(
      ChannelKind kind) throws Exception {
    long seed = 2002;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int senders = kind.hasManySenders() ? 3 : 1;
    int receivers = kind.hasManyReceivers() ? 3 : 1;
    for (int round = 0; round < 300; round++) {
      Line<Checked> line = kind.open(1 + random.nextInt(20));
      AtomicBoolean closed = new AtomicBoolean();
      List<FutureTask<Integer>> sending = new ArrayList<>();
      for (int sender = 0; sender < senders; sender++) {
        int id = sender;
        SplittableRandom own = random.split();
        sending.add(inThread(own, () -> sendUntilClosed(line, id, own, closed)));
      }
      List<FutureTask<Tally>> receiving = new ArrayList<>();
      for (int i = 0; i < receivers; i++) {
        SplittableRandom own = random.split();
        Receiver<Checked> receiver = line.receiver("receiver " + i);
        receiving.add(inThread(own, () -> new Tally(senders).receiveAll(receiver, own)));
      }
      for (int spins = random.nextInt(20_000); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      line.close();
      long sentAtClose = line.stats().sent();
      closed.set(true);
      Tally all = new Tally(senders);
      for (FutureTask<Tally> task : receiving) {
        all.add(task.get());
      }
      long accepted = 0;
      for (int sender = 0; sender < senders; sender++) {
        int sent = sending.get(sender).get();
        accepted += sent;
        assertEquals(sent, all.received[sender].cardinality(), "round " + round);
        assertEquals(sent, all.received[sender].length(), "round " + round);
      }
      ChannelStats stats = line.assertConserved();
      assertEquals(accepted, sentAtClose, "a send was under way when the close had returned");
      assertEquals(accepted, stats.sent());
      assertEquals(accepted, stats.received());
      assertEquals(0, stats.pending());
    }
  }

  /// The receiver leaves instead: what it didn't get is counted.
  @ParameterizedTest
  @EnumSource(names = {"ONE_TO_ONE", "MANY_TO_ONE"})
  void the_only_receiver_may_leave_at_any_moment_and_all_adds_up(ChannelKind kind)
      throws Exception {
    long seed = 3003;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    int senders = kind.hasManySenders() ? 3 : 1;
    for (int round = 0; round < 300; round++) {
      Line<Checked> line = kind.open(1 + random.nextInt(20));
      AtomicBoolean closed = new AtomicBoolean();
      List<FutureTask<Integer>> sending = new ArrayList<>();
      for (int sender = 0; sender < senders; sender++) {
        int id = sender;
        SplittableRandom own = random.split();
        sending.add(inThread(own, () -> sendUntilClosed(line, id, own, closed)));
      }
      SplittableRandom own = random.split();
      Receiver<Checked> receiver = line.receiver("receiver");
      FutureTask<Tally> receiving =
          inThread(own, () -> new Tally(senders).receiveAll(receiver, own));
      for (int spins = random.nextInt(20_000); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      receiver.close();
      closed.set(true);
      long accepted = 0;
      for (FutureTask<Integer> task : sending) {
        accepted += task.get();
      }
      Tally tally = receiving.get();
      ChannelStats stats = line.assertConserved();
      assertEquals(accepted, stats.sent());
      assertEquals(tally.count(), stats.received());
      assertEquals(accepted - tally.count(), stats.droppedTotal());
      assertEquals(stats.dropped(), receiver.stats().dropped());
      assertEquals(0, stats.pending());
    }
  }

  /// Receivers that share a queue come and go; their messages stay for the others.
  @ParameterizedTest
  @EnumSource(names = {"MANY_TO_MANY", "PRIORITY", "PRIORITY_BOUNDED_BY_MESSAGES"})
  void receivers_come_and_go_and_nothing_is_lost(ChannelKind kind) throws Exception {
    int messages = 50_000;
    Line<Checked> line = kind.open(32);
    SplittableRandom random = new SplittableRandom(4004);
    FutureTask<Long> sending =
        inThread(random.split(), () -> sendAll(line, 0, messages, new SplittableRandom(1)));
    Tally all = new Tally(1);
    List<FutureTask<Tally>> guests = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Receiver<Checked> receiver = line.receiver("guest " + i);
      SplittableRandom own = random.split();
      FutureTask<Tally> guest = inThread(own, () -> new Tally(1).receiveAll(receiver, own));
      guests.add(guest);
      for (int spins = random.nextInt(3_000); spins > 0; spins--) {
        Thread.onSpinWait();
      }
      receiver.close();
    }
    Receiver<Checked> last = line.receiver("last");
    FutureTask<Tally> lasting =
        inThread(random.split(), () -> new Tally(1).receiveAll(last, new SplittableRandom(2)));
    assertEquals(messages, sending.get());
    line.close();
    for (FutureTask<Tally> guest : guests) {
      all.add(guest.get());
    }
    all.add(lasting.get());
    ChannelStats stats = line.assertConserved();
    assertEquals(messages, stats.received() + stats.droppedTotal());
    assertEquals(all.count(), stats.received());
  }

  /// A drain is told its lags by the poll between, exactly.
  @ParameterizedTest
  @EnumSource(BroadcastChannel.Resume.class)
  void a_broadcast_that_is_drained_counts_each_message_once_as_received_or_missed(
      BroadcastChannel.Resume resume) throws Exception {
    int messages = 300_000;
    for (int capacity : new int[] {1, 2, 7, 64, 100}) {
      BroadcastChannel<Checked> channel = new BroadcastChannel<>("frames", capacity);
      List<FutureTask<Long>> receiving = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Receiver<Checked> receiver = channel.subscribe("receiver " + i, resume);
        int limit = 1 + i * 50;
        FutureTask<Long> task = new FutureTask<>(() -> drainAll(receiver, limit));
        Thread.ofPlatform().daemon().start(task);
        receiving.add(task);
      }
      SplittableRandom random = new SplittableRandom(6);
      for (int i = 0; i < messages / capacity; i++) {
        assertEquals(Sent.SENT, channel.send(new Checked(0, i, random.nextLong())));
      }
      channel.close();
      for (FutureTask<Long> task : receiving) {
        assertEquals(messages / capacity, task.get());
      }
      ChannelKind.assertConserved(channel);
    }
  }

  private static long drainAll(Receiver<Checked> receiver, int limit) throws InterruptedException {
    long[] next = {0};
    while (true) {
      int drained =
          receiver.drain(
              message -> {
                message.check();
                assertEquals(next[0]++, message.index);
              },
              limit);
      if (drained == 0) {
        switch (receiver.receive()) {
          case Received.Message<Checked> message -> assertEquals(next[0]++, message.value().index);
          case Received.Lagged<Checked>(long missed) -> next[0] += missed;
          case Received.Closed<Checked> _ -> {
            return next[0];
          }
          case Received.Empty<Checked> _ -> throw new AssertionError();
        }
      }
    }
  }

  private static long sendAll(Line<Checked> line, int sender, int messages, SplittableRandom random)
      throws Exception {
    for (int i = 0; i < messages; i++) {
      Checked message = new Checked(sender, i, random.nextLong());
      Sent outcome = random.nextInt(4) == 0 ? line.trySend(message) : line.send(message);
      while (outcome == Sent.FULL) {
        outcome = line.send(message);
      }
      assertEquals(Sent.SENT, outcome);
    }
    return messages;
  }

  /// How many were accepted, by number 0, 1, …
  private static int sendUntilClosed(
      Line<Checked> line, int sender, SplittableRandom random, AtomicBoolean closed)
      throws Exception {
    for (int i = 0; ; ) {
      boolean late = closed.get();
      Checked message = new Checked(sender, i, random.nextLong());
      switch (random.nextBoolean() ? line.trySend(message) : line.send(message)) {
        case SENT -> {
          assertTrue(!late, "accepted after the close");
          i++;
        }
        case FULL -> Thread.onSpinWait();
        case CLOSED -> {
          assertEquals(Sent.CLOSED, line.trySend(message));
          return i;
        }
      }
    }
  }

  private static <V> FutureTask<V> inThread(SplittableRandom random, Callable<V> work) {
    FutureTask<V> task = new FutureTask<>(work);
    if (random.nextBoolean()) {
      Thread.ofVirtual().start(task);
    } else {
      Thread.ofPlatform().daemon().start(task);
    }
    return task;
  }

  /// A message of plain fields that only the channel publishes.
  private static final class Checked {
    int sender;
    int index;
    long content;
    long checksum;

    Checked(int sender, int index, long content) {
      this.sender = sender;
      this.index = index;
      this.content = content;
      this.checksum = checksum();
    }

    private long checksum() {
      return ~(content * 31 + index) * 31 + sender;
    }

    void check() {
      assertEquals(checksum(), checksum, "torn");
    }
  }

  /// Which messages of which sender came, each once and in order.
  private static final class Tally {
    private final BitSet[] received;
    private final int[] last;

    Tally(int senders) {
      received = new BitSet[senders];
      last = new int[senders];
      for (int i = 0; i < senders; i++) {
        received[i] = new BitSet();
        last[i] = -1;
      }
    }

    Tally receiveAll(Receiver<Checked> receiver, SplittableRandom random) throws Exception {
      while (true) {
        if (random.nextInt(3) == 0) {
          receiver.drain(this::add, 1 + random.nextInt(100));
        } else if (random.nextInt(3) == 0) {
          if (!(receiver.poll() instanceof Received.Message<Checked> message)) {
            continue;
          }
          add(message.value());
        } else if (!add(receiver.receive())) {
          return this;
        }
      }
    }

    boolean add(Received<Checked> outcome) {
      if (outcome instanceof Received.Message<Checked> message) {
        add(message.value());
        return true;
      }
      assertInstanceOf(Received.Closed.class, outcome);
      return false;
    }

    void add(Checked message) {
      message.check();
      assertTrue(message.index > last[message.sender], "out of order");
      last[message.sender] = message.index;
      received[message.sender].set(message.index);
    }

    void add(Tally other) {
      for (int i = 0; i < received.length; i++) {
        assertTrue(!received[i].intersects(other.received[i]), "received twice");
        received[i].or(other.received[i]);
      }
    }

    long count() {
      long count = 0;
      for (BitSet each : received) {
        count += each.cardinality();
      }
      return count;
    }
  }
}
