package io.photophone.channels;

import static io.photophone.channels.ChannelKind.assertConserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C2")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class PriorityChannelTest {
  private static final List<Priority> CLASSES = List.of(Priority.values());

  @Test
  void a_receive_serves_the_most_urgent_class_that_has_a_message() {
    PriorityChannel<String> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 2));
    Receiver<String> receiver = channel.receiver("worker");
    List<Priority> upwards = List.of(Priority.values()).reversed();
    upwards.forEach(each -> channel.trySend(each, each + " 1"));
    upwards.forEach(each -> channel.trySend(each, each + " 2"));
    for (Priority priority : Priority.values()) {
      for (int i = 1; i <= 2; i++) {
        Received.Message<String> message = message(receiver.poll());
        assertEquals(priority, message.priority());
        assertEquals(priority + " " + i, message.value());
      }
    }
    assertInstanceOf(Received.Empty.class, receiver.poll());
    assertConserved(channel);
  }

  /// Beside five queues of the JDK: strict order between the classes, first-in first-out within.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64})
  void it_behaves_like_five_bounded_queues(int capacity) {
    long seed = 77L + capacity;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", capacity));
    Receiver<Integer> receiver = channel.receiver("worker");
    Map<Priority, Deque<Integer>> model = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      model.put(priority, new ArrayDeque<>());
    }
    for (int step = 0; step < 20_000; step++) {
      Priority priority = CLASSES.get(random.nextInt(5));
      if (random.nextInt(9) < 5) {
        boolean room = model.get(priority).size() < capacity;
        assertEquals(room ? Sent.SENT : Sent.FULL, channel.trySend(priority, step));
        if (room) {
          model.get(priority).add(step);
        }
      } else {
        Received<Integer> outcome = receiver.poll();
        Map.Entry<Priority, Deque<Integer>> urgent =
            model.entrySet().stream().filter(e -> !e.getValue().isEmpty()).findFirst().orElse(null);
        if (urgent == null) {
          assertInstanceOf(Received.Empty.class, outcome);
        } else {
          assertEquals(urgent.getKey(), message(outcome).priority());
          assertEquals(urgent.getValue().remove(), message(outcome).value());
        }
      }
      if (step % 100 == 0) {
        assertConserved(channel);
        model.forEach(
            (each, queue) -> assertEquals(queue.size(), channel.classStats().get(each).pending()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_full_class_blocks_no_other(Priority full) throws Exception {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 3));
    Receiver<Integer> receiver = channel.receiver("worker");
    for (int i = 0; i < 3; i++) {
      assertEquals(Sent.SENT, channel.trySend(full, i));
    }
    assertEquals(Sent.FULL, channel.trySend(full, 3));
    assertEquals(Sent.FULL, channel.send(full, 3, Duration.ofMillis(1)));
    for (Priority other : Priority.values()) {
      if (other != full) {
        assertEquals(Sent.SENT, channel.trySend(other, 9));
        assertEquals(Sent.SENT, channel.send(other, 9));
        assertEquals(Sent.SENT, channel.send(other, 9, Duration.ofSeconds(1)));
      }
    }
    assertEquals(15, receiver.drain(_ -> {}, 100));
    assertConserved(channel);
  }

  /// PR4: full is the answer; the message is not moved to a less urgent class.
  @ParameterizedTest
  @EnumSource
  void a_full_urgent_ring_refuses_and_never_demotes(Priority priority) {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 2));
    Receiver<Integer> receiver = channel.receiver("worker");
    for (int i = 0; i < 10; i++) {
      assertEquals(i < 2 ? Sent.SENT : Sent.FULL, channel.trySend(priority, i));
    }
    channel
        .classStats()
        .forEach((each, stats) -> assertEquals(each == priority ? 2 : 0, stats.pending()));
    for (int i = 0; i < 2; i++) {
      Received.Message<Integer> message = message(receiver.poll());
      assertEquals(priority, message.priority());
      assertEquals(i, message.value());
    }
    assertInstanceOf(Received.Empty.class, receiver.poll());
    assertConserved(channel);
  }

  /// PR4: the very object, whatever its size.
  @Test
  void a_message_is_never_truncated() {
    PriorityChannel<byte[]> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 1));
    Receiver<byte[]> receiver = channel.receiver("worker");
    byte[] large = new byte[100_000];
    channel.trySend(Priority.REAL_TIME, large);
    assertSame(large, message(receiver.poll()).value());
    assertConserved(channel);
  }

  /// PR1, documented: this is what strict means.
  @Test
  void strict_order_starves_the_less_urgent_classes_under_a_steady_urgent_stream() {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 4));
    Receiver<Integer> receiver = channel.receiver("worker");
    for (Priority priority : Priority.values()) {
      channel.trySend(priority, -1);
    }
    for (int i = 0; i < 10_000; i++) {
      assertEquals(Priority.REAL_TIME, message(receiver.poll()).priority());
      channel.trySend(Priority.REAL_TIME, i);
    }
    assertEquals(5, assertConserved(channel).pending());
  }

  /// PR1: with every class always full, which is the worst case.
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8, 16, 100, 1000})
  void with_a_bound_no_class_waits_for_more_messages_than_that(int bound) {
    PriorityChannel<Integer> channel =
        PriorityChannel.boundedByMessages(ChannelOptions.of("tasks", 2), bound);
    Receiver<Integer> receiver = channel.receiver("worker");
    long[] waited = new long[5];
    long[] served = new long[5];
    for (int i = 0; i < 20 * bound + 1000; i++) {
      for (Priority priority : Priority.values()) {
        channel.trySend(priority, i);
        channel.trySend(priority, i);
      }
      countWaits(message(receiver.poll()).priority(), waited, served, bound);
    }
    for (Priority priority : Priority.values()) {
      assertTrue(served[priority.rank] > 0, () -> priority + " starves");
    }
    assertConserved(channel);
  }

  /// PR1 and PR2: any traffic, by poll and by drain; each class that has a message is served within
  /// the bound, the urgent ones too.
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 8, 20, 64})
  void with_a_bound_no_class_waits_longer_in_random_traffic_either(int bound) {
    long seed = 4711L + bound;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    PriorityChannel<Priority> channel =
        PriorityChannel.boundedByMessages(ChannelOptions.of("tasks", 8), bound);
    Receiver<Priority> receiver = channel.receiver("worker");
    long[] waited = new long[5];
    long[] served = new long[5];
    long[] pending = new long[5];
    int[] weights = {1, 1, 1, 1, 1};
    for (int step = 0; step < 50_000; step++) {
      if (step % 500 == 0) {
        for (int i = 0; i < weights.length; i++) {
          weights[i] = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(20);
        }
      }
      for (Priority priority : Priority.values()) {
        if (random.nextInt(20) < weights[priority.rank]
            && channel.trySend(priority, priority) == Sent.SENT) {
          pending[priority.rank]++;
        }
      }
      List<Priority> received = new ArrayList<>();
      if (step % 3 == 0) {
        receiver.drain(received::add, 1 + random.nextInt(3));
      } else if (receiver.poll() instanceof Received.Message<Priority> message) {
        received.add(message.value());
      }
      for (Priority each : received) {
        for (int rank = 0; rank < waited.length; rank++) {
          waited[rank] = pending[rank] == 0 ? -1 : waited[rank];
        }
        countWaits(each, waited, served, bound);
        pending[each.rank]--;
        for (int rank = 0; rank < waited.length; rank++) {
          waited[rank] = pending[rank] == 0 ? 0 : waited[rank];
        }
      }
    }
    assertConserved(channel);
  }

  private static void countWaits(Priority served, long[] waited, long[] counts, int bound) {
    counts[served.rank]++;
    for (Priority priority : Priority.values()) {
      int rank = priority.rank;
      waited[rank] = priority == served ? 0 : waited[rank] + 1;
      assertTrue(waited[rank] <= bound, () -> priority + " has waited " + waited[rank]);
    }
  }

  /// PR2, one direction: urgent messages that come to a long backlog don't wait for its end.
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 64})
  void an_urgent_message_does_not_wait_for_the_end_of_a_backlog(int bound) {
    PriorityChannel<Integer> channel =
        PriorityChannel.boundedByMessages(ChannelOptions.of("tasks", 1000), bound);
    Receiver<Integer> receiver = channel.receiver("worker");
    for (int i = 0; i < 1000; i++) {
      channel.trySend(Priority.NORMAL, i);
    }
    for (int round = 0; round < 50; round++) {
      for (int i = 0; i < round % 13; i++) {
        assertEquals(Priority.NORMAL, message(receiver.poll()).priority());
      }
      channel.trySend(Priority.REAL_TIME, round);
      int before = 0;
      while (message(receiver.poll()).priority() != Priority.REAL_TIME) {
        before++;
      }
      assertTrue(before <= 1, before + " normal messages before a real-time one");
    }
    assertConserved(channel);
  }

  /// PR2, the other direction: a steady urgent stream, and a normal message still comes through,
  /// again and again.
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 64})
  void a_normal_message_comes_through_a_steady_urgent_stream(int bound) {
    PriorityChannel<Integer> channel =
        PriorityChannel.boundedByMessages(ChannelOptions.of("tasks", 4), bound);
    Receiver<Integer> receiver = channel.receiver("worker");
    for (int round = 0; round < 100; round++) {
      channel.trySend(Priority.NORMAL, round);
      int urgent = -1;
      Priority served;
      do {
        channel.trySend(Priority.REAL_TIME, round);
        served = message(receiver.poll()).priority();
        urgent++;
      } while (served == Priority.REAL_TIME);
      assertTrue(urgent <= bound, urgent + " urgent messages first");
      assertTrue(urgent >= bound - 3, urgent + " urgent messages first: too few for strict order");
    }
    assertConserved(channel);
  }

  @Test
  void with_a_bound_in_time_the_order_is_strict_until_it_is_over() {
    PriorityChannel<Integer> channel =
        PriorityChannel.boundedByTime(ChannelOptions.of("tasks", 4), Duration.ofHours(1));
    Receiver<Integer> receiver = channel.receiver("worker");
    channel.trySend(Priority.BULK, 0);
    channel.trySend(Priority.REAL_TIME, 0);
    assertEquals(Priority.REAL_TIME, message(receiver.poll()).priority());
    assertEquals(Priority.BULK, message(receiver.poll()).priority());
    assertConserved(channel);
  }

  @Test
  void with_a_bound_in_time_a_message_that_has_waited_so_long_comes_first() {
    Duration bound = Duration.ofMillis(50);
    PriorityChannel<Integer> channel =
        PriorityChannel.boundedByTime(ChannelOptions.of("tasks", 4), bound);
    Receiver<Integer> receiver = channel.receiver("worker");
    channel.trySend(Priority.LOW, 1);
    channel.trySend(Priority.BULK, 0);
    long over = System.nanoTime() + bound.toNanos();
    while (System.nanoTime() - over <= 0) {
      Thread.onSpinWait();
    }
    channel.trySend(Priority.REAL_TIME, 0);
    assertEquals(Priority.LOW, message(receiver.poll()).priority(), "the one that waits longest");
    assertEquals(Priority.BULK, message(receiver.poll()).priority());
    assertEquals(Priority.REAL_TIME, message(receiver.poll()).priority());
    assertConserved(channel);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 0, -1, Integer.MIN_VALUE})
  void a_bound_that_cannot_be_kept_is_refused_with_the_least_one(int bound) {
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> PriorityChannel.boundedByMessages(ChannelOptions.of("tasks", 4), bound))
            .getMessage();
    assertTrue(told.contains("tasks"), told);
    assertTrue(told.contains(Integer.toString(bound)), told);
    assertTrue(told.contains(Integer.toString(PriorityChannel.LEAST_BOUND_MESSAGES)), told);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void a_bound_without_time_is_refused(long nanos) {
    Duration bound = Duration.ofNanos(nanos);
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> PriorityChannel.boundedByTime(ChannelOptions.of("tasks", 4), bound))
            .getMessage();
    assertTrue(told.contains("tasks"), told);
    assertTrue(told.contains(bound.toString()), told);
  }

  @Test
  void the_longest_bound_in_time_does_not_overflow() {
    PriorityChannel<Integer> channel =
        PriorityChannel.boundedByTime(
            ChannelOptions.of("tasks", 4), Duration.ofSeconds(Long.MAX_VALUE));
    Receiver<Integer> receiver = channel.receiver("worker");
    channel.trySend(Priority.BULK, 0);
    channel.trySend(Priority.HIGH, 0);
    assertEquals(Priority.HIGH, message(receiver.poll()).priority());
    assertConserved(channel);
  }

  @Test
  void a_message_without_a_class_is_refused() {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 4));
    assertThrows(NullPointerException.class, () -> channel.trySend(null, 1));
    assertThrows(NullPointerException.class, () -> channel.send(null, 1));
    assertThrows(NullPointerException.class, () -> channel.send(null, 1, Duration.ZERO));
    assertEquals(0, assertConserved(channel).sent());
  }

  @Test
  void an_urgent_message_that_comes_during_a_drain_is_next() {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 8));
    Receiver<Integer> receiver = channel.receiver("worker");
    for (int i = 0; i < 4; i++) {
      channel.trySend(Priority.BULK, i);
    }
    List<Integer> seen = new ArrayList<>();
    receiver.drain(
        message -> {
          seen.add(message);
          if (message == 1) {
            channel.trySend(Priority.REAL_TIME, 100);
          }
        },
        10);
    assertEquals(List.of(0, 1, 100, 2, 3), seen);
    assertConserved(channel);
  }

  @Test
  void the_statistics_by_class_add_up() {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 8));
    Receiver<Integer> receiver = channel.receiver("worker");
    for (Priority priority : Priority.values()) {
      for (int i = 0; i <= priority.rank; i++) {
        channel.trySend(priority, i);
      }
    }
    receiver.drain(_ -> {}, 4);
    Map<Priority, PriorityChannel.ClassStats> stats = channel.classStats();
    assertEquals(new PriorityChannel.ClassStats(1, 1, 0), stats.get(Priority.REAL_TIME));
    assertEquals(new PriorityChannel.ClassStats(2, 2, 0), stats.get(Priority.HIGH));
    assertEquals(new PriorityChannel.ClassStats(3, 1, 2), stats.get(Priority.NORMAL));
    assertEquals(new PriorityChannel.ClassStats(5, 0, 5), stats.get(Priority.BULK));
    assertEquals(15, assertConserved(channel).sent());
    assertEquals("priority", channel.stats().kind());
  }

  @Test
  void after_a_close_the_pending_messages_come_in_order_of_their_classes() {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 8));
    Receiver<Integer> receiver = channel.receiver("worker");
    channel.trySend(Priority.BULK, 3);
    channel.trySend(Priority.HIGH, 1);
    channel.trySend(Priority.LOW, 2);
    channel.close();
    for (Priority priority : Priority.values()) {
      assertEquals(Sent.CLOSED, channel.trySend(priority, 9));
    }
    List<Integer> seen = new ArrayList<>();
    receiver.drain(seen::add, 10);
    assertEquals(List.of(1, 2, 3), seen);
    assertInstanceOf(Received.Closed.class, receiver.poll());
    assertConserved(channel);
  }

  @Test
  void a_close_wakes_senders_of_every_class() throws Exception {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 1));
    List<FutureTask<Sent>> senders = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      channel.trySend(priority, 0);
      FutureTask<Sent> sender = new FutureTask<>(() -> channel.send(priority, 1));
      Thread.ofVirtual().start(sender);
      senders.add(sender);
    }
    channel.close();
    for (FutureTask<Sent> sender : senders) {
      assertEquals(Sent.CLOSED, sender.get());
    }
    assertEquals(5, assertConserved(channel).pending());
  }

  /// Room in another class is of no use to it.
  @Test
  void a_sender_wakes_for_room_in_its_own_class() throws Exception {
    PriorityChannel<Integer> channel = new PriorityChannel<>(ChannelOptions.of("tasks", 1));
    Receiver<Integer> receiver = channel.receiver("worker");
    channel.trySend(Priority.REAL_TIME, 0);
    channel.trySend(Priority.BULK, 0);
    FutureTask<Sent> sender = new FutureTask<>(() -> channel.send(Priority.BULK, 1));
    Thread.ofPlatform().daemon().start(sender);
    assertEquals(Priority.REAL_TIME, message(receiver.poll()).priority());
    assertEquals(Sent.FULL, channel.trySend(Priority.BULK, 2));
    assertEquals(Priority.BULK, message(receiver.poll()).priority());
    assertEquals(Sent.SENT, sender.get());
    assertEquals(1, message(receiver.receive()).value());
    assertConserved(channel);
  }

  @ParameterizedTest
  @EnumSource
  void a_message_tells_its_latency_where_it_is_timed(LatencyTracking tracking) {
    PriorityChannel<Integer> channel =
        new PriorityChannel<>(ChannelOptions.of("tasks", 4).latency(tracking));
    Receiver<Integer> receiver = channel.receiver("worker");
    channel.trySend(Priority.HIGH, 0);
    long latency = message(receiver.poll()).latencyNanos();
    assertTrue(tracking == LatencyTracking.OFF ? latency == -1 : latency >= 0, () -> "" + latency);
    assertConserved(channel);
  }

  private static <T> Received.Message<T> message(Received<T> received) {
    if (received instanceof Received.Message<T> message) {
      return message;
    }
    throw new AssertionError("not a message: " + received);
  }
}
