package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.BroadcastChannel.Resume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class BroadcastChannelTest {

  @Test
  void every_receiver_gets_every_message_in_order() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 8);
    Receiver<Integer> first = channel.subscribe("first", Resume.OLDEST);
    Receiver<Integer> second = channel.subscribe("second", Resume.OLDEST);
    sendRange(channel, 0, 5);
    assertEquals(List.of(0, 1, 2, 3, 4), messages(first));
    assertEquals(List.of(0, 1, 2, 3, 4), messages(second));
    assertConserved(channel, first, 0);
    assertConserved(channel, second, 0);
  }

  @Test
  void a_message_is_shared_and_not_copied() {
    BroadcastChannel<Object> channel = new BroadcastChannel<>("objects", 1);
    Receiver<Object> receiver = channel.subscribe("receiver", Resume.OLDEST);
    Object message = new Object();
    channel.send(message);
    assertSame(message, message(receiver.poll()));
  }

  @Test
  void a_receiver_sees_only_what_is_sent_after_it_joined() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 8);
    sendRange(channel, 0, 3);
    Receiver<Integer> receiver = channel.subscribe("late", Resume.OLDEST);
    assertInstanceOf(Received.Empty.class, receiver.poll());
    channel.send(3);
    assertEquals(List.of(3), messages(receiver));
    assertConserved(channel, receiver, 3);
  }

  @Tag("A16")
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10, 100, 1000})
  void a_receiver_that_is_behind_by_the_capacity_misses_nothing_and_by_one_more_misses_one(
      int capacity) {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", capacity);
    Receiver<Integer> exact = channel.subscribe("exact", Resume.OLDEST);
    sendRange(channel, 0, capacity);
    assertEquals(0, message(exact.poll()));

    Receiver<Integer> behind = channel.subscribe("behind", Resume.OLDEST);
    sendRange(channel, capacity, 2 * capacity + 1);
    assertEquals(1, assertInstanceOf(Received.Lagged.class, behind.poll()).missed());
    assertEquals(capacity + 1, message(behind.poll()));
    assertEquals(capacity - 1, messages(behind).size());
    assertConserved(channel, behind, capacity);
  }

  @Test
  void lag_resumes_at_the_oldest_retained_message() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    sendRange(channel, 0, 10);
    assertEquals(6, assertInstanceOf(Received.Lagged.class, receiver.poll()).missed());
    assertEquals(List.of(6, 7, 8, 9), messages(receiver));
    assertConserved(channel, receiver, 0);
  }

  @Test
  void lag_resumes_at_the_newest_message_where_that_was_chosen() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.NEWEST);
    sendRange(channel, 0, 10);
    assertEquals(9, assertInstanceOf(Received.Lagged.class, receiver.poll()).missed());
    assertEquals(List.of(9), messages(receiver));
    assertConserved(channel, receiver, 0);
  }

  @Tag("A18")
  @Test
  void lag_twice_in_a_row_is_not_the_end() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 2);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    sendRange(channel, 0, 5);
    assertEquals(3, assertInstanceOf(Received.Lagged.class, receiver.poll()).missed());
    sendRange(channel, 5, 9);
    assertEquals(4, assertInstanceOf(Received.Lagged.class, receiver.poll()).missed());
    assertEquals(List.of(7, 8), messages(receiver));
    assertConserved(channel, receiver, 0);
  }

  @ParameterizedTest
  @EnumSource(Resume.class)
  void a_close_at_capacity_one_does_not_look_like_lag(Resume resume) {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 1);
    Receiver<Integer> receiver = channel.subscribe("receiver", resume);
    channel.send(1);
    channel.close();
    assertEquals(1, message(receiver.poll()));
    assertInstanceOf(Received.Closed.class, receiver.poll());
  }

  @Test
  void a_receiver_joins_at_a_retained_message_or_as_near_as_there_is() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    sendRange(channel, 0, 10);
    assertEquals(List.of(8, 9), messages(channel.subscribeAt("retained", Resume.OLDEST, 8)));
    assertEquals(
        List.of(6, 7, 8, 9), messages(channel.subscribeAt("overwritten", Resume.OLDEST, 1)));
    assertEquals(List.of(), messages(channel.subscribeAt("future", Resume.OLDEST, 99)));
  }

  @Test
  void close_lets_what_was_sent_be_received_and_then_tells_the_cause() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    channel.send(1);
    Exception cause = new Exception("unplugged");
    channel.close(cause);
    channel.close(new Exception("a second close counts for nothing"));
    assertEquals(Sent.CLOSED, channel.send(2));
    assertEquals(1, message(receiver.poll()));
    assertSame(cause, assertInstanceOf(Received.Closed.class, receiver.poll()).cause());
    assertTrue(channel.isClosed());
    assertEquals(1, channel.sent());
  }

  @Test
  void a_receiver_that_joins_a_closed_channel_sees_the_end() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    channel.close();
    assertInstanceOf(Received.Closed.class, channel.subscribe("late", Resume.OLDEST).poll());
  }

  @Test
  void a_receiver_that_has_left_is_not_counted_and_sees_the_end() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    assertEquals(1, channel.receiverCount());
    channel.send(1);
    receiver.close();
    receiver.close();
    assertEquals(0, channel.receiverCount());
    assertInstanceOf(Received.Closed.class, receiver.poll());
  }

  @Test
  void a_message_object_is_good_until_the_next_receive_only_for_its_value() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    sendRange(channel, 0, 2);
    Received<Integer> first = receiver.poll();
    assertEquals(0, message(first));
    assertSame(first, receiver.poll());
    assertEquals(1, message(first));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, ChannelOptions.MAX_CAPACITY + 1})
  void a_capacity_out_of_range_is_refused_with_its_value(int capacity) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new BroadcastChannel<>("frames", capacity));
    assertTrue(refusal.getMessage().contains("frames"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(Integer.toString(capacity)), refusal.getMessage());
  }

  @Test
  void a_second_sender_is_refused_while_the_first_lives_and_welcome_after() throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    CountDownLatch sent = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread first =
        Thread.ofPlatform()
            .name("first sender")
            .start(() -> {
              channel.send(1);
              sent.countDown();
              awaitUninterruptibly(mayEnd);
            });
    sent.await();
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> channel.send(2));
    assertTrue(refusal.getMessage().contains("first sender"), refusal.getMessage());
    mayEnd.countDown();
    first.join();
    assertEquals(Sent.SENT, channel.send(2));
    assertEquals(2, channel.sent());
  }

  @Test
  void a_sender_that_gives_up_sending_makes_room_for_another_while_it_lives() throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    CountDownLatch gaveUp = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Thread first =
        Thread.ofPlatform()
            .start(() -> {
              sendRange(channel, 0, 3);
              channel.giveUpSending();
              gaveUp.countDown();
              awaitUninterruptibly(mayEnd);
            });
    gaveUp.await();
    sendRange(channel, 3, 7);
    mayEnd.countDown();
    first.join();
    assertEquals(3, assertInstanceOf(Received.Lagged.class, receiver.poll()).missed());
    assertEquals(List.of(3, 4, 5, 6), messages(receiver));
    assertConserved(channel, receiver, 0);
  }

  @Test
  void only_the_sender_can_give_up_sending() throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    channel.send(1);
    Thread other = Thread.ofPlatform().start(channel::giveUpSending);
    other.join();
    Thread second =
        Thread.ofPlatform()
            .start(() -> assertThrows(IllegalStateException.class, () -> channel.send(2)));
    second.join();
    assertEquals(Sent.SENT, channel.send(2));
    assertEquals(2, channel.sent());
  }

  @Test
  void no_message_at_all_is_refused_where_it_is_sent() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    assertThrows(NullPointerException.class, () -> channel.send(null));
    assertInstanceOf(Received.Empty.class, receiver.poll());
    assertEquals(Sent.SENT, channel.send(1));
    assertEquals(List.of(1), messages(receiver));
  }

  /// A receiver runs ahead of whoever looks at its statistics.
  @Test
  void what_is_pending_is_never_negative_and_never_more_than_was_sent() throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    try (ExecutorService executor = executor(false)) {
      Future<?> looking =
          executor.submit(() -> {
            while (!channel.isClosed()) {
              long pending = receiver.pending();
              assertTrue(pending >= 0, "pending " + pending);
              assertTrue(pending <= channel.sent());
            }
          });
      for (int i = 0; i < 2_000_000; i++) {
        channel.send(i);
        receiver.poll();
      }
      channel.close();
      looking.get();
    }
    assertConserved(channel, receiver, 0);
  }

  /// Each message waits for the answer to the one before, so that nearly every receive parks. One
  /// wake-up that is lost and the two wait for ever.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void no_wake_up_is_lost_between_two_that_answer_each_other(boolean virtual) throws Exception {
    int rounds = 20_000;
    BroadcastChannel<Integer> questions = new BroadcastChannel<>("questions", 1);
    BroadcastChannel<Integer> answers = new BroadcastChannel<>("answers", 1);
    Receiver<Integer> question = questions.subscribe("answering", Resume.OLDEST);
    Receiver<Integer> answer = answers.subscribe("asking", Resume.OLDEST);
    try (ExecutorService executor = executor(virtual)) {
      Future<?> answering =
          executor.submit(() -> {
            for (int i = 0; i < rounds; i++) {
              answers.send(message(question.receive()) + 1);
            }
            return null;
          });
      Future<?> asking =
          executor.submit(() -> {
            for (int i = 0; i < rounds; i++) {
              questions.send(i);
              assertEquals(i + 1, message(answer.receive()));
            }
            return null;
          });
      asking.get();
      answering.get();
    }
    assertConserved(questions, question, 0);
    assertConserved(answers, answer, 0);
  }

  /// The message comes at any moment of the receiver's way from its last look to its sleep.
  @Test
  void no_wake_up_is_lost_whenever_the_message_comes() throws Exception {
    long seed = 31;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int rounds = 100_000;
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 1);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    AtomicInteger received = new AtomicInteger();
    try (ExecutorService executor = executor(false)) {
      Future<?> receiving =
          executor.submit(() -> {
            while (received.get() < rounds) {
              assertEquals(received.get(), message(receiver.receive()));
              received.incrementAndGet();
            }
            return null;
          });
      for (int i = 0; i < rounds; i++) {
        for (int spins = random.nextInt(100); spins > 0; spins--) {
          Thread.onSpinWait();
        }
        channel.send(i);
        while (received.get() == i) {
          assertFalse(Thread.interrupted(), "asleep at message " + i);
          Thread.onSpinWait();
        }
      }
      receiving.get();
    }
    assertConserved(channel, receiver, 0);
  }

  /// Far more receivers than processors, all parked when the sender wakes them.
  @Test
  void every_one_of_a_thousand_parked_receivers_wakes_for_every_message() throws Exception {
    int receivers = 1000;
    int messages = 20;
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", messages);
    List<Future<Long>> outcomes = new ArrayList<>();
    try (ExecutorService executor = executor(true)) {
      for (int i = 0; i < receivers; i++) {
        Receiver<Integer> receiver = channel.subscribe("receiver " + i, Resume.OLDEST);
        outcomes.add(executor.submit(() -> receiveAllInOrder(receiver, false)));
      }
      sendRange(channel, 0, messages);
      channel.close();
      for (Future<Long> outcome : outcomes) {
        assertEquals(messages, outcome.get());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_parked_receiver_wakes_for_a_message(boolean virtual) throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    try (ExecutorService executor = executor(virtual)) {
      Future<Integer> received = executor.submit(() -> message(receiver.receive()));
      channel.send(7);
      assertEquals(7, received.get());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_parked_receiver_wakes_for_a_close_and_for_leaving(boolean virtual) throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> closed = channel.subscribe("closed", Resume.OLDEST);
    Receiver<Integer> left = channel.subscribe("left", Resume.OLDEST);
    try (ExecutorService executor = executor(virtual)) {
      CountDownLatch started = new CountDownLatch(1);
      Future<Received<Integer>> leaving =
          executor.submit(() -> {
            started.countDown();
            return left.receive();
          });
      started.await();
      left.close();
      assertInstanceOf(Received.Closed.class, leaving.get());
      Future<Received<Integer>> closing = executor.submit(() -> closed.receive());
      channel.close();
      assertInstanceOf(Received.Closed.class, closing.get());
    }
  }

  @Test
  void a_receive_with_a_timeout_gives_up_empty_handed() throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    long begin = System.nanoTime();
    assertInstanceOf(Received.Empty.class, receiver.receive(Duration.ofMillis(20)));
    assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(20));
    channel.send(1);
    assertEquals(1, message(receiver.receive(Duration.ofSeconds(30))));
  }

  @Test
  void an_interrupt_ends_a_wait() throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    Receiver<Integer> receiver = channel.subscribe("receiver", Resume.OLDEST);
    List<Throwable> thrown = new ArrayList<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> thrown.add(assertThrows(InterruptedException.class, receiver::receive)));
    waiting.interrupt();
    waiting.join();
    assertEquals(1, thrown.size());
  }

  /// The conservation law under load: whatever a receiver got or missed adds up, in order, with no
  /// message twice.
  @ParameterizedTest
  @EnumSource(Resume.class)
  void nothing_is_lost_uncounted_while_sender_and_receivers_race(Resume resume) throws Exception {
    int messages = 200_000;
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 16);
    List<Receiver<Integer>> receivers = new ArrayList<>();
    List<Future<Long>> outcomes = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        Receiver<Integer> receiver = channel.subscribe("receiver " + i, resume);
        receivers.add(receiver);
        boolean slow = i % 2 == 1;
        outcomes.add(executor.submit(() -> receiveAllInOrder(receiver, slow)));
      }
      sendRange(channel, 0, messages);
      channel.close();
      for (Future<Long> outcome : outcomes) {
        assertEquals(messages, outcome.get());
      }
    }
    for (Receiver<Integer> receiver : receivers) {
      assertConserved(channel, receiver, 0);
      assertEquals(0, receiver.stats().pending());
    }
  }

  /// Messages received and missed until the close; fails on a message out of its place.
  private static long receiveAllInOrder(Receiver<Integer> receiver, boolean slow)
      throws InterruptedException {
    long next = 0;
    while (true) {
      switch (receiver.receive()) {
        case Received.Message<Integer> message -> {
          assertEquals(next, message.value().longValue());
          next++;
          if (slow && next % 64 == 0) {
            LockSupport.parkNanos(20_000);
          }
        }
        case Received.Lagged<Integer>(long missed) -> {
          assertTrue(missed > 0);
          next += missed;
        }
        case Received.Closed<Integer> _ -> {
          return next;
        }
        case Received.Empty<Integer> _ -> throw new AssertionError("empty without a timeout");
      }
    }
  }

  @Test
  void what_is_retained_can_be_looked_at_without_receiving_it() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 3);
    assertEquals(List.of(), channel.retained());
    sendRange(channel, 0, 2);
    assertEquals(List.of(0, 1), channel.retained());
    sendRange(channel, 2, 9);
    assertEquals(List.of(6, 7, 8), channel.retained());
    channel.close();
    assertEquals(List.of(6, 7, 8), channel.retained());
    assertEquals(0, channel.stats().offered());
    assertEquals(0, channel.stats().received());
  }

  @Test
  void what_is_retained_has_no_hole_while_a_sender_is_faster() throws Exception {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 64);
    try (ExecutorService sender = executor(false)) {
      Future<?> sending = sender.submit(() -> sendRange(channel, 0, 200_000));
      do {
        List<Integer> seen = channel.retained();
        for (int i = 1; i < seen.size(); i++) {
          assertEquals(seen.get(i - 1) + 1, seen.get(i), seen::toString);
        }
      } while (!sending.isDone());
      sending.get();
    }
  }

  @Test
  void what_was_sent_before_a_receiver_joined_is_not_timed() {
    BroadcastChannel<Integer> channel =
        new BroadcastChannel<>(ChannelOptions.of("numbers", 8).latency(LatencyTracking.FULL));
    sendRange(channel, 0, 4);
    Receiver<Integer> receiver = channel.subscribeAt("late", Resume.OLDEST, 0);
    sendRange(channel, 4, 6);
    assertEquals(0, message(receiver.poll()));
    assertEquals(5, receiver.drain(_ -> {}, 8));
    assertEquals(6, channel.stats().received());
    assertEquals(2, channel.stats().latency().count());
  }

  @Test
  void what_is_due_is_counted_apart_from_what_became_of_it() {
    BroadcastChannel<Integer> channel = new BroadcastChannel<>("numbers", 4);
    sendRange(channel, 0, 3);
    Receiver<Integer> behind = channel.subscribeAt("behind", Resume.OLDEST, 1);
    Receiver<Integer> leaving = channel.subscribe("leaving", Resume.OLDEST);
    sendRange(channel, 3, 9);
    assertEquals(8 + 6, channel.stats().offered());
    leaving.close();
    assertInstanceOf(Received.Lagged.class, behind.poll());
    assertEquals(5, message(behind.poll()));
    sendRange(channel, 9, 10);
    ChannelStats stats = channel.stats();
    assertEquals(9 + 6, stats.offered());
    assertEquals(stats.offered(), stats.received() + stats.droppedTotal() + stats.pending());
  }

  private static ExecutorService executor(boolean virtual) {
    return virtual
        ? Executors.newVirtualThreadPerTaskExecutor()
        : Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
  }

  private static void sendRange(BroadcastChannel<Integer> channel, int from, int to) {
    for (int i = from; i < to; i++) {
      assertEquals(Sent.SENT, channel.send(i));
    }
  }

  private static <T> T message(Received<T> received) {
    if (received instanceof Received.Message<T> message) {
      return message.value();
    }
    throw new AssertionError("not a message: " + received);
  }

  private static List<Integer> messages(Receiver<Integer> receiver) {
    List<Integer> values = new ArrayList<>();
    while (receiver.poll() instanceof Received.Message<Integer> message) {
      values.add(message.value());
    }
    return values;
  }

  private static void assertConserved(
      BroadcastChannel<?> channel, Receiver<?> receiver, long sentBeforeJoining) {
    ReceiverStats stats = receiver.stats();
    assertEquals(
        channel.sent() - sentBeforeJoining,
        stats.received() + stats.droppedTotal() + stats.pending(),
        stats::toString);
    assertFalse(stats.pending() < 0, stats::toString);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
