package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.photophone.channels.ChannelKind.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Threads that wait to send and to receive, by each strategy, platform and virtual.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class WaitingTest {
  /// Longer than any wake-up takes on a busy machine, shorter than the timeout of a test.
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  static Stream<Arguments> everyWait() {
    return Arrays.stream(ChannelKind.values()).flatMap(WaitingTest::strategies);
  }

  static Stream<Arguments> everyWaitForRoom() {
    return Arrays.stream(ChannelKind.values())
        .filter(ChannelKind::canBeFull)
        .flatMap(WaitingTest::strategies);
  }

  private static Stream<Arguments> strategies(ChannelKind kind) {
    return Arrays.stream(WaitStrategy.values())
        .flatMap(
            waiting -> Stream.of(arguments(kind, waiting, false), arguments(kind, waiting, true)));
  }

  @ParameterizedTest
  @MethodSource("everyWait")
  void a_receive_wakes_for_a_message(ChannelKind kind, WaitStrategy waiting, boolean virtual)
      throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Integer> received = new Waiting<>(virtual, () -> value(receiver.receive()));
    received.awaitWait(waiting);
    assertEquals(Sent.SENT, line.trySend(7));
    assertEquals(7, received.outcome());
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWait")
  void a_receive_with_a_timeout_wakes_for_a_message(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Integer> received =
        new Waiting<>(virtual, () -> value(receiver.receive(Duration.ofHours(1))));
    received.awaitWait(waiting);
    assertEquals(Sent.SENT, line.trySend(7));
    assertEquals(7, received.outcome());
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWait")
  void a_receive_wakes_for_a_close_with_its_cause(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Received<Integer>> received = new Waiting<>(virtual, receiver::receive);
    received.awaitWait(waiting);
    Exception cause = new Exception("gone");
    line.close(cause);
    assertSame(cause, assertInstanceOf(Received.Closed.class, received.outcome()).cause());
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWait")
  void a_receive_wakes_when_its_receiver_is_closed(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Received<Integer>> received = new Waiting<>(virtual, receiver::receive);
    received.awaitWait(waiting);
    receiver.close();
    assertInstanceOf(Received.Closed.class, received.outcome());
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWait")
  void an_interrupt_ends_a_receive_and_costs_no_message(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 2, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Boolean> interrupted =
        new Waiting<>(
            virtual,
            () -> {
              try {
                return value(receiver.receive()) == -1;
              } catch (InterruptedException _) {
                return !Thread.currentThread().isInterrupted();
              } finally {
                receiver.handOver();
              }
            });
    interrupted.awaitWait(waiting);
    interrupted.thread.interrupt();
    assertTrue(interrupted.outcome());
    line.trySend(7);
    assertEquals(7, value(receiver.receive()));
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWait")
  void an_interrupt_before_the_wait_ends_it_too(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Boolean> interrupted =
        new Waiting<>(
            virtual,
            () -> {
              Thread.currentThread().interrupt();
              try {
                return value(receiver.receive()) == -1;
              } catch (InterruptedException _) {
                return true;
              }
            });
    assertTrue(interrupted.outcome());
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWait")
  void a_receive_gives_up_when_its_time_is_over_and_not_before(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Long> waited =
        new Waiting<>(
            virtual,
            () -> {
              long begin = System.nanoTime();
              assertInstanceOf(Received.Empty.class, receiver.receive(Duration.ofMillis(5)));
              return System.nanoTime() - begin;
            });
    assertTrue(waited.outcome() >= 5_000_000);
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWaitForRoom")
  void a_send_wakes_for_room(ChannelKind kind, WaitStrategy waiting, boolean virtual)
      throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Sent> sent = new Waiting<>(virtual, () -> fillAndSend(line));
    awaitPending(line, 1);
    sent.awaitWait(waiting);
    assertEquals(0, value(receiver.poll()));
    assertEquals(Sent.SENT, sent.outcome());
    assertEquals(1, value(receiver.poll()));
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWaitForRoom")
  void a_send_wakes_for_room_made_by_a_drain(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Sent> sent = new Waiting<>(virtual, () -> fillAndSend(line));
    awaitPending(line, 1);
    sent.awaitWait(waiting);
    assertEquals(1, receiver.drain(message -> assertEquals(0, message), 1));
    assertEquals(Sent.SENT, sent.outcome());
    assertEquals(1, value(receiver.poll()));
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWaitForRoom")
  void a_send_wakes_for_a_close_and_its_message_is_not_taken(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Sent> sent = new Waiting<>(virtual, () -> fillAndSend(line));
    awaitPending(line, 1);
    sent.awaitWait(waiting);
    line.close();
    assertEquals(Sent.CLOSED, sent.outcome());
    assertEquals(0, value(receiver.poll()));
    assertInstanceOf(Received.Closed.class, receiver.poll());
    line.assertConserved();
  }

  /// Where nobody else will ever receive.
  @ParameterizedTest
  @EnumSource(names = {"ONE_TO_ONE", "MANY_TO_ONE"})
  void a_send_wakes_when_the_only_receiver_leaves(ChannelKind kind) throws Exception {
    Line<Integer> line = kind.open(1);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Sent> sent = new Waiting<>(false, () -> fillAndSend(line));
    awaitPending(line, 1);
    sent.awaitWait(WaitStrategy.PARK);
    receiver.close();
    assertEquals(Sent.CLOSED, sent.outcome());
    assertEquals(1, line.assertConserved().dropped().get(DropReason.LEFT));
  }

  @ParameterizedTest
  @MethodSource("everyWaitForRoom")
  void an_interrupt_ends_a_send_and_its_message_is_not_taken(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Boolean> interrupted =
        new Waiting<>(
            virtual,
            () -> {
              try {
                return fillAndSend(line) == null;
              } catch (InterruptedException _) {
                return !Thread.currentThread().isInterrupted();
              }
            });
    awaitPending(line, 1);
    interrupted.awaitWait(waiting);
    interrupted.thread.interrupt();
    assertTrue(interrupted.outcome());
    assertEquals(0, value(receiver.poll()));
    assertInstanceOf(Received.Empty.class, receiver.poll());
    line.assertConserved();
  }

  @ParameterizedTest
  @MethodSource("everyWaitForRoom")
  void a_send_gives_up_full_when_its_time_is_over_and_not_before(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    Line<Integer> line = line(kind, 1, waiting);
    Receiver<Integer> receiver = line.receiver("receiver");
    Waiting<Long> waited =
        new Waiting<>(
            virtual,
            () -> {
              line.trySend(0);
              long begin = System.nanoTime();
              assertEquals(Sent.FULL, line.send(1, Duration.ofMillis(5)));
              return System.nanoTime() - begin;
            });
    assertTrue(waited.outcome() >= 5_000_000);
    assertEquals(0, value(receiver.poll()));
    assertInstanceOf(Received.Empty.class, receiver.poll());
    line.assertConserved();
  }

  /// A batch makes room for many: all of them go on, though nobody receives again.
  @ParameterizedTest
  @EnumSource(names = {"MANY_TO_ONE", "MANY_TO_MANY", "PRIORITY"})
  void a_drain_wakes_as_many_senders_as_it_makes_room_for(ChannelKind kind) throws Exception {
    int senders = 20;
    Line<Integer> line = kind.open(senders);
    Receiver<Integer> receiver = line.receiver("receiver");
    for (int i = 0; i < senders; i++) {
      line.trySend(i);
    }
    List<Waiting<Sent>> waiting = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      waiting.add(new Waiting<>(i % 2 == 0, () -> line.send(-1)));
    }
    for (Waiting<Sent> each : waiting) {
      each.awaitWait(WaitStrategy.PARK);
    }
    awaitLongPark();
    long begin = System.nanoTime();
    assertEquals(senders, receiver.drain(_ -> {}, senders));
    for (Waiting<Sent> each : waiting) {
      assertEquals(Sent.SENT, each.outcome());
    }
    assertSignalled(begin);
    assertEquals(senders, line.assertConserved().pending());
  }

  /// The signal for a message may reach a receiver that leaves and has no use for it.
  @ParameterizedTest
  @EnumSource(names = {"MANY_TO_MANY", "PRIORITY"})
  void a_receiver_that_leaves_keeps_no_wake_up_from_another(ChannelKind kind) throws Exception {
    int lines = 100;
    List<Line<Integer>> all = new ArrayList<>();
    List<Receiver<Integer>> leaving = new ArrayList<>();
    List<Waiting<Received<Integer>>> staying = new ArrayList<>();
    List<Waiting<Boolean>> left = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      Line<Integer> line = kind.open(1);
      all.add(line);
      Receiver<Integer> goes = line.receiver("goes");
      leaving.add(goes);
      Waiting<Boolean> first =
          new Waiting<>(true, () -> goes.receive() instanceof Received.Message);
      first.awaitWait(WaitStrategy.PARK);
      left.add(first);
      Receiver<Integer> stays = line.receiver("stays");
      Waiting<Received<Integer>> second = new Waiting<>(true, stays::receive);
      second.awaitWait(WaitStrategy.PARK);
      staying.add(second);
    }
    awaitLongPark();
    long begin = System.nanoTime();
    for (int i = 0; i < lines; i++) {
      if (i % 2 == 0) {
        all.get(i).trySend(7);
        leaving.get(i).close();
      } else {
        leaving.get(i).close();
        all.get(i).trySend(7);
      }
    }
    for (int i = 0; i < lines; i++) {
      if (left.get(i).outcome()) {
        all.get(i).close();
      } else {
        assertEquals(7, value(staying.get(i).outcome()));
      }
    }
    assertSignalled(begin);
    for (Line<Integer> line : all) {
      assertEquals(1, line.assertConserved().received());
    }
  }

  /// As above, for an interrupt.
  @ParameterizedTest
  @EnumSource(names = {"MANY_TO_MANY", "PRIORITY"})
  void a_receiver_that_is_interrupted_keeps_no_wake_up_from_another(ChannelKind kind)
      throws Exception {
    int lines = 100;
    List<Line<Integer>> all = new ArrayList<>();
    List<Waiting<Boolean>> interrupted = new ArrayList<>();
    List<Waiting<Received<Integer>>> staying = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      Line<Integer> line = kind.open(1);
      all.add(line);
      Receiver<Integer> first = line.receiver("interrupted");
      Waiting<Boolean> one =
          new Waiting<>(
              true,
              () -> {
                try {
                  return first.receive() instanceof Received.Message;
                } catch (InterruptedException _) {
                  return false;
                }
              });
      one.awaitWait(WaitStrategy.PARK);
      interrupted.add(one);
      Receiver<Integer> stays = line.receiver("stays");
      Waiting<Received<Integer>> second = new Waiting<>(true, stays::receive);
      second.awaitWait(WaitStrategy.PARK);
      staying.add(second);
    }
    awaitLongPark();
    long begin = System.nanoTime();
    for (int i = 0; i < lines; i++) {
      all.get(i).trySend(7);
      interrupted.get(i).thread.interrupt();
    }
    for (int i = 0; i < lines; i++) {
      if (interrupted.get(i).outcome()) {
        all.get(i).close();
      } else {
        assertEquals(7, value(staying.get(i).outcome()));
      }
    }
    assertSignalled(begin);
    for (Line<Integer> line : all) {
      assertEquals(1, line.assertConserved().received());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MANY_TO_ONE", "PRIORITY"})
  void a_close_wakes_all_blocked_senders_at_once(ChannelKind kind) throws Exception {
    Line<Integer> line = kind.open(2);
    Receiver<Integer> receiver = line.receiver("receiver");
    line.trySend(0);
    line.trySend(1);
    List<Waiting<Sent>> senders = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      senders.add(new Waiting<>(i % 10 != 0, () -> line.send(-1)));
    }
    for (Waiting<Sent> sender : senders) {
      sender.awaitWait(WaitStrategy.PARK);
    }
    awaitLongPark();
    long begin = System.nanoTime();
    line.close();
    for (Waiting<Sent> sender : senders) {
      assertEquals(Sent.CLOSED, sender.outcome());
    }
    assertSignalled(begin);
    assertEquals(0, value(receiver.poll()));
    assertEquals(1, value(receiver.poll()));
    assertInstanceOf(Received.Closed.class, receiver.poll());
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource(names = {"MANY_TO_MANY", "PRIORITY_BOUNDED_BY_TIME", "BROADCAST"})
  void a_close_wakes_all_blocked_receivers_at_once(ChannelKind kind) throws Exception {
    Line<Integer> line = kind.open(2);
    List<Waiting<Received<Integer>>> receivers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      receivers.add(new Waiting<>(i % 10 != 0, line.receiver("receiver " + i)::receive));
    }
    for (Waiting<Received<Integer>> receiver : receivers) {
      receiver.awaitWait(WaitStrategy.PARK);
    }
    awaitLongPark();
    long begin = System.nanoTime();
    Exception cause = new Exception("power cut");
    line.close(cause);
    for (Waiting<Received<Integer>> receiver : receivers) {
      assertSame(cause, assertInstanceOf(Received.Closed.class, receiver.outcome()).cause());
    }
    assertSignalled(begin);
    line.assertConserved();
  }

  /// Each message needs a wake-up on both sides, since there is room for one only.
  @ParameterizedTest
  @MethodSource("everyWaitForRoom")
  void no_wake_up_is_lost_where_both_sides_wait_in_turn(
      ChannelKind kind, WaitStrategy waiting, boolean virtual) throws Exception {
    int messages = waiting == WaitStrategy.PARK ? 5_000 : 100;
    Line<Integer> there = line(kind, 1, waiting);
    Line<Integer> back = line(kind, 1, waiting);
    Receiver<Integer> receiver = there.receiver("answers");
    Receiver<Integer> answers = back.receiver("asks");
    Waiting<Integer> answering =
        new Waiting<>(
            virtual,
            () -> {
              for (int i = 0; i < messages; i++) {
                back.send(value(receiver.receive()) + 1);
              }
              return messages;
            });
    Waiting<Integer> asking =
        new Waiting<>(
            false,
            () -> {
              for (int i = 0; i < messages; i++) {
                there.send(i);
                assertEquals(i + 1, value(answers.receive()));
              }
              return messages;
            });
    assertEquals(messages, asking.outcome());
    assertEquals(messages, answering.outcome());
    there.assertConserved();
    back.assertConserved();
  }

  @Test
  void waiting_leaves_no_trace_of_an_interrupt_behind() throws Exception {
    Line<Integer> line = ChannelKind.MANY_TO_MANY.open(1);
    Receiver<Integer> receiver = line.receiver("receiver");
    assertInstanceOf(Received.Empty.class, receiver.receive(Duration.ofMillis(1)));
    assertFalse(Thread.currentThread().isInterrupted());
    line.close();
    assertNull(assertInstanceOf(Received.Closed.class, receiver.receive()).cause());
    line.assertConserved();
  }

  private static Sent fillAndSend(Line<Integer> line) throws InterruptedException {
    assertEquals(Sent.SENT, line.trySend(0));
    return line.send(1);
  }

  private static void awaitPending(Line<?> line, long pending) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (line.stats().pending() != pending) {
      assertTrue(System.nanoTime() - deadline < 0, "nothing is pending");
      Thread.onSpinWait();
    }
  }

  /// Until a parked thread's backstop, which it sleeps at most without a signal, is seconds away:
  /// it has slept 1, 4, 16, 64, 256 and 1024 ms by then.
  private static void awaitLongPark() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_600);
    while (System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  /// By a signal and not by its backstop.
  private static void assertSignalled(long begin) {
    long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    assertTrue(tookMillis < 2_000, "woken after " + tookMillis + " ms");
  }

  private static Line<Integer> line(ChannelKind kind, int capacity, WaitStrategy waiting) {
    return kind.open(ChannelOptions.of("line", capacity).waiting(waiting));
  }

  private static int value(Received<Integer> received) {
    if (received instanceof Received.Message<Integer> message) {
      return message.value();
    }
    throw new AssertionError("not a message: " + received);
  }

  /// A thread that is expected to wait in the middle of its work.
  private static final class Waiting<V> {
    private final FutureTask<V> work;
    final Thread thread;

    Waiting(boolean virtual, Callable<V> work) {
      this.work = new FutureTask<>(work);
      thread =
          virtual
              ? Thread.ofVirtual().start(this.work)
              : Thread.ofPlatform().daemon().start(this.work);
    }

    /// Returns when it sleeps; of one that spins, that it runs is all that shows.
    void awaitWait(WaitStrategy waiting) {
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while (waiting == WaitStrategy.PARK
          && thread.getState() != Thread.State.TIMED_WAITING
          && thread.getState() != Thread.State.WAITING) {
        assertTrue(System.nanoTime() - deadline < 0, () -> "is " + thread.getState());
        Thread.onSpinWait();
      }
    }

    V outcome() throws InterruptedException, ExecutionException {
      return work.get();
    }
  }
}
