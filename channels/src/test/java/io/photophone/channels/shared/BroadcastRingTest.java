package io.photophone.channels.shared;

import static io.photophone.channels.shared.Bytes.all;
import static io.photophone.channels.shared.Bytes.bytes;
import static io.photophone.channels.shared.Bytes.pattern;
import static io.photophone.channels.shared.Bytes.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("C7")
final class BroadcastRingTest {
  @TempDir Path directory;

  private Path file;
  private BroadcastSender sender;

  /// Receivers with the number of messages that were sent before they began.
  private final Map<BroadcastReceiver, Long> receivers = new HashMap<>();

  private void open(int capacity, int maxMessage) {
    file = directory.resolve("ring");
    SharedRing.broadcast(capacity, maxMessage).create(file);
    sender = BroadcastSender.attach(file);
  }

  private BroadcastReceiver join(From from) {
    BroadcastReceiver receiver = BroadcastReceiver.join(file, from);
    receivers.put(receiver, sender.sent() - receiver.pending());
    return receiver;
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      assertEquals(SharedSent.SENT, sender.send(bytes(Integer.toString(i))));
    }
  }

  /// What was sent since a receiver began was received, missed or is pending, after every test.
  @AfterEach
  void nothing_is_lost_uncounted() {
    receivers.forEach((receiver, before) ->
        assertEquals(
            sender.sent() - before, receiver.received() + receiver.missed() + receiver.pending()));
    sender.close();
  }

  @Test
  void every_receiver_gets_every_message() {
    open(256, 8);
    BroadcastReceiver one = join(From.OLDEST);
    BroadcastReceiver other = join(From.OLDEST);
    send(1, 4);
    assertEquals(List.of("1", "2", "3", "empty"), all(one));
    assertEquals(List.of("1", "2", "3", "empty"), all(other));
  }

  @Test
  void a_receiver_begins_where_it_says() {
    open(256, 8);
    send(1, 4);
    BroadcastReceiver oldest = join(From.OLDEST);
    BroadcastReceiver newest = join(From.NEWEST);
    BroadcastReceiver next = join(From.NEXT);
    send(4, 5);
    assertEquals(List.of("1", "2", "3", "4", "empty"), all(oldest));
    assertEquals(List.of("3", "4", "empty"), all(newest));
    assertEquals(List.of("4", "empty"), all(next));
  }

  @ParameterizedTest
  @EnumSource(From.class)
  void in_an_empty_ring_a_receiver_begins_with_the_first_message(From from) {
    open(256, 8);
    BroadcastReceiver receiver = join(from);
    assertEquals("empty", told(receiver));
    send(1, 2);
    assertEquals(List.of("1", "empty"), all(receiver));
  }

  /// Records of 24 bytes and 8 bytes behind them: 96 bytes retain three.
  @Test
  void a_receiver_that_was_overtaken_is_told_exactly_how_many_it_missed() {
    open(96, 8);
    BroadcastReceiver oldest = join(From.OLDEST);
    BroadcastReceiver newest = join(From.NEWEST);
    BroadcastReceiver next = join(From.NEXT);
    send(1, 4);
    assertEquals("1", told(oldest));
    assertEquals("1", told(newest));
    assertEquals("1", told(next));
    send(4, 101);
    assertEquals(List.of("lagged 96", "98", "99", "100", "empty"), all(oldest));
    assertEquals(List.of("lagged 98", "100", "empty"), all(newest));
    assertEquals(List.of("lagged 99", "empty"), all(next));
    assertEquals(96, oldest.missed());
  }

  @Test
  void a_receiver_is_told_nothing_missed_up_to_the_last_message_that_fits() {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    send(1, 4);
    assertEquals("1", told(receiver));
    send(4, 5);
    assertEquals(List.of("2", "3", "4", "empty"), all(receiver));
  }

  @Test
  void a_drain_stops_at_a_lag_and_the_next_call_tells_it() {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    send(1, 3);
    List<Integer> handled = new ArrayList<>();
    MessageHandler overtaken =
        (_, _, length) -> {
          handled.add(length);
          send(3, 10);
        };
    assertInstanceOf(SharedReceived.Message.class, receiver.drain(overtaken, 10));
    assertEquals(1, handled.size());
    assertEquals(
        new SharedReceived.Lagged(5), receiver.drain((_, _, _) -> {}, 10), "2 to 6 are lost");
    assertEquals(List.of("7", "8", "9", "empty"), all(receiver));
  }

  /// A handler has its own copy, whatever the sender does meanwhile.
  @Test
  void a_message_stays_whole_while_it_is_handled() {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    sender.send(pattern(1, 8));
    receiver.poll((memory, offset, length) -> {
      send(10, 50);
      ByteBuffer seen = memory.asSlice(offset, length).asByteBuffer();
      assertEquals(ByteBuffer.wrap(pattern(1, 8)), seen);
    });
  }

  @Test
  void the_longest_message_leaves_room_for_nothing_else_if_need_be() {
    open(64, 16);
    BroadcastReceiver receiver = join(From.OLDEST);
    for (int i = 0; i < 50; i++) {
      sender.send(pattern(i, 16));
      sender.send(pattern(i, i % 17));
    }
    assertInstanceOf(SharedReceived.Lagged.class, receiver.poll(ByteBuffer.allocate(16)));
    ByteBuffer buffer = ByteBuffer.allocate(16);
    assertInstanceOf(SharedReceived.Message.class, receiver.poll(buffer));
  }

  /// The whole history is known, so is what each receiver must be told.
  @ParameterizedTest
  @EnumSource(From.class)
  void messages_and_lags_account_for_every_message_over_many_laps(From from) {
    open(1000, 100);
    long seed = 4711;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    BroadcastReceiver receiver = join(from);
    List<byte[]> history = new ArrayList<>();
    int next = 0;
    ByteBuffer buffer = ByteBuffer.allocate(100);
    for (int i = 0; i < 5_000; i++) {
      for (int sends = random.nextInt(30); sends > 0; sends--) {
        history.add(pattern(history.size(), random.nextInt(101)));
        sender.send(history.getLast());
      }
      for (int polls = random.nextInt(30); polls > 0; polls--) {
        switch (receiver.poll(buffer.clear())) {
          case SharedReceived.Message _ ->
              assertEquals(ByteBuffer.wrap(history.get(next++)), buffer.flip());
          case SharedReceived.Lagged(long missed) -> next += (int) missed;
          case SharedReceived.Empty _ -> assertEquals(history.size(), next);
          case SharedReceived outcome -> throw new AssertionError(outcome);
        }
      }
    }
  }

  @Test
  void what_is_in_the_ring_is_received_after_the_close_and_then_the_end() {
    open(256, 8);
    BroadcastReceiver early = join(From.OLDEST);
    send(1, 3);
    sender.close();
    sender.close();
    assertEquals(SharedSent.CLOSED, sender.send(bytes("never")));
    assertEquals(List.of("1", "2", "closed"), all(early));
    assertEquals(List.of("2", "closed"), all(join(From.NEWEST)));
    assertEquals(List.of("closed"), all(join(From.NEXT)));
  }

  @Test
  void a_receiver_that_left_sees_the_end_and_nobody_else_does() {
    open(256, 8);
    BroadcastReceiver left = join(From.OLDEST);
    BroadcastReceiver stays = join(From.OLDEST);
    left.close();
    send(1, 2);
    assertEquals("closed", told(left));
    assertEquals(List.of("1", "empty"), all(stays));
  }

  @Test
  void a_sender_that_leaves_hands_over_to_the_next_without_a_gap() {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    send(1, 10);
    sender.leave();
    assertEquals(Peer.State.ABSENT, receiver.sender().state());
    sender = BroadcastSender.attach(file);
    assertEquals(9, sender.sent());
    send(10, 12);
    assertEquals(List.of("lagged 8", "9", "10", "11", "empty"), all(receiver));
  }

  @Test
  void a_second_sender_is_refused_with_the_pid_of_the_first() {
    open(96, 8);
    SharedRingException second =
        assertThrows(SharedRingException.class, () -> BroadcastSender.attach(file));
    assertTrue(
        second.getMessage().contains("process " + ProcessHandle.current().pid()),
        second.getMessage());
  }

  @Test
  void a_message_that_is_too_long_is_refused_with_its_size_and_the_limit() {
    open(96, 8);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> sender.send(new byte[9]));
    assertEquals(
        "message for ring file %s is 9 bytes, allowed: [0, 8]".formatted(file),
        refusal.getMessage());
  }

  @Test
  void a_buffer_that_is_too_small_is_refused_and_the_message_can_still_be_received() {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    sender.send(bytes("12345678"));
    assertThrows(IllegalArgumentException.class, () -> receiver.poll(ByteBuffer.allocate(7)));
    assertEquals(List.of("12345678", "empty"), all(receiver));
  }

  @Test
  void a_receive_with_a_timeout_gives_up_after_it() throws Exception {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    long begin = System.nanoTime();
    assertInstanceOf(
        SharedReceived.Empty.class,
        receiver.receive(ByteBuffer.allocate(8), Duration.ofMillis(20)));
    assertTrue(System.nanoTime() - begin >= Duration.ofMillis(20).toNanos());
  }

  @Test
  void an_interrupt_ends_a_wait() throws Exception {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    List<Throwable> thrown = new ArrayList<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(() ->
                thrown.add(
                    assertThrows(
                        InterruptedException.class,
                        () -> receiver.receive(ByteBuffer.allocate(8)))));
    waiting.interrupt();
    waiting.join();
    assertEquals(1, thrown.size());
  }

  @Test
  void a_broken_word_is_told_with_its_place_and_not_received() {
    open(96, 8);
    BroadcastReceiver receiver = join(From.OLDEST);
    send(1, 2);
    RingMemory ring = RingFile.map(file, SharedRing.Kind.BROADCAST, MapMode.READ_WRITE);
    ring.commitWord(RingLayout.HEADER_BYTES, RingLayout.word(5, RingLayout.MESSAGE));
    SharedRingException broken =
        assertThrows(SharedRingException.class, () -> receiver.poll(ByteBuffer.allocate(8)));
    assertEquals(
        "ring file %s is broken at offset 768: word is 0x15, sequence allowed: 0".formatted(file),
        broken.getMessage());
  }

  /// The sender laps the receivers all the time; what they get is whole, and the rest is counted.
  @ParameterizedTest
  @EnumSource(From.class)
  void nothing_is_torn_or_lost_uncounted_while_sender_and_receivers_race(From from)
      throws Exception {
    open(1024, 100);
    int messages = 300_000;
    List<Future<Long>> outcomes = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        BroadcastReceiver receiver = join(from);
        outcomes.add(executor.submit(() -> receiveAll(receiver)));
      }
      for (int i = 0; i < messages; i++) {
        sender.send(pattern(i, i % 101));
      }
      sender.close();
      for (Future<Long> outcome : outcomes) {
        assertEquals(messages, outcome.get());
      }
    }
  }

  private static long receiveAll(BroadcastReceiver receiver) throws InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(100);
    long next = 0;
    while (true) {
      switch (receiver.receive(buffer.clear())) {
        case SharedReceived.Message _ -> {
          assertEquals(ByteBuffer.wrap(pattern(next, (int) (next % 101))), buffer.flip());
          next++;
        }
        case SharedReceived.Lagged(long missed) -> {
          assertTrue(missed > 0);
          next += missed;
        }
        case SharedReceived.Closed _ -> {
          return next;
        }
        case SharedReceived outcome -> throw new AssertionError(outcome);
      }
    }
  }
}
