package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.ChannelKind.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C8")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class SelectTest {

  @Test
  void without_anything_to_receive_it_chooses_none() throws Exception {
    List<Line<Integer>> lines = lines(3);
    Select select = Select.inOrder(receivers(lines));
    assertEquals(Select.NONE, select.poll());
    assertEquals(Select.NONE, select.await(Duration.ZERO));
    long begin = System.nanoTime();
    assertEquals(Select.NONE, select.await(Duration.ofMillis(10)));
    assertTrue(System.nanoTime() - begin >= 10_000_000);
    lines.forEach(Line::assertConserved);
  }

  @Test
  void in_order_it_prefers_the_earlier_receiver_each_time() throws Exception {
    List<Line<Integer>> lines = lines(3);
    Receiver<?>[] receivers = receivers(lines);
    Select select = Select.inOrder(receivers);
    for (int round = 0; round < 5; round++) {
      lines.get(2).trySend(round);
      lines.get(1).trySend(round);
    }
    for (int round = 0; round < 5; round++) {
      assertEquals(1, round % 2 == 0 ? select.poll() : select.await());
      assertInstanceOf(Received.Message.class, receivers[1].poll());
    }
    lines.get(0).trySend(9);
    assertEquals(0, select.await(Duration.ofSeconds(30)));
    receivers[0].poll();
    assertEquals(2, select.await());
    lines.forEach(Line::assertConserved);
  }

  @Test
  void fairly_it_takes_turns() {
    List<Line<Integer>> lines = lines(3);
    Receiver<?>[] receivers = receivers(lines);
    Select select = Select.fairly(receivers);
    for (Line<Integer> line : lines) {
      for (int i = 0; i < 4; i++) {
        line.trySend(i);
      }
    }
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int index = select.poll();
      chosen.add(index);
      receivers[index].poll();
    }
    assertEquals(List.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2), chosen);
    assertEquals(Select.NONE, select.poll());
    lines.forEach(Line::assertConserved);
  }

  @Test
  void fairly_none_starves_in_random_traffic() {
    long seed = 99;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<Line<Integer>> lines = lines(5);
    Receiver<?>[] receivers = receivers(lines);
    Select select = Select.fairly(receivers);
    int[] waits = new int[5];
    for (int step = 0; step < 10_000; step++) {
      for (Line<Integer> line : lines) {
        if (random.nextInt(3) == 0) {
          line.trySend(step);
        }
      }
      int index = select.poll();
      for (int i = 0; i < 5; i++) {
        waits[i] = i == index || lines.get(i).stats().pending() == 0 ? 0 : waits[i] + 1;
        assertTrue(waits[i] < 5, "receiver has waited " + waits[i] + " turns");
      }
      if (index >= 0) {
        receivers[index].poll();
      }
    }
    lines.forEach(Line::assertConserved);
  }

  @Test
  void an_end_is_told_once_and_then_left_out_until_all_have_ended() throws Exception {
    List<Line<Integer>> lines = lines(2);
    Receiver<?>[] receivers = receivers(lines);
    Select select = Select.inOrder(receivers);
    Exception cause = new Exception("unplugged");
    lines.get(0).trySend(1);
    lines.get(0).close(cause);
    assertEquals(0, select.await());
    assertInstanceOf(Received.Message.class, receivers[0].poll());
    assertEquals(0, select.await());
    assertSame(cause, assertInstanceOf(Received.Closed.class, receivers[0].poll()).cause());
    assertEquals(Select.NONE, select.poll());
    lines.get(1).trySend(2);
    assertEquals(1, select.await());
    receivers[1].poll();
    lines.get(1).close();
    assertEquals(1, select.await());
    receivers[1].poll();
    assertEquals(Select.ALL_ENDED, select.poll());
    assertEquals(Select.ALL_ENDED, select.await());
    assertEquals(Select.ALL_ENDED, select.await(Duration.ofDays(1)));
    lines.forEach(Line::assertConserved);
  }

  @Test
  void a_receiver_that_has_left_is_left_out() {
    List<Line<Integer>> lines = lines(2);
    Receiver<?>[] receivers = receivers(lines);
    Select select = Select.fairly(receivers);
    receivers[0].close();
    assertEquals(Select.NONE, select.poll());
    lines.get(1).trySend(1);
    assertEquals(1, select.poll());
    receivers[1].close();
    assertEquals(Select.ALL_ENDED, select.poll());
    lines.forEach(Line::assertConserved);
  }

  @Test
  void a_loss_is_something_to_receive() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("frames", 1);
    Receiver<Integer> receiver = channel.subscribe("display", BroadcastChannel.Resume.OLDEST);
    Select select = Select.inOrder(receiver);
    channel.send(1);
    channel.send(2);
    assertEquals(0, select.poll());
    assertEquals(new Received.Lagged<>(1), receiver.poll());
    assertEquals(0, select.poll());
    receiver.poll();
    assertEquals(Select.NONE, select.poll());
    assertConservedOf(channel);
  }

  @ParameterizedTest
  @EnumSource
  void it_wakes_for_a_message_on_any_kind_of_channel(ChannelKind kind) throws Exception {
    for (boolean virtual : new boolean[] {false, true}) {
      for (int at = 0; at < 3; at++) {
        List<Line<Integer>> lines = new ArrayList<>(lines(3));
        lines.set(at, kind.open(1));
        Receiver<?>[] receivers = receivers(lines);
        FutureTask<Integer> selecting = new FutureTask<>(Select.inOrder(receivers)::await);
        awaitParked(start(virtual, selecting));
        lines.get(at).trySend(7);
        assertEquals(at, selecting.get());
        lines.forEach(Line::assertConserved);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void it_wakes_for_the_end_of_any_kind_of_channel(ChannelKind kind) throws Exception {
    for (boolean virtual : new boolean[] {false, true}) {
      List<Line<Integer>> lines = new ArrayList<>(lines(3));
      lines.set(1, kind.open(1));
      FutureTask<Integer> selecting = new FutureTask<>(Select.inOrder(receivers(lines))::await);
      awaitParked(start(virtual, selecting));
      lines.get(1).close();
      assertEquals(1, selecting.get());
    }
  }

  /// It waits as the first one does; the others must wake it all the same.
  @ParameterizedTest
  @CsvSource({
    "PARK, SPIN, false", "PARK, SPIN, true", "PARK, YIELD, false", "PARK, YIELD, true",
    "YIELD, SPIN, true", "YIELD, PARK, true", "SPIN, PARK, false", "YIELD, PARK, false",
    "SPIN, PARK, true"
  })
  void channels_with_different_strategies_can_be_selected_together(
      WaitStrategy first, WaitStrategy second, boolean virtual) throws Exception {
    Line<Integer> quiet = ChannelKind.MANY_TO_ONE.open(options(1).waiting(first));
    Line<Integer> loud = ChannelKind.MANY_TO_ONE.open(options(1).waiting(second));
    Select select = Select.inOrder(quiet.receiver("quiet"), loud.receiver("loud"));
    FutureTask<Integer> selecting = new FutureTask<>(select::await);
    Thread thread = start(virtual, selecting);
    if (first == WaitStrategy.PARK) {
      awaitParked(thread);
    }
    long begin = System.nanoTime();
    loud.trySend(1);
    assertEquals(1, selecting.get());
    assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5));
    quiet.assertConserved();
    loud.assertConserved();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_interrupt_ends_a_wait_and_costs_no_message(boolean virtual) throws Exception {
    List<Line<Integer>> lines = lines(2);
    Receiver<?>[] receivers = receivers(lines);
    Select select = Select.inOrder(receivers);
    FutureTask<Boolean> interrupted =
        new FutureTask<>(() -> {
          try {
            return select.await() == -5;
          } catch (InterruptedException _) {
            return !Thread.currentThread().isInterrupted();
          }
        });
    Thread thread = start(virtual, interrupted);
    awaitParked(thread);
    thread.interrupt();
    assertTrue(interrupted.get());
    lines.get(1).trySend(1);
    assertEquals(1, select.poll());
    assertInstanceOf(Received.Message.class, receivers[1].poll());
    lines.forEach(Line::assertConserved);
  }

  @Test
  void the_wrong_receivers_and_timeouts_are_refused() {
    Receiver<Integer> receiver = lines(1).getFirst().receiver("ear");
    assertThrows(IllegalArgumentException.class, Select::inOrder);
    assertThrows(IllegalArgumentException.class, Select::fairly);
    assertThrows(NullPointerException.class, () -> Select.inOrder(receiver, null));
    String told =
        assertThrows(IllegalArgumentException.class, () -> Select.inOrder(receiver, receiver))
            .getMessage();
    assertTrue(told.contains("ear"), told);
    Select select = Select.inOrder(receiver);
    assertThrows(IllegalArgumentException.class, () -> select.await(Duration.ofNanos(-1)));
    assertThrows(NullPointerException.class, () -> select.await(null));
  }

  @Test
  void a_wrong_timeout_is_refused_also_where_something_is_ready() {
    Line<Integer> line = lines(1).getFirst();
    Select select = Select.inOrder(line.receiver("ear"));
    line.trySend(1);
    assertThrows(IllegalArgumentException.class, () -> select.await(Duration.ofNanos(-1)));
    assertThrows(NullPointerException.class, () -> select.await(null));
    assertEquals(0, select.poll());
    line.assertConserved();
  }

  @Test
  void the_longest_timeout_waits_and_does_not_overflow() throws Exception {
    List<Line<Integer>> lines = lines(2);
    Select select = Select.inOrder(receivers(lines));
    FutureTask<Integer> selecting =
        new FutureTask<>(() -> select.await(Duration.ofSeconds(Long.MAX_VALUE)));
    awaitParked(start(true, selecting));
    lines.get(1).trySend(1);
    assertEquals(1, selecting.get());
  }

  /// Two channels with room for one, three kinds of traffic at once, and every message is chosen.
  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void no_wake_up_is_lost_under_contention(boolean fair, boolean virtual) throws Exception {
    int messages = 20_000;
    List<Line<Integer>> lines =
        List.of(
            ChannelKind.ONE_TO_ONE.open(1),
            ChannelKind.MANY_TO_ONE.open(2),
            ChannelKind.PRIORITY.open(1),
            ChannelKind.MANY_TO_MANY.open(3));
    Receiver<?>[] receivers = receivers(lines);
    Select select = fair ? Select.fairly(receivers) : Select.inOrder(receivers);
    List<FutureTask<Integer>> senders = new ArrayList<>();
    for (Line<Integer> line : lines) {
      FutureTask<Integer> sender =
          new FutureTask<>(() -> {
            for (int i = 0; i < messages; i++) {
              assertEquals(Sent.SENT, line.send(i));
            }
            line.close();
            return messages;
          });
      start(virtual, sender);
      senders.add(sender);
    }
    int[] next = new int[receivers.length];
    for (int index = select.await(); index != Select.ALL_ENDED; index = select.await()) {
      if (receivers[index].poll() instanceof Received.Message<?> message) {
        assertEquals(next[index]++, message.value());
      }
    }
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(messages, next[i]);
      assertEquals(messages, senders.get(i).get());
      lines.get(i).assertConserved();
    }
  }

  /// Several selects share two queues: what one doesn't take wakes another.
  @Test
  void many_virtual_threads_select_on_shared_queues() throws Exception {
    int threads = 2_000;
    int messages = 50_000;
    Line<Integer> first = ChannelKind.MANY_TO_MANY.open(16);
    Line<Integer> second = ChannelKind.PRIORITY.open(16);
    List<FutureTask<Integer>> selecting = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Receiver<Integer> one = first.receiver("one " + i);
      Receiver<Integer> two = second.receiver("two " + i);
      Callable<Integer> work =
          () -> {
            Select select = Select.fairly(one, two);
            int received = 0;
            for (int at = select.await(); at != Select.ALL_ENDED; at = select.await()) {
              if ((at == 0 ? one : two).poll() instanceof Received.Message<Integer>) {
                received++;
              }
            }
            return received;
          };
      FutureTask<Integer> task = new FutureTask<>(work);
      selecting.add(task);
      start(true, task);
    }
    for (int i = 0; i < messages; i++) {
      assertEquals(Sent.SENT, (i % 3 == 0 ? second : first).send(i));
    }
    first.close();
    second.close();
    int received = 0;
    for (FutureTask<Integer> task : selecting) {
      received += task.get();
    }
    assertEquals(messages, received);
    first.assertConserved();
    second.assertConserved();
  }

  /// It waits at two queues, the signal of one reaches it, and it ends for another reason.
  @Test
  void a_select_that_is_interrupted_passes_its_wake_up_on() throws Exception {
    int pairs = 100;
    List<Line<Integer>> lines = new ArrayList<>();
    List<Thread> selecting = new ArrayList<>();
    List<FutureTask<Boolean>> selections = new ArrayList<>();
    List<FutureTask<Boolean>> receptions = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      Line<Integer> line = ChannelKind.MANY_TO_MANY.open(1);
      Receiver<Integer> selected = line.receiver("selected");
      Receiver<Integer> other = ChannelKind.ONE_TO_ONE.<Integer>open(1).receiver("other");
      Receiver<Integer> plain = line.receiver("plain");
      FutureTask<Boolean> selection =
          new FutureTask<>(() -> {
            try {
              Select.inOrder(selected, other).await();
              return selected.poll() instanceof Received.Message;
            } catch (InterruptedException _) {
              return false;
            }
          });
      FutureTask<Boolean> reception =
          new FutureTask<>(() -> plain.receive() instanceof Received.Message);
      Thread thread = start(true, selection);
      awaitParked(thread);
      awaitParked(start(true, reception));
      lines.add(line);
      selecting.add(thread);
      selections.add(selection);
      receptions.add(reception);
    }
    long old = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_600);
    while (System.nanoTime() - old < 0) {
      LockSupport.parkNanos(10_000_000);
    }
    long begin = System.nanoTime();
    for (int i = 0; i < pairs; i++) {
      lines.get(i).trySend(1);
      selecting.get(i).interrupt();
    }
    for (int i = 0; i < pairs; i++) {
      boolean taken = selections.get(i).get();
      if (taken) {
        lines.get(i).close();
      }
      assertEquals(!taken, receptions.get(i).get());
      lines.get(i).assertConserved();
    }
    assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(2));
  }

  private static void assertConservedOf(Channel channel) {
    ChannelKind.assertConserved(channel);
  }

  private static ChannelOptions options(int capacity) {
    return ChannelOptions.of("line", capacity);
  }

  private static List<Line<Integer>> lines(int count) {
    List<Line<Integer>> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(ChannelKind.MANY_TO_MANY.open(16));
    }
    return lines;
  }

  private static Receiver<?>[] receivers(List<Line<Integer>> lines) {
    return lines.stream().map(line -> line.receiver("selected")).toArray(Receiver<?>[]::new);
  }

  private static Thread start(boolean virtual, Runnable work) {
    return virtual ? Thread.ofVirtual().start(work) : Thread.ofPlatform().daemon().start(work);
  }

  private static void awaitParked(Thread thread) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (thread.getState() != Thread.State.TIMED_WAITING
        && thread.getState() != Thread.State.WAITING) {
      assertTrue(System.nanoTime() - deadline < 0, () -> "is " + thread.getState());
      Thread.onSpinWait();
    }
  }
}
