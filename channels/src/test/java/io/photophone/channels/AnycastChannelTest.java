package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.AnycastChannel.Policy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C5")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class AnycastChannelTest {
  private final List<AnycastChannel<?>> made = new CopyOnWriteArrayList<>();

  @AfterEach
  void every_accepted_message_was_received_or_dropped_or_is_pending() {
    for (AnycastChannel<?> channel : made) {
      ChannelStats stats = channel.stats();
      assertEquals(
          stats.offered(),
          stats.received() + stats.droppedTotal() + stats.pending(),
          stats::toString);
      assertEquals(0, stats.droppedTotal(), "an anycast channel never drops");
      assertFalse(stats.pending() < 0, stats::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void each_message_goes_to_one_receiver(Policy policy) {
    AnycastChannel<Integer> channel = channel(policy, 8);
    List<Receiver<Integer>> receivers = join(channel, 3);
    sendRange(channel, 0, 20);
    List<Integer> all = new ArrayList<>();
    receivers.forEach(receiver -> all.addAll(messages(receiver)));
    assertEquals(range(0, 20), all.stream().sorted().toList());
  }

  @Test
  void round_robin_gives_each_receiver_its_turn() {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 8);
    List<Receiver<Integer>> receivers = join(channel, 3);
    sendRange(channel, 0, 9);
    assertEquals(List.of(0, 3, 6), messages(receivers.get(0)));
    assertEquals(List.of(1, 4, 7), messages(receivers.get(1)));
    assertEquals(List.of(2, 5, 8), messages(receivers.get(2)));
  }

  /// Defect A4 of the original: the chosen ring is full, so the send fails though others are free.
  @ParameterizedTest
  @CsvSource({
    "ROUND_ROBIN,1",
    "LEAST_LOADED,2",
    "RANDOM,3",
    "AFFINITY_FIRST,7",
    "WORK_STEALING,10"
  })
  void full_means_that_every_receiver_has_exactly_its_capacity_pending(
      Policy policy, int capacity) {
    AnycastChannel<Integer> channel = channel(policy, capacity);
    List<Receiver<Integer>> receivers = join(channel, 3);
    sendRange(channel, 0, 3 * capacity);
    assertEquals(Sent.FULL, channel.trySend(-1));
    for (Receiver<Integer> receiver : receivers) {
      assertEquals(capacity, receiver.pending());
      assertEquals(1.0, receiver.stats().load());
    }
    assertInstanceOf(Received.Message.class, receivers.get(1).poll());
    assertEquals(Sent.SENT, channel.trySend(-1));
    assertEquals(Sent.FULL, channel.trySend(-2));
    assertEquals(capacity, channel.capacity());
  }

  @Test
  void a_full_receiver_is_passed_over() {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 2);
    List<Receiver<Integer>> receivers = join(channel, 2);
    for (int i = 0; i < 100; i++) {
      assertEquals(Sent.SENT, channel.trySend(i));
      messages(receivers.get(1));
    }
    assertEquals(2, receivers.get(0).pending());
    assertEquals(98, receivers.get(1).stats().received());
  }

  /// Defect A1 of the original: the low bits of the clock are no choice at all.
  @ParameterizedTest
  @CsvSource({"2,1", "3,2", "4,3", "7,4", "16,5"})
  void a_random_choice_is_one(int count, long seed) {
    System.out.println("seed " + seed);
    AnycastChannel<Integer> channel = own(AnycastChannel.random(options(10_000), seed));
    List<Receiver<Integer>> receivers = join(channel, count);
    int messages = 1000 * count;
    int[][] follows = new int[count][count];
    int before = -1;
    for (int i = 0; i < messages; i++) {
      channel.trySend(i);
      int chosen = chosen(receivers);
      if (before >= 0) {
        follows[before][chosen]++;
      }
      before = chosen;
    }
    // Each choice after each other one: count² cells, count² - 1 degrees of freedom.
    double expected = (messages - 1.0) / (count * count);
    double chiSquare = 0;
    for (int[] row : follows) {
      for (int cell : row) {
        chiSquare += (cell - expected) * (cell - expected) / expected;
      }
    }
    double freedom = count * count - 1.0;
    assertTrue(
        chiSquare < freedom + 5 * Math.sqrt(2 * freedom),
        "chi square " + chiSquare + " of " + count);
  }

  @Test
  void the_same_seed_gives_the_same_choices_and_another_seed_others() {
    assertEquals(choices(7), choices(7));
    assertNotEquals(choices(7), choices(8));
  }

  private List<Integer> choices(long seed) {
    AnycastChannel<Integer> channel = own(AnycastChannel.random(options(4), seed));
    List<Receiver<Integer>> receivers = join(channel, 5);
    List<Integer> choices = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      channel.trySend(i);
      choices.add(chosen(receivers));
    }
    return choices;
  }

  private static int chosen(List<Receiver<Integer>> receivers) {
    for (int i = 0; i < receivers.size(); i++) {
      if (receivers.get(i).poll() instanceof Received.Message<Integer>) {
        return i;
      }
    }
    throw new AssertionError("nobody was chosen");
  }

  @Test
  void the_least_loaded_one_has_the_fewest_messages_pending() {
    AnycastChannel<Integer> channel = channel(Policy.LEAST_LOADED, 16);
    List<Receiver<Integer>> receivers = join(channel, 1);
    sendRange(channel, 0, 5);
    receivers.addAll(join(channel, 2));
    sendRange(channel, 5, 13);
    assertEquals(5, receivers.get(0).pending());
    assertEquals(4, receivers.get(1).pending());
    assertEquals(4, receivers.get(2).pending());
  }

  @Test
  void a_message_in_work_counts_until_its_receiver_comes_back() {
    AnycastChannel<Integer> channel = channel(Policy.LEAST_LOADED, 4);
    Receiver<Integer> busy = channel.receiver("busy");
    channel.trySend(0);
    assertEquals(0, message(busy.poll()));
    assertEquals(0.25, busy.stats().load());
    Receiver<Integer> idle = channel.receiver("idle");
    for (int i = 1; i <= 10; i++) {
      channel.trySend(i);
      assertEquals(i, message(idle.poll()));
      assertInstanceOf(Received.Empty.class, idle.poll());
    }
    assertEquals(0, busy.pending());
    assertInstanceOf(Received.Empty.class, busy.poll());
    assertEquals(0.0, busy.stats().load());
  }

  @Test
  void a_batch_counts_while_its_handler_runs() {
    AnycastChannel<Integer> channel = channel(Policy.LEAST_LOADED, 8);
    Receiver<Integer> busy = channel.receiver("busy");
    sendRange(channel, 0, 3);
    Receiver<Integer> idle = channel.receiver("idle");
    busy.drain(
        first -> {
          if (first == 0) {
            sendRange(channel, 3, 5);
          }
        },
        3);
    assertEquals(2, idle.pending());
    assertEquals(0, busy.pending());
  }

  /// Defect A3 of the original: a counter beside the ring, decremented before it was incremented,
  /// leaves a receiver that looks busy for ever.
  @Test
  void what_is_pending_never_underflows_and_an_idle_receiver_is_chosen_again() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.LEAST_LOADED, 4);
    List<Receiver<Integer>> receivers = join(channel, 2);
    try (ExecutorService executor = executor(false)) {
      Future<?> looking =
          executor.submit(() -> {
            while (!channel.isClosed()) {
              for (Receiver<Integer> receiver : receivers) {
                ReceiverStats stats = receiver.stats();
                assertTrue(stats.pending() >= 0 && stats.load() >= 0, stats::toString);
                assertTrue(stats.load() <= 1, stats::toString);
              }
            }
          });
      List<Future<Long>> receiving = new ArrayList<>();
      for (Receiver<Integer> receiver : receivers) {
        receiving.add(executor.submit(() -> receiveAll(receiver)));
      }
      List<Future<?>> sending = new ArrayList<>();
      for (int sender = 0; sender < 2; sender++) {
        sending.add(
            executor.submit(() -> {
              for (int i = 0; i < 100_000; i++) {
                channel.send(i);
              }
              return null;
            }));
      }
      getAll(sending);
      channel.close();
      assertEquals(200_000, getAll(receiving).stream().mapToLong(Long::longValue).sum());
      looking.get();
    }
    for (ReceiverStats stats : channel.stats().receivers()) {
      assertEquals(0, stats.pending());
      assertEquals(0.0, stats.load());
      assertTrue(stats.received() > 0, stats::toString);
    }
  }

  @Test
  void affinity_prefers_the_receiver_on_the_processor_of_the_sender() {
    AtomicInteger here = new AtomicInteger();
    AnycastChannel<Integer> channel = onProcessor(here, 8);
    List<Receiver<Integer>> receivers = join(channel, 3);
    for (int i = 0; i < 3; i++) {
      here.set(i);
      receivers.get(i).poll();
    }
    for (int i : List.of(2, 0, 1, 1, 2)) {
      here.set(i);
      channel.trySend(i);
      assertEquals(i, message(receivers.get(i).poll()));
      receivers.get(i).poll();
    }
    assertTrue(channel.affinityKnown());
    assertEquals("anycast/affinity-first", channel.stats().kind());
  }

  /// Defect A2 of the original: everything goes to the first one.
  @Test
  void affinity_does_not_send_everything_to_one() {
    AtomicInteger here = new AtomicInteger();
    AnycastChannel<Integer> channel = onProcessor(here, 8);
    List<Receiver<Integer>> receivers = join(channel, 3);
    for (int i = 0; i < 3; i++) {
      here.set(i);
      receivers.get(i).poll();
    }
    here.set(1);
    sendRange(channel, 0, 4);
    assertEquals(4, receivers.get(1).pending());
    sendRange(channel, 4, 12);
    assertEquals(List.of(4L, 4L, 4L), receivers.stream().map(Receiver::pending).toList());
    here.set(99);
    sendRange(channel, 12, 15);
    assertEquals(List.of(5L, 5L, 5L), receivers.stream().map(Receiver::pending).toList());
  }

  @Test
  void a_receiver_that_moves_to_another_processor_is_found_there() {
    AtomicInteger here = new AtomicInteger();
    AnycastChannel<Integer> channel = onProcessor(here, 8);
    List<Receiver<Integer>> receivers = join(channel, 2);
    receivers.forEach(Receiver::poll);
    here.set(5);
    receivers.get(1).poll();
    sendRange(channel, 0, 3);
    assertEquals(3, receivers.get(1).pending());
  }

  @Test
  void affinity_without_a_known_processor_says_so_and_chooses_the_least_loaded() {
    AtomicInteger unknown = new AtomicInteger(-1);
    AnycastChannel<Integer> channel = onProcessor(unknown, 8);
    List<Receiver<Integer>> receivers = join(channel, 2);
    receivers.forEach(Receiver::poll);
    sendRange(channel, 0, 6);
    assertEquals(List.of(3L, 3L), receivers.stream().map(Receiver::pending).toList());
    assertFalse(channel.affinityKnown());
    assertEquals("anycast/affinity-unknown", channel.stats().kind());
  }

  private AnycastChannel<Integer> onProcessor(AtomicInteger here, int capacity) {
    return own(new AnycastChannel<>(options(capacity), Policy.AFFINITY_FIRST, 1, here::get));
  }

  @Test
  void the_processor_is_known_where_the_platform_tells_and_native_access_is_granted()
      throws Exception {
    boolean linux = System.getProperty("os.name").equals("Linux");
    assertEquals(Boolean.toString(linux), affinityKnown("--enable-native-access=ALL-UNNAMED"));
    // Denied rather than not granted, which would only bring a warning.
    assertEquals("false", affinityKnown("--illegal-native-access=deny"));
  }

  /// What another virtual machine says on its standard output, errors included.
  private static String affinityKnown(String option) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-cp",
                System.getProperty("java.class.path"),
                AffinityKnown.class.getName())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  static final class AffinityKnown {
    private AffinityKnown() {}

    static void main(String[] args) {
      AnycastChannel<Integer> channel =
          new AnycastChannel<>(ChannelOptions.of("work", 4), Policy.AFFINITY_FIRST);
      Receiver<Integer> receiver = channel.receiver("receiver");
      receiver.poll();
      channel.trySend(1);
      receiver.poll();
      System.out.println(channel.affinityKnown());
    }
  }

  @Test
  void an_idle_receiver_steals_what_was_given_to_another() {
    AnycastChannel<Integer> channel = channel(Policy.WORK_STEALING, 8);
    List<Receiver<Integer>> receivers = join(channel, 3);
    sendRange(channel, 0, 9);
    assertEquals(9, messages(receivers.get(1)).size());
    assertInstanceOf(Received.Empty.class, receivers.get(0).poll());
  }

  @Test
  void a_batch_is_stolen_by_halves() {
    AnycastChannel<Integer> channel = channel(Policy.WORK_STEALING, 8);
    List<Receiver<Integer>> receivers = join(channel, 2);
    sendRange(channel, 0, 16);
    List<Integer> own = new ArrayList<>();
    assertEquals(8, receivers.get(0).drain(own::add, 8));
    assertEquals(4, receivers.get(0).drain(own::add, 4));
    assertEquals(4, receivers.get(1).pending());
    assertEquals(4, receivers.get(0).drain(own::add, 100));
    assertEquals(range(0, 16), own.stream().sorted().toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_parked_receiver_wakes_to_steal(boolean virtual) throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.WORK_STEALING, 8);
    channel.receiver("never comes");
    Receiver<Integer> waiting = channel.receiver("waiting");
    try (ExecutorService executor = executor(virtual)) {
      Future<Integer> sum =
          executor.submit(() -> {
            int total = 0;
            for (int i = 0; i < 10; i++) {
              total += message(waiting.receive());
            }
            return total;
          });
      for (int i = 0; i < 10; i++) {
        channel.send(i);
      }
      assertEquals(45, sum.get());
    }
  }

  /// Defect A4 of the original: who removes a worker loses what was queued for it.
  @ParameterizedTest
  @EnumSource(Policy.class)
  void a_receiver_that_leaves_hands_its_backlog_to_the_others(Policy policy) {
    AnycastChannel<Integer> channel = channel(policy, 8);
    List<Receiver<Integer>> receivers = join(channel, 2);
    sendRange(channel, 0, 16);
    receivers.get(0).close();
    receivers.get(0).close();
    assertEquals(1, channel.receiverCount());
    assertEquals(16, channel.stats().pending());
    assertEquals(range(0, 16), messages(receivers.get(1)).stream().sorted().toList());
    assertInstanceOf(Received.Closed.class, receivers.get(0).poll());
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void what_is_handed_over_comes_first_and_in_order(Policy policy) {
    AnycastChannel<Integer> channel = channel(policy, 100);
    Receiver<Integer> leaving = channel.receiver("leaving");
    sendRange(channel, 0, 100);
    Receiver<Integer> staying = channel.receiver("staying");
    leaving.close();
    sendRange(channel, 100, 105);
    List<Integer> drained = new ArrayList<>();
    assertEquals(105, staying.drain(drained::add, 1000));
    assertEquals(range(0, 105), drained);
  }

  @Test
  void a_thread_that_waits_in_a_receive_does_not_keep_its_receiver_from_leaving() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> leaving = channel.receiver("leaving");
    Receiver<Integer> staying = channel.receiver("staying");
    try (ExecutorService executor = executor(true)) {
      Future<Received<Integer>> waiting = blockedReceive(executor, leaving);
      leaving.close();
      assertInstanceOf(Received.Closed.class, waiting.get());
    }
    sendRange(channel, 0, 4);
    assertEquals(range(0, 4), messages(staying));
  }

  @Test
  void the_backlog_of_the_last_receiver_waits_for_the_next_one() {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> last = channel.receiver("last");
    sendRange(channel, 0, 4);
    last.close();
    assertEquals(4, channel.stats().pending());
    assertEquals(Sent.FULL, channel.trySend(9));
    assertEquals(range(0, 4), messages(channel.receiver("next")));
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void what_a_handler_that_threw_has_left_over_is_handed_over_too(Policy policy) {
    AnycastChannel<Integer> channel = channel(policy, 8);
    Receiver<Integer> failing = channel.receiver("failing");
    sendRange(channel, 0, 8);
    assertThrows(IllegalStateException.class, () -> failing.drain(failAt(2), 8));
    assertEquals(5, failing.pending());
    Receiver<Integer> staying = channel.receiver("staying");
    failing.close();
    assertEquals(range(3, 8), messages(staying));
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void a_handler_that_throws_keeps_what_is_behind_its_message(Policy policy) {
    AnycastChannel<Integer> channel = channel(policy, 8);
    Receiver<Integer> receiver = channel.receiver("receiver");
    sendRange(channel, 0, 8);
    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> receiver.drain(failAt(2), 8));
    assertEquals("at 2", failure.getMessage());
    assertEquals(5, receiver.pending());
    assertThrows(IllegalStateException.class, () -> receiver.drain(failAt(4), 8));
    assertEquals(range(5, 8), messages(receiver));
    assertEquals(8, receiver.stats().received());
  }

  /// What is handed over is taken out of its ring for good.
  @Test
  void a_handler_that_throws_at_a_message_handed_over_keeps_the_rest() {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 8);
    Receiver<Integer> leaving = channel.receiver("leaving");
    sendRange(channel, 0, 8);
    Receiver<Integer> staying = channel.receiver("staying");
    leaving.close();
    assertThrows(IllegalStateException.class, () -> staying.drain(failAt(3), 6));
    assertEquals(2, staying.pending());
    assertEquals(range(4, 8), messages(staying));
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void a_handler_that_closes_its_own_receiver_is_its_last(Policy policy) {
    AnycastChannel<Integer> channel = channel(policy, 8);
    Receiver<Integer> leaving = channel.receiver("leaving");
    sendRange(channel, 0, 8);
    Receiver<Integer> staying = channel.receiver("staying");
    int handed =
        leaving.drain(
            message -> {
              if (message == 2) {
                leaving.close();
              }
            },
            8);
    assertEquals(3, handed);
    assertEquals(3, leaving.stats().received());
    assertEquals(range(3, 8), messages(staying));
    assertInstanceOf(Received.Closed.class, leaving.poll());
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void a_sender_notices_a_receiver_that_died(Policy policy) throws Exception {
    AnycastChannel<Integer> channel = channel(policy, 8);
    die(channel.receiver("dying"));
    Receiver<Integer> living = channel.receiver("living");
    sendRange(channel, 0, 8);
    assertEquals(1, channel.receiverCount());
    assertEquals(range(0, 8), messages(living));
  }

  @Test
  void an_idle_receiver_notices_one_that_died_and_takes_over() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 8);
    Receiver<Integer> dying = channel.receiver("dying");
    Receiver<Integer> living = channel.receiver("living");
    sendRange(channel, 0, 8);
    die(dying);
    assertTrue(dying.stats().abandoned());
    List<Integer> all = new ArrayList<>();
    while (all.size() < 7) {
      all.add(message(living.receive()));
    }
    assertEquals(1, channel.receiverCount());
  }

  /// Nobody sends any more when it dies, so nobody but the parked one can notice.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_parked_receiver_notices_one_that_dies_within_about_a_second(boolean virtual)
      throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 8);
    Receiver<Integer> dying = channel.receiver("dying");
    Receiver<Integer> living = channel.receiver("living");
    channel.trySend(0);
    CountDownLatch has = new CountDownLatch(1);
    CountDownLatch mayDie = new CountDownLatch(1);
    Thread thread =
        start(
            virtual,
            () -> {
              dying.poll();
              has.countDown();
              mayDie.await();
              return null;
            });
    assertTrue(has.await(30, TimeUnit.SECONDS));
    try (ExecutorService executor = executor(virtual)) {
      AtomicReference<Thread> parked = new AtomicReference<>();
      Future<Integer> received =
          executor.submit(() -> {
            parked.set(Thread.currentThread());
            message(living.receive());
            return message(living.receive());
          });
      sendRange(channel, 1, 3);
      awaitParked(parked);
      mayDie.countDown();
      thread.join();
      assertTrue(received.get(30, TimeUnit.SECONDS) > 0);
    }
  }

  @Test
  void a_receiver_that_joins_takes_over_from_one_that_died() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.RANDOM, 8);
    Receiver<Integer> dying = channel.receiver("dying");
    sendRange(channel, 0, 5);
    die(dying);
    Receiver<Integer> next = channel.receiver("next");
    assertEquals(range(1, 5), messages(next));
    assertEquals(1, channel.receiverCount());
  }

  @Test
  void a_receiver_that_was_handed_over_has_not_died() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 8);
    Receiver<Integer> receiver = channel.receiver("receiver");
    Thread first =
        start(
            false,
            () -> {
              receiver.poll();
              receiver.handOver();
              return null;
            });
    first.join();
    sendRange(channel, 0, 3);
    assertEquals(range(0, 3), messages(receiver));
  }

  @Test
  void receivers_that_die_over_and_over_do_not_fill_the_memory() {
    int capacity = 4;
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, capacity);
    for (int i = 0; i < 100; i++) {
      Receiver<Integer> dying = channel.receiver("dying " + i);
      for (int message = 0; message < 2 * capacity; message++) {
        channel.trySend(message);
      }
      dying.close();
    }
    long pending = channel.stats().pending();
    assertTrue(pending <= 2L * capacity, "pending " + pending);
    Receiver<Integer> healthy = channel.receiver("healthy");
    assertEquals(pending, messages(healthy).size());
    assertEquals(Sent.SENT, channel.trySend(1));
  }

  @Test
  void without_a_receiver_a_send_is_refused_as_full() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.LEAST_LOADED, 4);
    assertEquals(Sent.FULL, channel.trySend(1));
    assertEquals(Sent.FULL, channel.send(1, Duration.ofMillis(1)));
    assertEquals(0, channel.stats().sent());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_blocked_sender_wakes_for_a_receiver_that_joins(boolean virtual) throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 1);
    try (ExecutorService executor = executor(virtual)) {
      Future<Sent> blocked = blockedSend(executor, channel, 1);
      Receiver<Integer> receiver = channel.receiver("receiver");
      assertEquals(Sent.SENT, blocked.get());
      assertEquals(1, message(receiver.poll()));
    }
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void a_blocked_sender_wakes_when_any_receiver_has_room(Policy policy) throws Exception {
    AnycastChannel<Integer> channel = channel(policy, 2);
    List<Receiver<Integer>> receivers = join(channel, 3);
    sendRange(channel, 0, 6);
    try (ExecutorService executor = executor(false)) {
      Future<Sent> blocked = blockedSend(executor, channel, 6);
      assertInstanceOf(Received.Message.class, receivers.get(2).poll());
      assertEquals(Sent.SENT, blocked.get());
    }
  }

  @Test
  void a_batch_wakes_as_many_senders_as_it_makes_room_for() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 8);
    Receiver<Integer> receiver = channel.receiver("receiver");
    sendRange(channel, 0, 8);
    try (ExecutorService executor = executor(true)) {
      List<Future<Sent>> blocked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        blocked.add(blockedSend(executor, channel, i));
      }
      assertEquals(8, receiver.drain(_ -> {}, 8));
      for (Sent sent : getAll(blocked)) {
        assertEquals(Sent.SENT, sent);
      }
    }
    assertEquals(8, receiver.pending());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_blocked_sender_wakes_for_a_close(boolean virtual) throws Exception {
    AnycastChannel<Integer> full = channel(Policy.ROUND_ROBIN, 1);
    full.receiver("receiver");
    full.trySend(0);
    AnycastChannel<Integer> deserted = channel(Policy.ROUND_ROBIN, 1);
    try (ExecutorService executor = executor(virtual)) {
      for (AnycastChannel<Integer> channel : List.of(full, deserted)) {
        Future<Sent> blocked = blockedSend(executor, channel, 1);
        channel.close();
        assertEquals(Sent.CLOSED, blocked.get());
      }
    }
  }

  @Test
  void an_interrupt_ends_a_blocked_send() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread blocked =
        start(
            false,
            () -> {
              thrown.set(assertThrows(InterruptedException.class, () -> channel.send(1)));
              return null;
            });
    blocked.interrupt();
    blocked.join();
    assertInstanceOf(InterruptedException.class, thrown.get());
    assertEquals(0, channel.stats().sent());
  }

  @Test
  void a_send_with_a_timeout_gives_up_full() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 1);
    channel.receiver("receiver");
    channel.trySend(0);
    long begin = System.nanoTime();
    assertEquals(Sent.FULL, channel.send(1, Duration.ofMillis(20)));
    assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(20));
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void a_receive_with_a_timeout_gives_up_empty_handed(Policy policy) throws Exception {
    AnycastChannel<Integer> channel = channel(policy, 4);
    List<Receiver<Integer>> receivers = join(channel, 2);
    long begin = System.nanoTime();
    assertInstanceOf(Received.Empty.class, receivers.get(0).receive(Duration.ofMillis(20)));
    assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(20));
    assertInstanceOf(Received.Empty.class, receivers.get(0).receive(Duration.ZERO));
    receivers.get(1).close();
    channel.trySend(1);
    assertEquals(1, message(receivers.get(0).receive(Duration.ofSeconds(30))));
  }

  /// It sleeps in pieces of a second.
  @Test
  void a_receive_with_a_timeout_waits_beyond_its_longest_sleep() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> receiver = channel.receiver("receiver");
    long begin = System.nanoTime();
    assertInstanceOf(Received.Empty.class, receiver.receive(Duration.ofMillis(1200)));
    assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(1200));
  }

  @Test
  void an_interrupt_ends_a_receive_that_waits() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> receiver = channel.receiver("receiver");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiting =
        start(
            false,
            () -> {
              thrown.set(assertThrows(InterruptedException.class, receiver::receive));
              return null;
            });
    waiting.interrupt();
    waiting.join();
    assertInstanceOf(InterruptedException.class, thrown.get());
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void close_lets_what_was_accepted_be_received_and_then_tells_the_cause(Policy policy) {
    AnycastChannel<Integer> channel = channel(policy, 4);
    List<Receiver<Integer>> receivers = join(channel, 2);
    sendRange(channel, 0, 6);
    Exception cause = new Exception("unplugged");
    channel.close(cause);
    channel.close(new Exception("a second close counts for nothing"));
    assertEquals(Sent.CLOSED, channel.trySend(6));
    assertTrue(channel.isClosed());
    List<Integer> all = new ArrayList<>();
    receivers.forEach(receiver -> all.addAll(messages(receiver)));
    assertEquals(range(0, 6), all.stream().sorted().toList());
    for (Receiver<Integer> receiver : receivers) {
      assertSame(cause, assertInstanceOf(Received.Closed.class, receiver.poll()).cause());
    }
    assertEquals(6, channel.stats().sent());
  }

  @Test
  void a_receiver_that_joins_a_closed_channel_gets_what_was_left_behind_and_then_the_end() {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> leaving = channel.receiver("leaving");
    sendRange(channel, 0, 3);
    channel.close();
    leaving.close();
    Receiver<Integer> late = channel.receiver("late");
    assertEquals(range(0, 3), messages(late));
    assertInstanceOf(Received.Closed.class, late.poll());
    assertEquals(Sent.CLOSED, channel.trySend(1));
  }

  @Test
  void a_receiver_does_not_see_the_end_before_it_has_taken_over_from_the_dead() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    List<Receiver<Integer>> receivers = join(channel, 5);
    sendRange(channel, 0, 20);
    channel.close();
    for (int i = 1; i < 5; i++) {
      die(receivers.get(i));
    }
    assertEquals(16, messages(receivers.get(0)).size());
    assertInstanceOf(Received.Closed.class, receivers.get(0).poll());
    assertEquals(0, channel.stats().pending());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void parked_receivers_wake_for_a_close_and_for_leaving(boolean virtual) throws Exception {
    for (Policy policy : List.of(Policy.ROUND_ROBIN, Policy.WORK_STEALING)) {
      AnycastChannel<Integer> channel = channel(policy, 4);
      Receiver<Integer> closed = channel.receiver("closed");
      Receiver<Integer> left = channel.receiver("left");
      try (ExecutorService executor = executor(virtual)) {
        Future<Received<Integer>> leaving = blockedReceive(executor, left);
        left.close();
        assertInstanceOf(Received.Closed.class, leaving.get());
        Future<Received<Integer>> closing = blockedReceive(executor, closed);
        channel.close();
        assertInstanceOf(Received.Closed.class, closing.get());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_parked_receiver_wakes_for_a_message_and_for_a_backlog(boolean virtual) throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> waiting = channel.receiver("waiting");
    try (ExecutorService executor = executor(virtual)) {
      Future<Received<Integer>> first = blockedReceive(executor, waiting);
      channel.trySend(1);
      assertEquals(1, message(first.get()));
    }
    waiting.handOver();
    Receiver<Integer> next = channel.receiver("next");
    Receiver<Integer> leaving = channel.receiver("leaving");
    sendRange(channel, 2, 8);
    try (ExecutorService executor = executor(virtual)) {
      Future<Integer> third =
          executor.submit(() -> {
            message(next.receive());
            message(next.receive());
            return message(next.receive());
          });
      leaving.close();
      assertTrue(third.get() > 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void a_batch_from_a_full_ring_gives_each_message_once(int capacity) {
    for (Policy policy : Policy.values()) {
      AnycastChannel<Integer> channel = channel(policy, capacity);
      Receiver<Integer> receiver = channel.receiver("receiver");
      sendRange(channel, 0, capacity);
      List<Integer> drained = new ArrayList<>();
      assertEquals(capacity, receiver.drain(drained::add, 1000));
      assertEquals(range(0, capacity), drained);
    }
  }

  @Test
  void positions_go_round_and_round_a_ring_of_odd_capacity() {
    for (Policy policy : Policy.values()) {
      AnycastChannel<Integer> channel = channel(policy, 3);
      Receiver<Integer> receiver = channel.receiver("receiver");
      for (int i = 0; i < 1000; i += 3) {
        sendRange(channel, i, i + 3);
        assertEquals(Sent.FULL, channel.trySend(-1));
        assertEquals(range(i, i + 3), messages(receiver));
      }
    }
  }

  @Test
  void no_message_at_all_is_refused_with_the_name_of_the_channel() {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> receiver = channel.receiver("receiver");
    NullPointerException refusal =
        assertThrows(NullPointerException.class, () -> channel.trySend(null));
    assertEquals("work", refusal.getMessage());
    assertThrows(NullPointerException.class, () -> channel.send(null));
    assertThrows(NullPointerException.class, () -> channel.send(null, Duration.ZERO));
    assertInstanceOf(Received.Empty.class, receiver.poll());
  }

  @Test
  void bad_arguments_are_refused_with_their_values() {
    assertThrows(NullPointerException.class, () -> new AnycastChannel<>(options(1), null));
    assertThrows(NullPointerException.class, () -> new AnycastChannel<>(null, Policy.ROUND_ROBIN));
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 1);
    assertRefused("-1", () -> options(-1));
    assertRefused("\" \"", () -> channel.receiver(" "));
    Receiver<Integer> receiver = channel.receiver("receiver");
    channel.trySend(0);
    assertRefused("PT-1S", () -> channel.send(1, Duration.ofSeconds(-1)));
    assertRefused("0", () -> receiver.drain(_ -> {}, 0));
    assertRefused(
        "PT-2S",
        () -> {
          receiver.poll();
          return receiver.receive(Duration.ofSeconds(-2));
        });
    assertEquals(1, channel.receiverCount());
  }

  private static void assertRefused(String value, Callable<?> call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call::call);
    assertTrue(refusal.getMessage().contains(value), refusal.getMessage());
  }

  @Test
  void a_second_thread_can_not_receive_while_the_first_lives() throws Exception {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    Receiver<Integer> receiver = channel.receiver("mine");
    receiver.poll();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    start(
            false,
            () -> {
              thrown.set(assertThrows(IllegalStateException.class, receiver::poll));
              return null;
            })
        .join();
    assertTrue(thrown.get().getMessage().contains("mine"), thrown.get().getMessage());
  }

  @Test
  void statistics_tell_of_each_receiver_its_name_and_thread_and_load() {
    AnycastChannel<Integer> channel = channel(Policy.ROUND_ROBIN, 4);
    List<Receiver<Integer>> receivers = join(channel, 2);
    sendRange(channel, 0, 6);
    receivers.get(0).poll();
    ChannelStats stats = channel.stats();
    assertEquals("work", stats.name());
    assertEquals("anycast/round-robin", stats.kind());
    assertEquals(6, stats.sent());
    assertEquals(1, stats.received());
    assertEquals(5, stats.pending());
    ReceiverStats first = stats.receivers().get(0);
    assertEquals("receiver 0", first.name());
    assertEquals(Thread.currentThread().getName(), first.thread());
    assertEquals(1, first.received());
    assertEquals(2, first.pending());
    assertEquals(0.75, first.load());
    assertEquals(3, stats.receivers().get(1).pending());
    assertEquals("", stats.receivers().get(1).thread());
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void latency_is_told_of_messages_that_were_handed_over_too(Policy policy) {
    AnycastChannel<Integer> channel =
        own(new AnycastChannel<>(options(8).latency(LatencyTracking.FULL), policy));
    List<Receiver<Integer>> receivers = join(channel, 2);
    sendRange(channel, 0, 8);
    receivers.get(0).close();
    receivers.get(1).drain(_ -> {}, 3);
    assertTrue(
        assertInstanceOf(Received.Message.class, receivers.get(1).poll()).latencyNanos() >= 0);
    messages(receivers.get(1));
    assertEquals(8, channel.stats().latency().count());
  }

  @ParameterizedTest
  @EnumSource(WaitStrategy.class)
  void messages_get_through_however_threads_wait(WaitStrategy waiting) throws Exception {
    AnycastChannel<Integer> channel =
        own(new AnycastChannel<>(options(1).waiting(waiting), Policy.LEAST_LOADED));
    List<Receiver<Integer>> receivers = join(channel, 2);
    try (ExecutorService executor = executor(false)) {
      List<Future<Long>> receiving = new ArrayList<>();
      receivers.forEach(receiver -> receiving.add(executor.submit(() -> receiveAll(receiver))));
      for (int i = 0; i < 100; i++) {
        channel.send(i);
      }
      channel.close();
      assertEquals(100, getAll(receiving).stream().mapToLong(Long::longValue).sum());
    }
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void every_message_arrives_once_and_in_order_of_its_sender_on_platform_threads(Policy policy)
      throws Exception {
    race(policy, false, 3, 3, 40_000, 16);
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void every_message_arrives_once_and_in_order_of_its_sender_on_virtual_threads(Policy policy)
      throws Exception {
    race(policy, true, 1000, 1000, 40, 4);
  }

  /// Stealing is the one policy under which messages of a sender change places among receivers, but
  /// what one receiver gets from its own ring is in order all the same.
  private void race(
      Policy policy, boolean virtual, int senders, int receivers, int each, int capacity)
      throws Exception {
    AnycastChannel<Long> channel = own(new AnycastChannel<>(options(capacity), policy));
    List<Receiver<Long>> joined = new ArrayList<>();
    for (int i = 0; i < receivers; i++) {
      joined.add(channel.receiver("receiver " + i));
    }
    try (ExecutorService executor = executor(virtual)) {
      List<Future<List<Long>>> receiving = new ArrayList<>();
      for (int i = 0; i < receivers; i++) {
        Receiver<Long> receiver = joined.get(i);
        boolean drains = i % 2 == 1;
        receiving.add(executor.submit(() -> receiveList(receiver, drains)));
      }
      List<Future<?>> sending = new ArrayList<>();
      for (int sender = 0; sender < senders; sender++) {
        long first = (long) sender * each;
        sending.add(
            executor.submit(() -> {
              for (long i = first; i < first + each; i++) {
                assertEquals(Sent.SENT, channel.send(i));
              }
              return null;
            }));
      }
      getAll(sending);
      channel.close();
      assertOnce(getAll(receiving), senders, each, !channel.steals());
    }
    assertEquals(0, channel.stats().pending());
  }

  /// Receivers join, leave and die while senders send: the law holds, and each message arrives
  /// once.
  @ParameterizedTest
  @EnumSource(Policy.class)
  void nothing_is_lost_while_receivers_come_and_go(Policy policy) throws Exception {
    long seed = 5;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int senders = 2;
    int each = 20_000;
    AnycastChannel<Long> channel = own(new AnycastChannel<>(options(16), policy));
    List<List<Long>> lists = new CopyOnWriteArrayList<>();
    try (ExecutorService executor = executor(true)) {
      List<Future<?>> sending = new ArrayList<>();
      for (int sender = 0; sender < senders; sender++) {
        long first = (long) sender * each;
        sending.add(
            executor.submit(() -> {
              for (long i = first; i < first + each; i++) {
                assertEquals(Sent.SENT, channel.send(i));
              }
              return null;
            }));
      }
      List<Future<?>> leaving = new ArrayList<>();
      for (int round = 0; round < 200; round++) {
        Receiver<Long> receiver = channel.receiver("receiver " + round);
        int messages = random.nextInt(200);
        boolean dies = random.nextBoolean();
        boolean throwing = random.nextBoolean();
        leaving.add(executor.submit(() -> lists.add(workFor(receiver, messages, dies, throwing))));
        if (round % 4 == 3) {
          getAll(leaving);
          leaving.clear();
        }
      }
      Receiver<Long> last = channel.receiver("last");
      Future<?> rest = executor.submit(() -> lists.add(receiveList(last, true)));
      getAll(leaving);
      getAll(sending);
      channel.close();
      rest.get();
    }
    assertOnce(lists, senders, each, false);
    assertEquals(0, channel.stats().pending());
  }

  /// Receives some messages, waiting for each only shortly, then leaves or lets its thread end.
  private static List<Long> workFor(
      Receiver<Long> receiver, int messages, boolean dies, boolean throwing) throws Exception {
    List<Long> list = new ArrayList<>();
    while (list.size() < messages
        && receiver.receive(Duration.ofMillis(1)) instanceof Received.Message<Long> message) {
      list.add(message.value());
    }
    if (throwing) {
      try {
        receiver.drain(
            message -> {
              list.add(message);
              throw new IllegalStateException("on purpose");
            },
            64);
      } catch (IllegalStateException e) {
        assertEquals("on purpose", e.getMessage());
      }
    }
    if (!dies) {
      receiver.close();
    }
    return list;
  }

  private static void assertOnce(List<List<Long>> lists, int senders, int each, boolean inOrder) {
    BitSet seen = new BitSet(senders * each);
    for (List<Long> list : lists) {
      long[] last = new long[senders];
      for (long message : list) {
        assertFalse(seen.get((int) message), "twice: " + message);
        seen.set((int) message);
        int sender = (int) (message / each);
        assertTrue(!inOrder || message >= last[sender], "out of order: " + message);
        last[sender] = message;
      }
    }
    assertEquals(senders * each, seen.cardinality());
  }

  private static List<Long> receiveList(Receiver<Long> receiver, boolean drains)
      throws InterruptedException {
    List<Long> list = new ArrayList<>();
    while (receiver.receive() instanceof Received.Message<Long> message) {
      list.add(message.value());
      if (drains) {
        receiver.drain(list::add, 7);
      }
    }
    return list;
  }

  private static long receiveAll(Receiver<Integer> receiver) throws InterruptedException {
    long count = 0;
    while (receiver.receive() instanceof Received.Message<Integer>) {
      count++;
    }
    return count;
  }

  /// Its thread receives one message, if there is one, and ends without a close.
  private static void die(Receiver<Integer> receiver) throws InterruptedException {
    start(false, receiver::poll).join();
  }

  private static Thread start(boolean virtual, Callable<?> body) {
    Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
    return builder.start(() -> {
      try {
        body.call();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  private static Future<Sent> blockedSend(
      ExecutorService executor, AnycastChannel<Integer> channel, int message) {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Future<Sent> sent =
        executor.submit(() -> {
          thread.set(Thread.currentThread());
          return channel.send(message);
        });
    awaitParked(thread);
    return sent;
  }

  private static Future<Received<Integer>> blockedReceive(
      ExecutorService executor, Receiver<Integer> receiver) {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Future<Received<Integer>> received =
        executor.submit(() -> {
          thread.set(Thread.currentThread());
          return receiver.receive();
        });
    awaitParked(thread);
    return received;
  }

  private static void awaitParked(AtomicReference<Thread> thread) {
    while (thread.get() == null || thread.get().getState() != Thread.State.TIMED_WAITING) {
      assertFalse(Thread.interrupted(), "it never parked");
      Thread.onSpinWait();
    }
  }

  private static ExecutorService executor(boolean virtual) {
    return virtual
        ? Executors.newVirtualThreadPerTaskExecutor()
        : Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
  }

  private static <V> List<V> getAll(List<? extends Future<? extends V>> futures) throws Exception {
    List<V> values = new ArrayList<>();
    for (Future<? extends V> future : futures) {
      values.add(future.get());
    }
    return values;
  }

  private AnycastChannel<Integer> channel(Policy policy, int capacity) {
    return own(new AnycastChannel<>(options(capacity), policy));
  }

  private <T> AnycastChannel<T> own(AnycastChannel<T> channel) {
    made.add(channel);
    return channel;
  }

  private static ChannelOptions options(int capacity) {
    return ChannelOptions.of("work", capacity);
  }

  private static <T> List<Receiver<T>> join(AnycastChannel<T> channel, int count) {
    List<Receiver<T>> receivers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      receivers.add(channel.receiver("receiver " + i));
    }
    return receivers;
  }

  private static void sendRange(AnycastChannel<Integer> channel, int from, int to) {
    for (int i = from; i < to; i++) {
      assertEquals(Sent.SENT, channel.trySend(i));
    }
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> values = new ArrayList<>();
    for (int i = from; i < to; i++) {
      values.add(i);
    }
    return values;
  }

  private static Consumer<Integer> failAt(int value) {
    return message -> {
      if (message == value) {
        throw new IllegalStateException("at " + value);
      }
    };
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
}
