package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.ChannelKind.Line;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What all channels have in common, on each kind, where no thread has to wait for another.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class EveryChannelTest {

  @ParameterizedTest
  @EnumSource
  void an_empty_channel_gives_empty_in_every_form_of_receive(ChannelKind kind) throws Exception {
    Line<Integer> line = kind.open(4);
    Receiver<Integer> receiver = line.receiver("receiver");
    assertInstanceOf(Received.Empty.class, receiver.poll());
    assertInstanceOf(Received.Empty.class, receiver.receive(Duration.ZERO));
    long begin = System.nanoTime();
    assertInstanceOf(Received.Empty.class, receiver.receive(Duration.ofMillis(10)));
    assertTrue(System.nanoTime() - begin >= 10_000_000);
    assertEquals(0, receiver.drain(_ -> {}, 10));
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void every_form_of_send_and_of_receive_passes_messages_on_in_order(ChannelKind kind)
      throws Exception {
    Line<Integer> line = kind.open(8);
    Receiver<Integer> receiver = line.receiver("receiver");
    assertEquals(Sent.SENT, line.trySend(0));
    assertEquals(Sent.SENT, line.send(1));
    assertEquals(Sent.SENT, line.send(2, Duration.ZERO));
    assertEquals(Sent.SENT, line.send(3, Duration.ofDays(1)));
    assertEquals(Sent.SENT, line.trySend(4));
    assertEquals(0, value(receiver.poll()));
    assertEquals(1, value(receiver.receive()));
    assertEquals(2, value(receiver.receive(Duration.ofDays(1))));
    List<Integer> drained = new ArrayList<>();
    assertEquals(2, receiver.drain(drained::add, 100));
    assertEquals(List.of(3, 4), drained);
    assertEquals(5, line.assertConserved().received());
  }

  /// The longest duration there is overflows a clock in nanoseconds.
  @ParameterizedTest
  @EnumSource
  void the_longest_timeout_waits_and_does_not_overflow(ChannelKind kind) throws Exception {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    Line<Integer> line = kind.open(1);
    Receiver<Integer> receiver = line.receiver("receiver");
    FutureTask<Integer> receiving = inThread(() -> value(receiver.receive(longest)));
    assertEquals(Sent.SENT, line.send(7, longest));
    assertEquals(7, receiving.get());
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void capacity_is_exact_from_1_to_70_and_around_powers_of_two(ChannelKind kind) {
    IntStream.concat(
            IntStream.rangeClosed(1, 70),
            IntStream.rangeClosed(7, 16)
                .map(bits -> 1 << bits)
                .flatMap(n -> IntStream.of(n - 1, n, n + 1)))
        .forEach(capacity -> holdsExactly(capacity, kind));
  }

  private static void holdsExactly(int capacity, ChannelKind kind) {
    Line<Integer> line = kind.open(capacity);
    Receiver<Integer> receiver = line.receiver("receiver");
    assertEquals(capacity, line.channel().capacity());
    assertEquals(capacity, line.stats().capacity());
    for (int i = 0; i < capacity; i++) {
      assertEquals(Sent.SENT, line.trySend(i), () -> "capacity " + capacity);
    }
    int first = 0;
    if (kind.canBeFull()) {
      assertEquals(Sent.FULL, line.trySend(-1));
      assertEquals(capacity, line.stats().pending());
      assertEquals(0, value(receiver.poll()));
      assertEquals(Sent.SENT, line.trySend(capacity));
      assertEquals(Sent.FULL, line.trySend(-1));
      first = 1;
    } else {
      assertEquals(Sent.SENT, line.trySend(capacity));
      assertEquals(new Received.Lagged<>(1), receiver.poll());
      first = 1;
    }
    for (int i = first; i <= capacity; i++) {
      assertEquals(i, value(receiver.poll()));
    }
    assertInstanceOf(Received.Empty.class, receiver.poll());
    line.assertConserved();
  }

  /// S5: room that is taken by a send that comes to nothing would never come back.
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BROADCAST")
  void sends_that_fail_take_no_room_away(ChannelKind kind) throws Exception {
    Line<Integer> line = kind.open(3);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 3);
    for (int i = 0; i < 1000; i++) {
      assertEquals(Sent.FULL, line.trySend(-1));
      assertEquals(Sent.FULL, line.send(-1, Duration.ZERO));
      assertThrows(NullPointerException.class, () -> line.trySend(null));
    }
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> line.send(-1));
    assertEquals(List.of(0, 1, 2), drained(receiver));
    fill(line, 3);
    assertEquals(Sent.FULL, line.trySend(-1));
    assertEquals(List.of(0, 1, 2), drained(receiver));
    line.assertConserved();
  }

  /// Many times around the ring, at every fill level, by single receives and by batches, beside a
  /// queue of the JDK.
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BROADCAST")
  void it_behaves_like_a_bounded_queue_around_many_laps(ChannelKind kind) {
    long seed = 20260301;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int capacity : new int[] {1, 2, 3, 5, 8, 31, 64, 100, 300}) {
      Line<Integer> line = kind.open(capacity);
      Receiver<Integer> receiver = line.receiver("receiver");
      ArrayDeque<Integer> model = new ArrayDeque<>();
      int next = 0;
      long received = 0;
      for (int step = 0; step < 2_000 + 40 * capacity; step++) {
        switch (random.nextInt(4)) {
          case 0 -> {
            for (int burst = random.nextInt(capacity + 2); burst >= 0; burst--) {
              Sent expected = model.size() < capacity ? Sent.SENT : Sent.FULL;
              assertEquals(expected, line.trySend(next));
              if (expected == Sent.SENT) {
                model.add(next++);
              }
            }
          }
          case 1 -> {
            Received<Integer> outcome = receiver.poll();
            Integer expected = model.poll();
            if (expected == null) {
              assertInstanceOf(Received.Empty.class, outcome);
            } else {
              assertEquals(expected, value(outcome));
              received++;
            }
          }
          case 2 -> {
            int limit = 1 + random.nextInt(2 * capacity);
            int expected = Math.min(limit, model.size());
            Consumer<Integer> same = message -> assertEquals(model.poll(), message);
            assertEquals(expected, receiver.drain(same, limit));
            received += expected;
          }
          default -> {
            ChannelStats stats = line.assertConserved();
            assertEquals(model.size(), stats.pending());
            assertEquals(next, stats.sent());
            assertEquals(received, stats.received());
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void close_lets_what_was_accepted_be_received_then_tells_the_cause_each_time(ChannelKind kind)
      throws Exception {
    Line<Integer> line = kind.open(4);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 3);
    assertFalse(line.channel().isClosed());
    Exception cause = new Exception("unplugged");
    line.close(cause);
    line.close(new Exception("too late"));
    line.close();
    assertTrue(line.channel().isClosed());
    assertTrue(line.stats().closed());
    assertEquals(Sent.CLOSED, line.trySend(9));
    assertEquals(Sent.CLOSED, line.send(9));
    assertEquals(Sent.CLOSED, line.send(9, Duration.ofDays(1)));
    assertEquals(0, value(receiver.poll()));
    assertEquals(1, value(receiver.receive(Duration.ofDays(1))));
    assertEquals(2, value(receiver.receive()));
    for (int i = 0; i < 3; i++) {
      assertSame(cause, cause(receiver.poll()));
      assertSame(cause, cause(receiver.receive()));
      assertSame(cause, cause(receiver.receive(Duration.ofDays(1))));
      assertEquals(0, receiver.drain(_ -> {}, 5));
    }
    ChannelStats stats = line.assertConserved();
    assertEquals(3, stats.sent());
    assertEquals(3, stats.received());
  }

  @ParameterizedTest
  @EnumSource
  void what_a_full_channel_has_accepted_survives_its_close(ChannelKind kind) {
    Line<Integer> line = kind.open(3);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 3);
    line.close();
    assertEquals(Sent.CLOSED, line.trySend(9));
    List<Integer> drained = new ArrayList<>();
    assertEquals(3, receiver.drain(drained::add, 5));
    assertEquals(List.of(0, 1, 2), drained);
    assertNull(cause(receiver.poll()));
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"ONE_TO_ONE", "MANY_TO_ONE"})
  void the_cause_reaches_every_receiver_and_those_that_join_later(ChannelKind kind) {
    Line<Integer> line = kind.open(3);
    List<Receiver<Integer>> receivers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      receivers.add(line.receiver("receiver " + i));
    }
    Error cause = new AssertionError("the last straw");
    line.close(cause);
    receivers.add(line.receiver("late"));
    for (Receiver<Integer> receiver : receivers) {
      assertSame(cause, cause(receiver.poll()));
    }
    line.assertConserved();
  }

  /// S1: a receiver can tell apart what it has to react to.
  @ParameterizedTest
  @EnumSource
  void empty_closed_and_left_are_three_outcomes(ChannelKind kind) {
    Line<Integer> line = kind.open(1);
    Receiver<Integer> receiver = line.receiver("receiver");
    assertInstanceOf(Received.Empty.class, receiver.poll());
    line.trySend(1);
    assertInstanceOf(Received.Message.class, receiver.poll());
    line.close();
    assertInstanceOf(Received.Closed.class, receiver.poll());
    Line<Integer> other = kind.open(1);
    Receiver<Integer> left = other.receiver("left");
    left.close();
    assertInstanceOf(Received.Closed.class, left.poll());
    assertEquals(
        kind.outlivesItsReceivers() ? Sent.SENT : Sent.CLOSED,
        other.trySend(1),
        "a channel without a receiver to come is closed");
    other.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void no_message_at_all_is_refused_by_the_name_of_the_channel_and_takes_no_place(ChannelKind kind)
      throws Exception {
    Line<Integer> line = kind.open(ChannelOptions.of("the broken line", 2));
    Receiver<Integer> receiver = line.receiver("receiver");
    assertNamed("the broken line", NullPointerException.class, () -> line.trySend(null));
    assertNamed("the broken line", NullPointerException.class, () -> line.send(null));
    assertNamed(
        "the broken line",
        NullPointerException.class,
        () -> line.send(null, Duration.ofSeconds(1)));
    assertInstanceOf(Received.Empty.class, receiver.poll());
    fill(line, 2);
    line.close();
    assertNamed("the broken line", NullPointerException.class, () -> line.trySend(null));
    assertEquals(List.of(0, 1), drained(receiver));
    line.assertConserved();
  }

  /// Also where there is nothing to wait for: a mistake shows at the first call, not under load.
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "BROADCAST")
  void a_timeout_that_is_negative_or_missing_is_refused_whether_there_is_room_or_not(
      ChannelKind kind) throws Exception {
    Line<Integer> line = kind.open(1);
    Receiver<Integer> receiver = line.receiver("receiver");
    Duration negative = Duration.ofNanos(-1);
    for (int pending = 0; pending < 2; pending++) {
      assertNamed("PT-0.000000001S", IllegalArgumentException.class, () -> line.send(1, negative));
      assertThrows(NullPointerException.class, () -> line.send(1, null));
      assertNamed(
          "PT-0.000000001S", IllegalArgumentException.class, () -> receiver.receive(negative));
      assertThrows(NullPointerException.class, () -> receiver.receive(null));
      assertEquals(pending, line.stats().pending());
      line.trySend(0);
    }
    assertEquals(List.of(0), drained(receiver));
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void a_drain_without_a_handler_or_with_a_limit_below_one_is_refused(ChannelKind kind) {
    Line<Integer> line = kind.open(2);
    Receiver<Integer> receiver = line.receiver("the drain");
    fill(line, 2);
    assertThrows(NullPointerException.class, () -> receiver.drain(null, 1));
    for (int limit : new int[] {0, -1, Integer.MIN_VALUE}) {
      String told =
          assertNamed(
              "the drain", IllegalArgumentException.class, () -> receiver.drain(_ -> {}, limit));
      assertTrue(told.contains(Integer.toString(limit)), told);
    }
    assertEquals(List.of(0, 1), drained(receiver));
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void a_receiver_without_a_name_is_refused_and_does_not_join(ChannelKind kind) {
    Line<Integer> line = kind.open(2);
    assertThrows(IllegalArgumentException.class, () -> line.receiver(" "));
    assertThrows(NullPointerException.class, () -> line.receiver(null));
    assertEquals(List.of(), line.stats().receivers());
    assertEquals("good", line.receiver("good").name());
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void a_second_thread_that_receives_is_refused_with_both_names(ChannelKind kind) throws Exception {
    Line<Integer> line = kind.open(4);
    Receiver<Integer> receiver = line.receiver("the ear");
    fill(line, 4);
    Thread.currentThread().setName("first listener");
    assertEquals(0, value(receiver.poll()));
    inThread(
            "second listener",
            () -> {
              refusedWithBothNames(receiver::poll);
              refusedWithBothNames(receiver::receive);
              refusedWithBothNames(() -> receiver.receive(Duration.ofSeconds(1)));
              refusedWithBothNames(() -> receiver.drain(_ -> {}, 1));
              receiver.handOver();
              refusedWithBothNames(receiver::poll);
              return null;
            })
        .get();
    assertEquals(1, value(receiver.poll()));
    receiver.handOver();
    Thread third =
        Thread.ofPlatform()
            .name("third listener")
            .start(() -> assertEquals(2, value(receiver.poll())));
    third.join();
    assertEquals(3, value(receiver.poll()), "the third listener has ended");
    assertEquals("first listener", receiver.stats().thread());
    line.assertConserved();
  }

  private static void refusedWithBothNames(Callable<?> use) {
    String told = assertNamed("the ear", IllegalStateException.class, use);
    assertTrue(told.contains("first listener"), told);
    assertTrue(told.contains("second listener"), told);
  }

  @ParameterizedTest
  @EnumSource
  void a_receiver_whose_thread_has_ended_without_closing_it_is_abandoned_by_name(ChannelKind kind)
      throws Exception {
    Line<Integer> line = kind.open(4);
    Receiver<Integer> receiver = line.receiver("the orphan");
    fill(line, 2);
    assertFalse(line.stats().receivers().getFirst().abandoned());
    Thread owner = Thread.ofPlatform().name("short life").start(receiver::poll);
    owner.join();
    ReceiverStats orphan = line.stats().receivers().getFirst();
    assertEquals("the orphan", orphan.name());
    assertEquals("short life", orphan.thread());
    assertTrue(orphan.abandoned(), orphan::toString);
    receiver.close();
    assertEquals(List.of(), line.stats().receivers());
    assertFalse(receiver.stats().abandoned());
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void a_handler_that_throws_keeps_the_rest_of_its_batch(ChannelKind kind) {
    Line<Integer> line = kind.open(200);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 200);
    List<Integer> seen = new ArrayList<>();
    int throwing = 0;
    while (seen.size() < 200) {
      int before = seen.size();
      RuntimeException thrown = new IllegalStateException("at message " + before);
      if (before % 3 == 0) {
        seen.add(value(receiver.poll()));
      } else {
        int bad = Math.min(199, before + before % 7);
        throwing++;
        assertSame(
            thrown,
            assertThrows(
                IllegalStateException.class,
                () ->
                    receiver.drain(
                        message -> {
                          seen.add(message);
                          if (message == bad) {
                            throw thrown;
                          }
                        },
                        150)));
        assertEquals(bad + 1, seen.size());
      }
      ChannelStats stats = line.assertConserved();
      assertEquals(seen.size(), stats.received());
      assertEquals(200 - seen.size(), stats.pending());
    }
    assertTrue(throwing > 10);
    assertEquals(IntStream.range(0, 200).boxed().toList(), seen);
  }

  @ParameterizedTest
  @EnumSource
  void the_rest_of_a_batch_is_received_after_a_close_too(ChannelKind kind) {
    Line<Integer> line = kind.open(10);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 10);
    line.close();
    assertThrows(
        ArithmeticException.class,
        () ->
            receiver.drain(
                _ -> {
                  throw new ArithmeticException();
                },
                10));
    assertEquals(IntStream.range(1, 10).boxed().toList(), drained(receiver));
    assertInstanceOf(Received.Closed.class, receiver.poll());
    line.assertConserved();
  }

  /// What a thrown handler left behind is nobody else's and no secret.
  @ParameterizedTest
  @EnumSource
  void a_receiver_that_leaves_after_its_handler_threw_loses_nothing_uncounted(ChannelKind kind) {
    Line<Integer> line = kind.open(10);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 10);
    assertThrows(
        ArithmeticException.class,
        () ->
            receiver.drain(
                _ -> {
                  throw new ArithmeticException();
                },
                10));
    receiver.close();
    receiver.close();
    ChannelStats stats = line.assertConserved();
    assertEquals(1, stats.received());
    if (!kind.sharesMessages()) {
      assertEquals(Map.of(DropReason.LEFT, 9L), stats.dropped());
      assertEquals(0, stats.pending());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_handler_that_uses_its_own_receiver_is_refused_by_name(ChannelKind kind) {
    Line<Integer> line = kind.open(10);
    Receiver<Integer> receiver = line.receiver("the snake");
    fill(line, 10);
    List<Integer> seen = new ArrayList<>();
    receiver.drain(
        message -> {
          seen.add(message);
          assertNamed("the snake", IllegalStateException.class, receiver::poll);
          assertNamed("the snake", IllegalStateException.class, receiver::receive);
          assertNamed("the snake", IllegalStateException.class, () -> receiver.drain(_ -> {}, 1));
        },
        5);
    assertEquals(IntStream.range(0, 5).boxed().toList(), seen);
    assertEquals(IntStream.range(5, 10).boxed().toList(), drained(receiver));
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void a_handler_may_send_to_the_channel_that_it_drains(ChannelKind kind) {
    Line<Integer> line = kind.open(4);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 2);
    List<Integer> seen = new ArrayList<>();
    Consumer<Integer> echo =
        message -> {
          seen.add(message);
          if (message < 20) {
            assertEquals(Sent.SENT, line.trySend(message + 2));
          }
        };
    while (receiver.drain(echo, 3) > 0) {
      line.assertConserved();
    }
    assertEquals(IntStream.range(0, 22).boxed().toList(), seen);
  }

  @ParameterizedTest
  @EnumSource
  void a_handler_may_close_the_channel_that_it_drains(ChannelKind kind) {
    Line<Integer> line = kind.open(5);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 5);
    List<Integer> seen = new ArrayList<>();
    receiver.drain(
        message -> {
          seen.add(message);
          line.close();
        },
        2);
    seen.addAll(drained(receiver));
    assertEquals(List.of(0, 1, 2, 3, 4), seen);
    assertInstanceOf(Received.Closed.class, receiver.poll());
    line.assertConserved();
  }

  /// It gets no more, and no message counts both as received and as dropped.
  @ParameterizedTest
  @EnumSource
  void a_handler_may_close_its_own_receiver(ChannelKind kind) {
    Line<Integer> line = kind.open(5);
    Receiver<Integer> receiver = line.receiver("receiver");
    fill(line, 5);
    List<Integer> seen = new ArrayList<>();
    receiver.drain(
        message -> {
          seen.add(message);
          if (message == 1) {
            receiver.close();
          }
        },
        5);
    ChannelStats stats = line.assertConserved();
    assertEquals(stats.received(), seen.size(), stats + " " + seen);
    assertEquals(receiver.stats().received(), seen.size());
    assertInstanceOf(Received.Closed.class, receiver.poll());
    assertEquals(0, receiver.drain(seen::add, 5));
    assertEquals(List.of(0, 1), seen);
    if (kind.sharesMessages()) {
      seen.addAll(drained(line.receiver("heir")));
    }
    stats = line.assertConserved();
    assertEquals(0, stats.pending());
    assertEquals(5 - seen.size(), stats.droppedTotal());
    assertEquals(stats.droppedTotal(), stats.dropped().getOrDefault(DropReason.LEFT, 0L));
  }

  @ParameterizedTest
  @EnumSource
  void what_is_pending_when_the_last_receiver_leaves_is_counted_or_kept_for_another(
      ChannelKind kind) {
    Line<Integer> line = kind.open(5);
    Receiver<Integer> receiver = line.receiver("first");
    fill(line, 5);
    assertEquals(0, value(receiver.poll()));
    receiver.close();
    ChannelStats stats = line.assertConserved();
    if (kind.sharesMessages()) {
      assertEquals(4, stats.pending());
      assertEquals(List.of(1, 2, 3, 4), drained(line.receiver("second")));
    } else {
      assertEquals(0, stats.pending());
      assertEquals(Map.of(DropReason.LEFT, 4L), stats.dropped());
      assertEquals(Map.of(DropReason.LEFT, 4L), receiver.stats().dropped());
    }
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void the_statistics_name_the_channel_and_its_receivers(ChannelKind kind) {
    Line<Integer> line = kind.open(ChannelOptions.of("frames", 7));
    Receiver<Integer> receiver = line.receiver("display");
    assertEquals("", line.stats().receivers().getFirst().thread());
    fill(line, 3);
    receiver.poll();
    ChannelStats stats = line.assertConserved();
    assertEquals("frames", stats.name());
    assertEquals("frames", line.channel().name());
    assertTrue(line.channel().toString().contains("frames"), line.channel().toString());
    assertEquals(7, stats.capacity());
    assertEquals(3, stats.sent());
    assertEquals(1, stats.received());
    assertEquals(2, stats.pending());
    assertEquals(Map.of(), stats.dropped());
    assertFalse(stats.closed());
    ReceiverStats only = stats.receivers().getFirst();
    assertEquals("display", only.name());
    assertEquals(Thread.currentThread().getName(), only.thread());
    assertEquals(1, only.received());
    assertTrue(only.load() >= 0 && only.load() <= 1, only::toString);
    assertFalse(only.abandoned());
  }

  private static void fill(Line<Integer> line, int messages) {
    for (int i = 0; i < messages; i++) {
      assertEquals(Sent.SENT, line.trySend(i));
    }
  }

  private static int value(Received<Integer> received) {
    if (received instanceof Received.Message<Integer> message) {
      return message.value();
    }
    throw new AssertionError("not a message: " + received);
  }

  private static List<Integer> drained(Receiver<Integer> receiver) {
    List<Integer> values = new ArrayList<>();
    while (receiver.drain(values::add, 7) > 0) {
      assertTrue(values.size() < 1000);
    }
    return values;
  }

  private static Throwable cause(Received<?> received) {
    return assertInstanceOf(Received.Closed.class, received).cause();
  }

  private static String assertNamed(
      String name, Class<? extends Throwable> type, Callable<?> misuse) {
    String told = String.valueOf(assertThrows(type, misuse::call).getMessage());
    assertTrue(told.contains(name), told);
    return told;
  }

  private static <V> FutureTask<V> inThread(Callable<V> work) {
    return inThread("another thread", work);
  }

  private static <V> FutureTask<V> inThread(String name, Callable<V> work) {
    FutureTask<V> task = new FutureTask<>(work);
    Thread.ofPlatform().name(name).daemon().start(task);
    return task;
  }
}
