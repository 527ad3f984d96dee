package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/// What was received is told by numbers: a message by its value, a loss by its negative count.
@Tag("C3")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class MulticastChannelTest {
  private final List<MulticastChannel<?>> channels =
      Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void every_message_is_received_dropped_or_pending() {
    for (MulticastChannel<?> channel : channels) {
      ChannelStats stats = channel.stats();
      assertEquals(
          stats.offered(),
          stats.received() + stats.droppedTotal() + stats.pending(),
          stats::toString);
    }
  }

  /// Defect M1 of the original: one ring for all, from which each receive took a message away.
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "KEEP_NEWEST")
  void receivers_do_not_steal_from_each_other(Overflow policy) {
    MulticastChannel<Integer> channel = channel(8);
    List<Receiver<Integer>> receivers =
        List.of(channel.subscribe("a", policy), channel.subscribe("b", policy));
    sendRange(channel, 1, 6);
    for (Receiver<Integer> receiver : receivers) {
      assertEquals(List.of(1, 2, 3, 4, 5), all(receiver));
    }
    assertEquals(10, channel.stats().received());
  }

  @Test
  void a_message_is_shared_and_not_copied() {
    MulticastChannel<Object> channel = new MulticastChannel<>("objects", 1);
    channels.add(channel);
    Receiver<Object> first = channel.subscribe("first", Overflow.WAIT);
    Receiver<Object> second = channel.subscribe("second", Overflow.KEEP_NEWEST);
    Object message = new Object();
    channel.trySend(message);
    assertSame(message, ((Received.Message<Object>) first.poll()).value());
    assertSame(message, ((Received.Message<Object>) second.poll()).value());
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void a_receiver_gets_only_what_is_sent_after_it_joined(Overflow policy) {
    MulticastChannel<Integer> channel = channel(8);
    sendRange(channel, 1, 4);
    Receiver<Integer> receiver = channel.subscribe("late", policy);
    assertInstanceOf(Received.Empty.class, receiver.poll());
    channel.trySend(4);
    assertEquals(List.of(4), all(receiver));
    assertOffered(1, receiver);
  }

  @Test
  void without_receivers_a_message_is_sent_to_nobody() {
    MulticastChannel<Integer> channel = channel(1);
    sendRange(channel, 1, 6);
    assertEquals(5, channel.stats().sent());
    assertEquals(0, channel.stats().offered());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 64, 100})
  void a_receiver_that_is_waited_for_holds_its_capacity_and_not_one_more(int capacity) {
    MulticastChannel<Integer> channel = channel(1000);
    Receiver<Integer> receiver = channel.subscribe("receiver", capacity, Overflow.WAIT);
    sendRange(channel, 1, capacity + 1);
    assertEquals(Sent.FULL, channel.trySend(capacity + 1));
    assertEquals(1, number(receiver.poll()));
    assertEquals(Sent.SENT, channel.trySend(capacity + 1));
    assertEquals(Sent.FULL, channel.trySend(capacity + 2));
    assertEquals(range(2, capacity + 2), all(receiver));
    assertOffered(capacity + 1, receiver);
  }

  @Test
  void a_send_that_finds_one_receiver_full_is_delivered_to_nobody() {
    MulticastChannel<Integer> channel = channel(2);
    Receiver<Integer> roomy = channel.subscribe("roomy", 100, Overflow.WAIT);
    Receiver<Integer> newest = channel.subscribe("newest", Overflow.KEEP_NEWEST);
    Receiver<Integer> full = channel.subscribe("full", Overflow.WAIT);
    sendRange(channel, 1, 3);
    assertEquals(Sent.FULL, channel.trySend(3));
    assertEquals(List.of(1, 2), all(roomy));
    assertEquals(List.of(-1, 2), all(newest));
    assertEquals(List.of(1, 2), all(full));
    assertEquals(2, channel.sent());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 64, 100})
  void with_drop_newest_the_loss_comes_behind_what_was_pending(int capacity) {
    MulticastChannel<Integer> channel = channel(capacity);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.DROP_NEWEST);
    sendRange(channel, 1, capacity + 4);
    assertEquals(1, number(receiver.poll()));
    channel.trySend(capacity + 4);
    List<Integer> expected = new ArrayList<>(range(2, capacity + 1));
    expected.addAll(List.of(-3, capacity + 4));
    assertEquals(expected, all(receiver));
    assertEquals(Map.of(DropReason.NO_ROOM, 3L), receiver.stats().dropped());
    assertOffered(capacity + 4, receiver);
  }

  @Test
  void with_drop_newest_a_loss_is_told_although_nothing_comes_behind_it() {
    MulticastChannel<Integer> channel = channel(2);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.DROP_NEWEST);
    sendRange(channel, 1, 6);
    assertEquals(List.of(1, 2, -3), all(receiver));
    sendRange(channel, 6, 9);
    channel.close();
    assertEquals(List.of(6, 7, -1), all(receiver));
    assertInstanceOf(Received.Closed.class, receiver.poll());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 64, 100})
  void with_drop_oldest_the_loss_comes_before_what_is_pending(int capacity) {
    MulticastChannel<Integer> channel = channel(capacity);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.DROP_OLDEST);
    sendRange(channel, 1, capacity + 4);
    assertEquals(capacity, receiver.pending());
    List<Integer> expected = new ArrayList<>(List.of(-3));
    expected.addAll(range(4, capacity + 4));
    assertEquals(expected, all(receiver));
    assertEquals(Map.of(DropReason.OVERTAKEN, 3L), receiver.stats().dropped());
    assertOffered(capacity + 3, receiver);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 64, 100})
  void with_jump_to_newest_all_that_was_pending_is_lost(int capacity) {
    MulticastChannel<Integer> channel = channel(capacity);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.JUMP_TO_NEWEST);
    sendRange(channel, 1, capacity + 1);
    assertEquals(capacity, receiver.pending());
    channel.trySend(capacity + 1);
    assertEquals(1, receiver.pending());
    assertEquals(List.of(-capacity, capacity + 1), all(receiver));
    assertOffered(capacity + 1, receiver);
  }

  @Test
  void with_keep_newest_the_newest_is_what_there_is() {
    MulticastChannel<Integer> channel = channel(100);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.KEEP_NEWEST);
    channel.trySend(1);
    assertEquals(List.of(1), all(receiver));
    sendRange(channel, 2, 10);
    assertEquals(1, receiver.pending());
    assertEquals(List.of(-7, 9), all(receiver));
    assertOffered(9, receiver);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 64, 100})
  void with_disconnect_what_was_pending_is_received_and_then_the_end_with_its_cause(int capacity) {
    MulticastChannel<Integer> channel = channel(capacity);
    Receiver<Integer> receiver = channel.subscribe("slow", Overflow.DISCONNECT);
    sendRange(channel, 1, capacity + 2);
    assertEquals(1, number(receiver.poll()));
    // There is room again; who was disconnected stays so.
    sendRange(channel, capacity + 2, capacity + 5);
    assertEquals(range(2, capacity + 1), all(receiver));
    Received.Closed<Integer> end = closed(receiver.poll());
    assertEquals(
        "receiver slow of channel numbers was disconnected: no room behind %d pending"
            .formatted(capacity),
        assertInstanceOf(DisconnectedException.class, end.cause()).getMessage());
    assertEquals(Map.of(DropReason.DISCONNECTED, 4L), receiver.stats().dropped());
    assertOffered(capacity + 4, receiver);

    receiver.close();
    channel.trySend(capacity + 5);
    assertEquals(capacity + 4, channel.stats().offered());
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "WAIT")
  void a_receiver_without_room_does_not_slow_the_others(Overflow policy) {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> stuck = channel.subscribe("stuck", policy);
    Receiver<Integer> quick = channel.subscribe("quick", 2, Overflow.WAIT);
    for (int i = 1; i <= 10_000; i++) {
      assertEquals(Sent.SENT, channel.trySend(i));
      assertEquals(i, number(quick.poll()));
    }
    assertEquals(1, stuck.pending());
    assertOffered(10_000, stuck);
    assertOffered(10_000, quick);
  }

  /// Defect M2 of the original: a count that was wrong, and a receiver that wasn't told.
  @ParameterizedTest
  @EnumSource(Overflow.class)
  void a_loss_is_told_exactly_and_in_its_place(Overflow policy) {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      int capacity = policy == Overflow.KEEP_NEWEST ? 1 : 1 + random.nextInt(6);
      MulticastChannel<Integer> channel = channel(capacity);
      Receiver<Integer> receiver = channel.subscribe("receiver", policy);
      Model model = new Model(policy, capacity);
      for (int step = 0; step < 200; step++) {
        String where = "seed " + seed + ", step " + step;
        switch (random.nextInt(5)) {
          case 0, 1, 2 -> assertEquals(model.send(), channel.trySend(model.sent), where);
          case 3 -> assertEquals(model.poll(), number(receiver.poll()), where);
          default -> {
            int limit = 1 + random.nextInt(8);
            List<Integer> drained = new ArrayList<>();
            receiver.drain(drained::add, limit);
            assertEquals(model.drain(limit), drained, where);
          }
        }
      }
      channel.close();
      assertEquals(model.rest(), all(receiver), "seed " + seed);
      assertInstanceOf(Received.Closed.class, receiver.poll());
      assertEquals(0, receiver.pending());
    }
  }

  /// What a receiver is due, by lists. A loss that the receiver is told takes the message behind it
  /// out of a lane that drops from the front.
  private static final class Model {
    private final Overflow policy;
    private final int capacity;

    /// Numbers as told: messages and losses.
    private final ArrayDeque<Integer> due = new ArrayDeque<>();

    private final ArrayDeque<Integer> taken = new ArrayDeque<>();
    private int sent;
    private boolean disconnected;

    Model(Overflow policy, int capacity) {
      this.policy = policy;
      this.capacity = capacity;
    }

    private long pending() {
      return due.stream().filter(number -> number > 0).count();
    }

    Sent send() {
      boolean jumped = policy == Overflow.JUMP_TO_NEWEST && !due.isEmpty() && due.peekFirst() < 0;
      boolean fits = pending() < capacity && !jumped;
      if (!fits && policy == Overflow.WAIT) {
        return Sent.FULL;
      }
      sent++;
      if (disconnected) {
        return Sent.SENT;
      }
      if (!fits) {
        switch (policy) {
          case WAIT -> throw new AssertionError();
          case DROP_NEWEST -> {
            due.addLast(due.peekLast() < 0 ? due.pollLast() - 1 : -1);
            return Sent.SENT;
          }
          case DISCONNECT -> {
            disconnected = true;
            return Sent.SENT;
          }
          case DROP_OLDEST, KEEP_NEWEST -> dropFirst(1);
          case JUMP_TO_NEWEST -> dropFirst((int) pending());
        }
      }
      due.addLast(sent);
      return Sent.SENT;
    }

    private void dropFirst(int count) {
      int lost = due.peekFirst() < 0 ? -due.pollFirst() : 0;
      for (int i = 0; i < count; i++) {
        due.pollFirst();
      }
      due.addFirst(-lost - count);
    }

    int poll() {
      if (!taken.isEmpty()) {
        return taken.pollFirst();
      }
      if (due.isEmpty()) {
        return disconnected ? CLOSED : EMPTY;
      }
      int first = due.pollFirst();
      if (first < 0 && policy != Overflow.DROP_NEWEST) {
        taken.addLast(due.pollFirst());
      }
      return first;
    }

    List<Integer> drain(int limit) {
      List<Integer> drained = new ArrayList<>();
      while (drained.size() < limit
          && (!taken.isEmpty() || (!due.isEmpty() && due.peekFirst() > 0))) {
        drained.add(poll());
      }
      return drained;
    }

    List<Integer> rest() {
      List<Integer> rest = new ArrayList<>(taken);
      rest.addAll(due);
      return rest;
    }
  }

  /// Defect M3 of the original: the close made unreadable what had been sent.
  @ParameterizedTest
  @EnumSource(Overflow.class)
  void a_close_leaves_what_was_sent_readable_and_then_tells_the_cause(Overflow policy) {
    MulticastChannel<Integer> channel = channel(4);
    Receiver<Integer> receiver = channel.subscribe("receiver", policy);
    channel.trySend(1);
    Exception cause = new Exception("unplugged");
    channel.close(cause);
    channel.close(new Exception("a second close counts for nothing"));
    assertTrue(channel.isClosed());
    assertEquals(Sent.CLOSED, channel.trySend(2));
    assertEquals(1, number(receiver.poll()));
    assertSame(cause, closed(receiver.poll()).cause());
    assertSame(cause, closed(receiver.poll()).cause());
    assertEquals(1, channel.sent());
  }

  /// Defect M3 of the original: two that subscribed at once could get one place.
  @Test
  void two_that_subscribe_at_once_have_two_places() throws Exception {
    for (int round = 0; round < 200; round++) {
      MulticastChannel<Integer> channel = channel(4);
      CyclicBarrier together = new CyclicBarrier(2);
      try (ExecutorService executor = executor(false)) {
        List<Future<Receiver<Integer>>> joining =
            IntStream.range(0, 2)
                .mapToObj(i ->
                    executor.submit(() -> {
                      together.await();
                      return channel.subscribe("receiver " + i, Overflow.WAIT);
                    }))
                .toList();
        Receiver<Integer> first = joining.get(0).get();
        Receiver<Integer> second = joining.get(1).get();
        sendRange(channel, 1, 3);
        assertEquals(List.of(1, 2), all(first));
        assertEquals(List.of(1, 2), all(second));
        assertEquals(2, channel.receiverCount());
      }
    }
  }

  @Test
  void a_receiver_that_joins_a_closed_channel_sees_the_end() {
    MulticastChannel<Integer> channel = channel(4);
    channel.close();
    assertNull(closed(channel.subscribe("late", Overflow.WAIT).poll()).cause());
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void a_receiver_that_leaves_is_due_nothing_more_and_what_was_pending_counts(Overflow policy) {
    MulticastChannel<Integer> channel = channel(4);
    Receiver<Integer> receiver = channel.subscribe("receiver", policy);
    channel.trySend(1);
    receiver.close();
    receiver.close();
    sendRange(channel, 2, 20);
    assertInstanceOf(Received.Closed.class, receiver.poll());
    assertEquals(0, channel.receiverCount());
    assertEquals(Map.of(DropReason.LEFT, 1L), channel.stats().dropped());
    assertEquals(1, channel.stats().offered());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_send_waits_until_the_last_of_the_full_receivers_has_room(boolean virtual)
      throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> first = channel.subscribe("first", Overflow.WAIT);
    Receiver<Integer> second = channel.subscribe("second", Overflow.WAIT);
    try (ExecutorService executor = executor(virtual)) {
      Future<Sent> sending =
          executor.submit(() -> {
            channel.trySend(1);
            return channel.send(2);
          });
      assertEquals(1, number(first.receive()));
      awaitParked(channel.senders());
      assertEquals(1, number(second.receive()));
      assertEquals(Sent.SENT, sending.get());
    }
    assertEquals(2, number(first.receive()));
    assertEquals(2, number(second.receive()));
  }

  @Test
  void a_send_with_a_timeout_gives_up_and_delivers_to_nobody() throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> full = channel.subscribe("full", Overflow.WAIT);
    Receiver<Integer> roomy = channel.subscribe("roomy", 4, Overflow.WAIT);
    channel.send(1);
    long begin = System.nanoTime();
    assertEquals(Sent.FULL, channel.send(2, Duration.ofMillis(20)));
    assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(20));
    assertEquals(List.of(1), all(full));
    assertEquals(List.of(1), all(roomy));
    assertEquals(Sent.SENT, channel.send(2, Duration.ZERO));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_close_wakes_a_sender_that_waits(boolean virtual) throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> full = channel.subscribe("full", Overflow.WAIT);
    try (ExecutorService executor = executor(virtual)) {
      Future<Sent> sending =
          executor.submit(() -> {
            channel.trySend(1);
            return channel.send(2);
          });
      awaitParked(channel.senders());
      channel.close();
      assertEquals(Sent.CLOSED, sending.get());
    }
    assertEquals(List.of(1), all(full));
  }

  @Test
  void a_receiver_that_leaves_frees_the_sender_that_waits_for_it() throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> full = channel.subscribe("full", Overflow.WAIT);
    try (ExecutorService executor = executor(false)) {
      Future<Sent> sending =
          executor.submit(() -> {
            channel.trySend(1);
            return channel.send(2);
          });
      awaitParked(channel.senders());
      full.close();
      assertEquals(Sent.SENT, sending.get());
    }
    assertEquals(2, channel.sent());
    assertEquals(1, channel.stats().offered());
  }

  @Test
  void an_interrupt_ends_the_wait_of_a_sender_and_sends_nothing() throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> full = channel.subscribe("full", Overflow.WAIT);
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    Thread sender =
        Thread.ofPlatform()
            .start(() -> {
              channel.trySend(1);
              thrown.add(assertThrows(InterruptedException.class, () -> channel.send(2)));
            });
    awaitParked(channel.senders());
    sender.interrupt();
    sender.join();
    assertEquals(1, thrown.size());
    assertEquals(List.of(1), all(full));
    assertEquals(0, channel.senders().waiters());
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void a_close_wakes_a_receiver_that_waits_and_so_does_leaving(Overflow policy) throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> closing = channel.subscribe("closing", policy);
    Receiver<Integer> leaving = channel.subscribe("leaving", policy);
    Exception cause = new Exception("unplugged");
    try (ExecutorService executor = executor(true)) {
      Future<Received<Integer>> left = executor.submit(() -> leaving.receive());
      awaitParked(channel.receivers());
      leaving.close();
      assertInstanceOf(Received.Closed.class, left.get());
      Future<Received<Integer>> closed = executor.submit(() -> closing.receive());
      awaitParked(channel.receivers());
      channel.close(cause);
      assertSame(cause, closed(closed.get()).cause());
    }
  }

  @Test
  void an_interrupt_ends_the_wait_of_a_receiver() throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.WAIT);
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> thrown.add(assertThrows(InterruptedException.class, receiver::receive)));
    awaitParked(channel.receivers());
    waiting.interrupt();
    waiting.join();
    assertEquals(1, thrown.size());
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void a_receive_with_a_timeout_gives_up_empty_handed(Overflow policy) throws Exception {
    MulticastChannel<Integer> channel = channel(4);
    Receiver<Integer> receiver = channel.subscribe("receiver", policy);
    long begin = System.nanoTime();
    assertInstanceOf(Received.Empty.class, receiver.receive(Duration.ofMillis(20)));
    assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(20));
    channel.trySend(1);
    assertEquals(1, number(receiver.receive(Duration.ofSeconds(30))));
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "KEEP_NEWEST")
  void what_a_handler_did_not_come_to_stays_when_it_throws(Overflow policy) {
    MulticastChannel<Integer> channel = channel(8);
    Receiver<Integer> receiver = channel.subscribe("receiver", policy);
    sendRange(channel, 1, 7);
    List<Integer> handled = new ArrayList<>();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                receiver.drain(
                    number -> {
                      handled.add(number);
                      if (number == 3) {
                        throw new IllegalStateException("three");
                      }
                    },
                    100));
    assertEquals("three", thrown.getMessage());
    assertEquals(List.of(1, 2, 3), handled);
    assertEquals(3, receiver.pending());
    assertEquals(4, number(receiver.poll()));
    assertEquals(2, receiver.drain(handled::add, 100));
    assertEquals(List.of(1, 2, 3, 5, 6), handled);
    assertOffered(6, receiver);
  }

  @Test
  void what_a_handler_left_counts_when_its_receiver_leaves() {
    MulticastChannel<Integer> channel = channel(8);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.DROP_OLDEST);
    sendRange(channel, 1, 7);
    assertThrows(
        IllegalStateException.class,
        () ->
            receiver.drain(
                _ -> {
                  throw new IllegalStateException();
                },
                100));
    receiver.close();
    assertEquals(Map.of(DropReason.LEFT, 5L), channel.stats().dropped());
    assertEquals(6, channel.stats().offered());
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "KEEP_NEWEST")
  void a_handler_may_close_its_receiver_and_what_it_did_not_come_to_counts(Overflow policy) {
    MulticastChannel<Integer> channel = channel(8);
    Receiver<Integer> receiver = channel.subscribe("receiver", policy);
    sendRange(channel, 1, 7);
    List<Integer> handled = new ArrayList<>();
    int drained =
        receiver.drain(
            number -> {
              handled.add(number);
              if (number == 3) {
                receiver.close();
              }
            },
            100);
    assertEquals(3, drained);
    assertEquals(List.of(1, 2, 3), handled);
    assertEquals(3, channel.stats().received());
    assertEquals(Map.of(DropReason.LEFT, 3L), channel.stats().dropped());
    assertInstanceOf(Received.Closed.class, receiver.poll());
  }

  @Test
  void a_drain_stops_at_a_loss_and_goes_on_behind_it() {
    MulticastChannel<Integer> channel = channel(2);
    Receiver<Integer> behind = channel.subscribe("behind", Overflow.DROP_NEWEST);
    Receiver<Integer> before = channel.subscribe("before", Overflow.DROP_OLDEST);
    sendRange(channel, 1, 4);
    List<Integer> handled = new ArrayList<>();
    assertEquals(2, behind.drain(handled::add, 100));
    assertEquals(0, behind.drain(handled::add, 100));
    assertEquals(-1, number(behind.poll()));
    assertEquals(0, before.drain(handled::add, 100));
    assertEquals(-1, number(before.poll()));
    assertEquals(2, before.drain(handled::add, 100));
    assertEquals(List.of(1, 2, 2, 3), handled);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void a_drain_of_nothing_is_refused(int limit) {
    Receiver<Integer> receiver = channel(1).subscribe("receiver", Overflow.WAIT);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> receiver.drain(_ -> {}, limit));
    assertTrue(refusal.getMessage().contains("" + limit), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"WAIT,0", "DROP_NEWEST,-1", "DROP_OLDEST,268435457", "KEEP_NEWEST,2"})
  void a_capacity_out_of_range_is_refused_with_what_is_allowed(Overflow policy, int capacity) {
    MulticastChannel<Integer> channel = channel(1);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> channel.subscribe("slow", capacity, policy));
    assertEquals(
        "capacity of receiver slow of channel numbers is %d, allowed with %s: [1, %d]"
            .formatted(capacity, policy, policy == Overflow.KEEP_NEWEST ? 1 : 1 << 28),
        refusal.getMessage());
    assertEquals(0, channel.receiverCount());
  }

  @Test
  void a_channel_and_a_receiver_have_names() {
    assertThrows(IllegalArgumentException.class, () -> new MulticastChannel<>(" ", 1));
    MulticastChannel<Integer> channel = channel(1);
    assertThrows(IllegalArgumentException.class, () -> channel.subscribe("", Overflow.WAIT));
    assertEquals("numbers", channel.name());
  }

  @Test
  void no_message_at_all_is_refused_where_it_is_sent() {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.WAIT);
    assertThrows(NullPointerException.class, () -> channel.trySend(null));
    assertThrows(NullPointerException.class, () -> channel.send(null));
    assertThrows(NullPointerException.class, () -> channel.send(null, Duration.ZERO));
    assertThrows(NullPointerException.class, () -> receiver.drain(null, 1));
    assertInstanceOf(Received.Empty.class, receiver.poll());
  }

  @Test
  void a_negative_timeout_is_refused_with_its_value() {
    MulticastChannel<Integer> channel = channel(1);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> channel.send(1, Duration.ofMillis(-5)));
    assertTrue(refusal.getMessage().contains("PT-0.005S"), refusal.getMessage());
    assertEquals(0, channel.sent());
  }

  @Test
  void a_second_sender_is_refused_while_the_first_has_not_given_up() throws Exception {
    MulticastChannel<Integer> channel = channel(4);
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch mayGiveUp = new CountDownLatch(1);
    CountDownLatch gaveUp = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (ExecutorService executor = executor(false)) {
      Future<?> first =
          executor.submit(() -> {
            channel.trySend(1);
            sent.countDown();
            mayGiveUp.await();
            channel.giveUpSending();
            gaveUp.countDown();
            mayEnd.await();
            return null;
          });
      sent.await();
      IllegalStateException refusal =
          assertThrows(IllegalStateException.class, () -> channel.trySend(2));
      assertTrue(refusal.getMessage().contains("channel numbers"), refusal.getMessage());
      mayGiveUp.countDown();
      gaveUp.await();
      assertEquals(Sent.SENT, channel.trySend(2));
      mayEnd.countDown();
      first.get();
    }
    assertEquals(2, channel.sent());
  }

  @Test
  void a_second_receiving_thread_is_refused_while_the_first_has_not_handed_over() throws Exception {
    MulticastChannel<Integer> channel = channel(4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Overflow.DROP_OLDEST);
    sendRange(channel, 1, 4);
    assertEquals(1, number(receiver.poll()));
    try (ExecutorService executor = executor(false)) {
      Future<IllegalStateException> refusal =
          executor.submit(() -> assertThrows(IllegalStateException.class, receiver::poll));
      assertTrue(refusal.get().getMessage().contains("receiver"));
      receiver.handOver();
      assertEquals(List.of(2, 3), executor.submit(() -> all(receiver)).get());
    }
  }

  /// A receiver that is told of a loss gets a message with it, or it would be told of losses only.
  @ParameterizedTest
  @EnumSource(names = {"KEEP_NEWEST", "DROP_OLDEST", "JUMP_TO_NEWEST"})
  void a_receiver_gets_messages_however_fast_the_sender_is(Overflow policy) throws Exception {
    MulticastChannel<Integer> channel = channel(1);
    Receiver<Integer> receiver = channel.subscribe("receiver", policy);
    try (ExecutorService executor = executor(false)) {
      Future<?> sending =
          executor.submit(() -> {
            for (int i = 1; channel.trySend(i) == Sent.SENT; i++) {}
          });
      int messages = 0;
      boolean lagged = false;
      while (messages < 10_000) {
        switch (receiver.receive()) {
          case Received.Message<Integer> _ -> {
            messages++;
            lagged = false;
          }
          case Received.Lagged<Integer> _ -> {
            assertTrue(!lagged, "lagged twice without a message between");
            lagged = true;
          }
          case Received.Empty<Integer> _, Received.Closed<Integer> _ -> throw new AssertionError();
        }
      }
      channel.close();
      sending.get();
    }
    assertEquals(channel.sent(), receiver.stats().offered());
  }

  /// The sender and two receivers wait for each other at nearly every message: one wake-up that is
  /// lost and they wait for ever.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void no_wake_up_is_lost_between_a_sender_and_receivers_of_one_message(boolean virtual)
      throws Exception {
    int messages = 20_000;
    MulticastChannel<Integer> channel = channel(1);
    List<Future<Long>> receiving = new ArrayList<>();
    try (ExecutorService executor = executor(virtual)) {
      for (int i = 0; i < 2; i++) {
        Receiver<Integer> receiver = channel.subscribe("receiver " + i, Overflow.WAIT);
        receiving.add(executor.submit(() -> accountedInOrder(receiver, 0)));
      }
      executor.submit(() -> sendWaiting(channel, messages)).get();
      for (Future<Long> accounted : receiving) {
        assertEquals(messages, accounted.get());
      }
    }
    assertEquals(2L * messages, channel.stats().received());
  }

  /// Far more receivers than processors, each of which the sender waits for.
  @Test
  void two_thousand_virtual_receivers_get_every_message() throws Exception {
    int receivers = 2000;
    int messages = 50;
    MulticastChannel<Integer> channel = channel(4);
    List<Future<Long>> receiving = new ArrayList<>();
    try (ExecutorService executor = executor(true)) {
      for (int i = 0; i < receivers; i++) {
        Receiver<Integer> receiver = channel.subscribe("receiver " + i, Overflow.WAIT);
        receiving.add(executor.submit(() -> accountedInOrder(receiver, 0)));
      }
      executor.submit(() -> sendWaiting(channel, messages)).get();
      for (Future<Long> accounted : receiving) {
        assertEquals(messages, accounted.get());
      }
    }
    assertEquals((long) receivers * messages, channel.stats().received());
  }

  /// Whatever a receiver gets or misses adds up, in order, with no message twice.
  @ParameterizedTest
  @EnumSource(Overflow.class)
  void nothing_is_lost_uncounted_while_sender_and_receivers_race(Overflow policy) throws Exception {
    int messages = 200_000;
    MulticastChannel<Integer> channel =
        new MulticastChannel<>(ChannelOptions.of("numbers", 1).latency(LatencyTracking.SAMPLED));
    channels.add(channel);
    int[] capacities = policy == Overflow.KEEP_NEWEST ? new int[] {1, 1} : new int[] {3, 100};
    List<Receiver<Integer>> receivers = new ArrayList<>();
    List<Future<Long>> receiving = new ArrayList<>();
    try (ExecutorService executor = executor(false)) {
      for (int capacity : capacities) {
        Receiver<Integer> receiver = channel.subscribe("of " + capacity, capacity, policy);
        receivers.add(receiver);
        receiving.add(executor.submit(() -> accountedInOrder(receiver, capacity == 3 ? 512 : 0)));
      }
      executor.submit(() -> sendWaiting(channel, messages)).get();
      for (int i = 0; i < receivers.size(); i++) {
        ReceiverStats stats = receivers.get(i).stats();
        long accounted = receiving.get(i).get();
        if (policy == Overflow.DISCONNECT) {
          accounted += receivers.get(i).stats().droppedTotal();
        }
        assertEquals(messages, accounted, stats::toString);
        assertOffered(messages, receivers.get(i));
      }
    }
    assertEquals(0, channel.stats().pending());
  }

  @Test
  void receivers_join_and_leave_while_sending_goes_on() throws Exception {
    long seed = 7;
    System.out.println("seed " + seed);
    MulticastChannel<Integer> channel = channel(8);
    try (ExecutorService executor = executor(true)) {
      Future<Integer> sending =
          executor.submit(() -> {
            int next = 1;
            while (channel.send(next) == Sent.SENT) {
              next++;
              if (next % 64 == 0) {
                LockSupport.parkNanos(10_000);
              }
            }
            return next - 1;
          });
      List<Future<?>> receiving = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Random random = new Random(seed + i);
        receiving.add(
            executor.submit(() -> {
              for (int visit = 0; visit < 50; visit++) {
                Overflow policy = List.of(Overflow.values()).get(random.nextInt(6));
                Receiver<Integer> receiver = channel.subscribe("visitor", policy);
                long accounted = visit(receiver, random.nextInt(100));
                receiver.close();
                ReceiverStats last = receiver.stats();
                assertTrue(accounted <= last.offered(), last::toString);
                assertEquals(last.offered(), last.received() + last.droppedTotal());
              }
              return null;
            }));
      }
      for (Future<?> visits : receiving) {
        visits.get();
      }
      channel.close();
      assertEquals(channel.sent(), sending.get().longValue());
    }
    assertEquals(0, channel.receiverCount());
    assertEquals(0, channel.stats().pending());
  }

  /// Messages received and told lost, after as many messages at most.
  private static long visit(Receiver<Integer> receiver, int messages) throws InterruptedException {
    long accounted = 0;
    long last = 0;
    for (int i = 0; i < messages; i++) {
      switch (receiver.receive()) {
        case Received.Message<Integer> message -> {
          assertTrue(last == 0 || message.value() == last + 1, "a hole that was not told");
          last = message.value();
          accounted++;
        }
        case Received.Lagged<Integer>(long missed) -> {
          last += last == 0 ? 0 : missed;
          accounted += missed;
        }
        case Received.Closed<Integer> _ -> {
          return accounted;
        }
        case Received.Empty<Integer> _ -> throw new AssertionError("empty without a timeout");
      }
    }
    return accounted;
  }

  @Test
  void every_message_is_timed_where_that_was_chosen() {
    MulticastChannel<Integer> channel =
        new MulticastChannel<>(ChannelOptions.of("numbers", 2).latency(LatencyTracking.FULL));
    channels.add(channel);
    Receiver<Integer> keeping = channel.subscribe("keeping", Overflow.WAIT);
    Receiver<Integer> shedding = channel.subscribe("shedding", Overflow.KEEP_NEWEST);
    sendRange(channel, 1, 3);
    assertTrue(((Received.Message<Integer>) keeping.poll()).latencyNanos() >= 0);
    assertEquals(1, keeping.drain(_ -> {}, 10));
    assertEquals(-1, number(shedding.poll()));
    assertEquals(1, shedding.drain(_ -> {}, 10));
    assertEquals(3, channel.stats().latency().count());
  }

  @Test
  void statistics_tell_lag_losses_and_receipts_of_each_receiver() {
    MulticastChannel<Integer> channel = channel(4);
    Receiver<Integer> first = channel.subscribe("first", Overflow.DROP_NEWEST);
    channel.subscribe("second", Overflow.DROP_OLDEST);
    sendRange(channel, 1, 7);
    first.poll();
    ChannelStats stats = channel.stats();
    assertEquals("multicast", stats.kind());
    assertEquals(List.of(3L, 4L), stats.receivers().stream().map(ReceiverStats::pending).toList());
    assertEquals(List.of(2L, 2L), stats.receivers().stream().map(r -> r.droppedTotal()).toList());
    assertEquals(List.of(1L, 0L), stats.receivers().stream().map(ReceiverStats::received).toList());
    assertEquals(List.of(0.75, 1.0), stats.receivers().stream().map(ReceiverStats::load).toList());
    assertEquals(6, stats.sent());
    assertEquals(12, stats.offered());
  }

  private static final int EMPTY = 0;
  private static final int CLOSED = Integer.MIN_VALUE;

  private static int number(Received<Integer> received) {
    return switch (received) {
      case Received.Message<Integer> message -> message.value();
      case Received.Lagged<Integer>(long missed) -> -(int) missed;
      case Received.Empty<Integer> _ -> EMPTY;
      case Received.Closed<Integer> _ -> CLOSED;
    };
  }

  /// What is there, up to the end or the first empty receive.
  private static List<Integer> all(Receiver<Integer> receiver) {
    List<Integer> numbers = new ArrayList<>();
    int next = number(receiver.poll());
    while (next != EMPTY && next != CLOSED) {
      numbers.add(next);
      next = number(receiver.poll());
    }
    return numbers;
  }

  /// Messages received and missed until the end; fails on a message out of its place.
  ///
  /// @param pause after every so many messages, or 0 for never
  private static long accountedInOrder(Receiver<Integer> receiver, int pause)
      throws InterruptedException {
    long last = 0;
    while (true) {
      switch (receiver.receive()) {
        case Received.Message<Integer> message -> {
          last++;
          assertEquals(last, message.value().longValue());
          if (pause != 0 && last % pause == 0) {
            LockSupport.parkNanos(20_000);
          }
        }
        case Received.Lagged<Integer>(long missed) -> {
          assertTrue(missed > 0);
          last += missed;
        }
        case Received.Closed<Integer> _ -> {
          return last;
        }
        case Received.Empty<Integer> _ -> throw new AssertionError("empty without a timeout");
      }
    }
  }

  private static Received.Closed<Integer> closed(Received<Integer> received) {
    if (received instanceof Received.Closed<Integer> end) {
      return end;
    }
    throw new AssertionError("not the end: " + received);
  }

  private MulticastChannel<Integer> channel(int capacity) {
    MulticastChannel<Integer> channel = new MulticastChannel<>("numbers", capacity);
    channels.add(channel);
    return channel;
  }

  private static void sendRange(MulticastChannel<Integer> channel, int from, int to) {
    for (int i = from; i < to; i++) {
      assertEquals(Sent.SENT, channel.trySend(i));
    }
  }

  private static Void sendWaiting(MulticastChannel<Integer> channel, int messages)
      throws InterruptedException {
    for (int i = 1; i <= messages; i++) {
      assertEquals(Sent.SENT, channel.send(i));
    }
    channel.close();
    return null;
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static void assertOffered(long messages, Receiver<Integer> receiver) {
    ReceiverStats stats = receiver.stats();
    assertEquals(messages, stats.offered(), stats::toString);
  }

  private static void awaitParked(Parking parking) {
    while (parking.waiters() == 0) {
      assertTrue(!Thread.currentThread().isInterrupted(), "nobody waits");
      Thread.onSpinWait();
    }
  }

  private static ExecutorService executor(boolean virtual) {
    return virtual
        ? Executors.newVirtualThreadPerTaskExecutor()
        : Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
  }
}
