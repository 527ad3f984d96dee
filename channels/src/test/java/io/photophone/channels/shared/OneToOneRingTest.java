package io.photophone.channels.shared;

import static io.photophone.channels.shared.Bytes.all;
import static io.photophone.channels.shared.Bytes.bytes;
import static io.photophone.channels.shared.Bytes.pattern;
import static io.photophone.channels.shared.Bytes.told;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C7")
final class OneToOneRingTest {
  @TempDir Path directory;

  private Path file;
  private OneToOneSender sender;
  private OneToOneReceiver receiver;

  private void open(int capacity, int maxMessage) {
    file = directory.resolve("ring");
    SharedRing.oneToOne(capacity, maxMessage).create(file);
    sender = OneToOneSender.attach(file);
    receiver = OneToOneReceiver.attach(file);
  }

  /// What was sent is received or pending, after every test.
  @AfterEach
  void nothing_is_lost() {
    if (receiver != null) {
      assertEquals(sender.sent(), receiver.received() + receiver.pending());
      sender.close();
      receiver.close();
    }
  }

  @Test
  void messages_arrive_once_in_order_and_with_their_bytes() {
    open(256, 64);
    sender.trySend(bytes("one"));
    sender.trySend(bytes(""));
    sender.trySend(bytes("three"));
    assertEquals(List.of("one", "", "three", "empty"), all(receiver));
  }

  @Test
  void a_buffer_sends_what_remains_in_it_and_is_empty_then() {
    open(256, 64);
    ByteBuffer onHeap = ByteBuffer.wrap(bytes("-heap-")).position(1).limit(5).slice();
    ByteBuffer direct = ByteBuffer.allocateDirect(8).put(bytes("-direct-")).position(1).limit(7);
    assertEquals(SharedSent.SENT, sender.trySend(onHeap));
    assertEquals(SharedSent.SENT, sender.trySend(direct));
    assertEquals(0, onHeap.remaining() + direct.remaining());
    assertEquals(List.of("heap", "direct", "empty"), all(receiver));
  }

  @Test
  void a_direct_buffer_receives_behind_what_it_holds_already() {
    open(256, 64);
    sender.trySend(bytes("two"));
    ByteBuffer buffer = ByteBuffer.allocateDirect(64).put(bytes("one "));
    assertEquals("one two", told(receiver.poll(buffer), buffer));
  }

  @Test
  void a_message_can_be_written_and_read_in_place() {
    open(256, 64);
    sender.trySend(8, slice -> slice.set(ValueLayout.JAVA_LONG, 0, 42));
    List<Long> values = new ArrayList<>();
    receiver.poll((memory, offset, length) -> {
      assertEquals(8, length);
      values.add(memory.asSlice(offset, length).get(ValueLayout.JAVA_LONG, 0));
    });
    assertEquals(List.of(42L), values);
  }

  @Test
  void a_handler_can_not_write_into_the_ring() {
    open(256, 64);
    sender.trySend(bytes("one"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            receiver.poll(
                (memory, offset, _) -> memory.set(ValueLayout.JAVA_BYTE, offset, (byte) 0)));
  }

  @Test
  void nothing_is_sent_if_the_writer_throws() {
    open(256, 64);
    sender.trySend(bytes("before"));
    assertThrows(
        IllegalStateException.class,
        () ->
            sender.trySend(
                8,
                slice -> {
                  slice.fill((byte) 1);
                  throw new IllegalStateException("on purpose");
                }));
    sender.trySend(bytes("after"));
    assertEquals(List.of("before", "after", "empty"), all(receiver));
  }

  @Test
  void a_message_counts_as_received_if_its_handler_throws() {
    open(256, 64);
    sender.trySend(bytes("poison"));
    sender.trySend(bytes("next"));
    assertThrows(
        IllegalStateException.class,
        () ->
            receiver.poll((_, _, _) -> {
              throw new IllegalStateException("on purpose");
            }));
    assertEquals(List.of("next", "empty"), all(receiver));
  }

  @Test
  void a_buffer_that_is_too_small_is_refused_and_the_message_stays() {
    open(256, 64);
    sender.trySend(bytes("seven b"));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> receiver.poll(ByteBuffer.allocate(6)));
    assertEquals("message is 7 bytes, the buffer has room for 6", refusal.getMessage());
    assertEquals(List.of("seven b", "empty"), all(receiver));
  }

  @Test
  void a_message_that_is_too_long_is_refused_with_its_size_and_the_limit() {
    open(256, 64);
    assertEquals(SharedSent.SENT, sender.trySend(new byte[64]));
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> sender.trySend(new byte[65]));
    assertEquals(
        "message for ring file %s is 65 bytes, allowed: [0, 64]".formatted(file),
        refusal.getMessage());
  }

  /// Records of 16 bytes and the message, rounded up to 8; 8 bytes stay free.
  @ParameterizedTest
  @CsvSource({"64, 0, 3", "72, 0, 4", "256, 8, 10", "248, 8, 10", "264, 8, 10", "272, 8, 11"})
  void a_ring_holds_exactly_what_its_capacity_says(int capacity, int length, int messages) {
    open(capacity, length);
    for (int i = 0; i < messages; i++) {
      assertEquals(SharedSent.SENT, sender.trySend(new byte[length]), "message " + i);
    }
    assertEquals(SharedSent.FULL, sender.trySend(new byte[length]));
    assertEquals((capacity - 8) / SharedRing.recordBytes(length), messages);
  }

  @Test
  void a_full_ring_takes_a_message_again_once_one_was_received() {
    open(64, 0);
    while (sender.trySend(new byte[0]) == SharedSent.SENT) {
      // until it is full
    }
    receiver.poll(ByteBuffer.allocate(0));
    assertEquals(SharedSent.SENT, sender.trySend(new byte[0]));
    assertEquals(SharedSent.FULL, sender.trySend(new byte[0]));
  }

  /// Wherever the end of the ring is, the longest message fits into an empty one.
  @Test
  void an_empty_ring_takes_the_longest_message_at_every_place() {
    open(256, SharedRing.oneToOne(256, 112).maxMessage());
    for (int i = 0; i < 200; i++) {
      assertEquals(SharedSent.SENT, sender.trySend(pattern(i, 8 * (i % 3))));
      assertInstanceOf(SharedReceived.Message.class, receiver.poll(ByteBuffer.allocate(112)));
      assertEquals(SharedSent.SENT, sender.trySend(pattern(i, 112)));
      ByteBuffer buffer = ByteBuffer.allocate(112);
      assertInstanceOf(SharedReceived.Message.class, receiver.poll(buffer));
      assertArrayEquals(pattern(i, 112), buffer.array());
    }
  }

  /// Against a queue that knows nothing of bytes.
  @ParameterizedTest
  @ValueSource(ints = {64, 72, 256, 1000})
  void a_ring_does_what_a_queue_does_over_many_laps(int capacity) {
    int maxMessage = RingLayout.longestMessage(capacity);
    open(capacity, maxMessage);
    long seed = 20261121L + capacity;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ArrayDeque<byte[]> queue = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      if (random.nextBoolean()) {
        byte[] message = pattern(i, random.nextInt(maxMessage + 1));
        if (sender.trySend(message) == SharedSent.SENT) {
          queue.add(message);
        } else {
          int held = queue.stream().mapToInt(m -> SharedRing.recordBytes(m.length)).sum();
          int record = SharedRing.recordBytes(message.length);
          assertTrue(held + record + SharedRing.recordBytes(maxMessage) > capacity);
        }
      } else {
        ByteBuffer buffer = ByteBuffer.allocate(maxMessage);
        SharedReceived outcome = receiver.poll(buffer);
        if (queue.isEmpty()) {
          assertInstanceOf(SharedReceived.Empty.class, outcome);
        } else {
          byte[] received = new byte[buffer.flip().remaining()];
          buffer.get(received);
          assertArrayEquals(queue.remove(), received);
        }
      }
      assertEquals(queue.size(), receiver.pending());
    }
  }

  @Test
  void draining_handles_no_more_than_the_limit_and_then_tells_why_there_is_nothing() {
    open(256, 8);
    for (int i = 0; i < 5; i++) {
      sender.trySend(pattern(i, 8));
    }
    List<Integer> lengths = new ArrayList<>();
    MessageHandler handler = (_, _, length) -> lengths.add(length);
    assertInstanceOf(SharedReceived.Message.class, receiver.drain(handler, 3));
    assertEquals(3, lengths.size());
    assertInstanceOf(SharedReceived.Message.class, receiver.drain(handler, 3));
    assertEquals(5, lengths.size());
    assertInstanceOf(SharedReceived.Empty.class, receiver.drain(handler, 3));
    sender.close();
    assertInstanceOf(SharedReceived.Closed.class, receiver.drain(handler, 3));
  }

  @Test
  void a_drain_without_a_limit_is_refused() {
    open(64, 8);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> receiver.drain((_, _, _) -> {}, 0));
    assertEquals("limit is 0, allowed: from 1 on", refusal.getMessage());
  }

  @Test
  void what_was_sent_before_the_close_is_received_and_then_the_end() {
    open(256, 8);
    sender.trySend(bytes("one"));
    sender.trySend(bytes("two"));
    sender.close();
    assertEquals(SharedSent.CLOSED, sender.trySend(bytes("three")));
    assertEquals(List.of("one", "two", "closed"), all(receiver));
    assertEquals("closed", told(receiver));
  }

  @Test
  void a_ring_can_be_closed_when_it_is_full() {
    open(64, 0);
    while (sender.trySend(new byte[0]) == SharedSent.SENT) {
      // until it is full
    }
    sender.close();
    assertEquals(List.of("", "", "", "closed"), all(receiver));
  }

  @Test
  void closing_twice_is_closing_once() {
    open(256, 8);
    sender.trySend(bytes("one"));
    sender.close();
    sender.close();
    receiver.close();
    receiver.close();
    try (OneToOneReceiver later = OneToOneReceiver.attach(file)) {
      assertEquals(List.of("one", "closed"), all(later));
    }
    receiver = null;
  }

  @Test
  void nobody_can_send_to_a_closed_ring_any_more() {
    open(256, 8);
    sender.close();
    SharedRingException refusal =
        assertThrows(SharedRingException.class, () -> OneToOneSender.attach(file));
    assertEquals(
        "ring file %s is closed: nothing can be sent any more".formatted(file),
        refusal.getMessage());
  }

  @Test
  void a_sender_that_leaves_hands_over_to_the_next_without_a_gap() {
    open(256, 8);
    sender.trySend(bytes("one"));
    sender.leave();
    sender.close();
    assertEquals(SharedSent.CLOSED, sender.trySend(bytes("never")));
    sender = OneToOneSender.attach(file);
    assertEquals(1, sender.sent());
    sender.trySend(bytes("two"));
    assertEquals(List.of("one", "two", "empty"), all(receiver));
  }

  @Test
  void a_receiver_that_leaves_hands_over_at_the_next_message() {
    open(256, 8);
    sender.trySend(bytes("one"));
    sender.trySend(bytes("two"));
    assertEquals("one", told(receiver));
    receiver.close();
    assertEquals("closed", told(receiver));
    try (OneToOneReceiver next = OneToOneReceiver.attach(file)) {
      assertEquals(List.of("two", "empty"), all(next));
    }
    receiver = null;
  }

  @Test
  void a_second_sender_and_a_second_receiver_are_refused_with_the_pid_of_the_first() {
    open(256, 8);
    String pid = "process " + ProcessHandle.current().pid();
    SharedRingException second =
        assertThrows(SharedRingException.class, () -> OneToOneSender.attach(file));
    assertTrue(second.getMessage().contains("has a sender already, " + pid), second.getMessage());
    second = assertThrows(SharedRingException.class, () -> OneToOneReceiver.attach(file));
    assertTrue(second.getMessage().contains("has a receiver already, " + pid), second.getMessage());
  }

  @Test
  void each_end_sees_the_process_at_the_other() {
    open(256, 8);
    Peer peer = sender.receiver();
    assertEquals(ProcessHandle.current().pid(), peer.pid());
    assertEquals(Peer.State.ALIVE, peer.state());
    receiver.close();
    assertEquals(Peer.State.ABSENT, sender.receiver().state());
    assertEquals(Peer.State.ALIVE, receiver.sender().state());
  }

  @Test
  void a_send_and_a_receive_with_a_timeout_give_up_after_it() throws Exception {
    open(64, 0);
    long begin = System.nanoTime();
    assertInstanceOf(
        SharedReceived.Empty.class,
        receiver.receive(ByteBuffer.allocate(0), Duration.ofMillis(20)));
    while (sender.trySend(new byte[0]) == SharedSent.SENT) {
      // until it is full
    }
    assertEquals(SharedSent.FULL, sender.send(new byte[0], Duration.ofMillis(20)));
    assertEquals(SharedSent.FULL, sender.send(ByteBuffer.allocate(0), Duration.ZERO));
    assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(40));
  }

  @Test
  void a_timeout_beyond_all_clocks_is_for_ever() throws Exception {
    open(64, 8);
    Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
    assertEquals(SharedSent.SENT, sender.send(bytes("one"), ever));
    ByteBuffer buffer = ByteBuffer.allocate(8);
    assertEquals("one", told(receiver.receive(buffer, ever), buffer));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_interrupt_ends_a_wait_of_either_end(boolean virtual) throws Exception {
    open(64, 0);
    assertThrowsWhenInterrupted(virtual, () -> receiver.receive(ByteBuffer.allocate(0)));
    while (sender.trySend(new byte[0]) == SharedSent.SENT) {
      // until it is full
    }
    assertThrowsWhenInterrupted(virtual, () -> sender.send(new byte[0]));
  }

  private interface Waiting {
    void run() throws InterruptedException;
  }

  private static void assertThrowsWhenInterrupted(boolean virtual, Waiting waiting)
      throws InterruptedException {
    List<Throwable> thrown = new ArrayList<>();
    Runnable task = () -> thrown.add(assertThrows(InterruptedException.class, waiting::run));
    Thread thread = virtual ? Thread.ofVirtual().start(task) : Thread.ofPlatform().start(task);
    thread.interrupt();
    thread.join();
    assertEquals(1, thrown.size());
  }

  @Test
  void a_receiver_that_waits_sees_the_close() throws Exception {
    open(64, 0);
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<SharedReceived> waiting =
          executor.submit(() -> receiver.receive(ByteBuffer.allocate(0)));
      sender.close();
      assertInstanceOf(SharedReceived.Closed.class, waiting.get());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothing_is_lost_or_torn_while_both_ends_race(boolean virtual) throws Exception {
    open(1024, 100);
    int messages = 100_000;
    try (ExecutorService executor =
        virtual
            ? Executors.newVirtualThreadPerTaskExecutor()
            : Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      Future<?> sending =
          executor.submit(() -> {
            for (int i = 0; i < messages; i++) {
              sender.send(pattern(i, i % 101));
            }
            sender.close();
            return null;
          });
      ByteBuffer buffer = ByteBuffer.allocate(100);
      for (int i = 0; i < messages; i++) {
        assertInstanceOf(SharedReceived.Message.class, receiver.receive(buffer.clear()));
        assertEquals(ByteBuffer.wrap(pattern(i, i % 101)), buffer.flip());
      }
      assertInstanceOf(SharedReceived.Closed.class, receiver.receive(buffer.clear()));
      sending.get();
    }
  }

  @Test
  void a_broken_word_is_told_with_its_place_and_not_received() {
    open(64, 8);
    sender.trySend(bytes("one"));
    RingMemory ring = memory();
    ring.commitWord(RingLayout.HEADER_BYTES, RingLayout.word(7, RingLayout.MESSAGE));
    SharedRingException broken =
        assertThrows(SharedRingException.class, () -> receiver.poll(ByteBuffer.allocate(8)));
    assertEquals(
        "ring file %s is broken at offset 768: word is 0x1d, sequence allowed: 0".formatted(file),
        broken.getMessage());
    ring.commitWord(RingLayout.HEADER_BYTES, RingLayout.word(0, RingLayout.MESSAGE));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 9, Integer.MAX_VALUE})
  void a_broken_length_is_told_with_its_place_and_not_received(int length) {
    open(64, 8);
    sender.trySend(bytes("one"));
    RingMemory ring = memory();
    ring.setLength(RingLayout.HEADER_BYTES, length);
    SharedRingException broken =
        assertThrows(SharedRingException.class, () -> receiver.poll(ByteBuffer.allocate(8)));
    assertEquals(
        "ring file %s is broken at offset 768: length is %d, allowed: [0, 8]"
            .formatted(file, length),
        broken.getMessage());
    ring.setLength(RingLayout.HEADER_BYTES, 3);
  }

  @ParameterizedTest
  @ValueSource(longs = {-8, 4, 1L << 40})
  void a_broken_position_of_the_receiver_is_told_to_the_sender(long position) {
    open(64, 0);
    while (sender.trySend(new byte[0]) == SharedSent.SENT) {
      // until it is full
    }
    RingMemory ring = memory();
    ring.setField(RingLayout.OLDEST_POSITION, position);
    SharedRingException broken =
        assertThrows(SharedRingException.class, () -> sender.trySend(new byte[0]));
    assertTrue(broken.getMessage().contains(Long.toString(position)), broken.getMessage());
    ring.setField(RingLayout.OLDEST_POSITION, 0);
  }

  private RingMemory memory() {
    return RingFile.map(
        file, SharedRing.Kind.ONE_TO_ONE, java.nio.channels.FileChannel.MapMode.READ_WRITE);
  }

  @Test
  void the_memory_of_a_handler_is_the_ring_itself() {
    open(256, 8);
    sender.trySend(bytes("one"));
    sender.trySend(bytes("two"));
    List<MemorySegment> seen = new ArrayList<>();
    receiver.drain((memory, _, _) -> seen.add(memory), 2);
    assertEquals(seen.getFirst().address(), seen.getLast().address());
    assertEquals(RingLayout.fileBytes(256), seen.getFirst().byteSize());
  }
}
