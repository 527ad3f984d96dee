package io.photophone.channels;

import static io.photophone.channels.ChannelKind.assertConserved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The three variants, each held to what it was made for.
@Tag("C1")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class PointToPointChannelTest {
  private static final ChannelOptions OPTIONS = ChannelOptions.of("the pipe", 8);

  @Test
  void one_to_one_refuses_a_second_sender_with_both_names_until_the_first_gives_up()
      throws Exception {
    PointToPointChannel<Integer> channel = PointToPointChannel.oneToOne(OPTIONS);
    CountDownLatch gaveUp = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    Thread first =
        Thread.ofPlatform()
            .name("first sender")
            .start(() -> {
              channel.trySend(1);
              sent.countDown();
              await(refused);
              channel.giveUpSending();
              gaveUp.countDown();
              await(mayEnd);
            });
    Thread.currentThread().setName("second sender");
    sent.await();
    refusedWithBothNames(() -> channel.trySend(2));
    refusedWithBothNames(() -> channel.send(2));
    refusedWithBothNames(() -> channel.send(2, Duration.ZERO));
    channel.giveUpSending();
    refusedWithBothNames(() -> channel.trySend(2));
    refused.countDown();
    gaveUp.await();
    assertEquals(Sent.SENT, channel.trySend(2));
    mayEnd.countDown();
    first.join();
    assertEquals(2, assertConserved(channel).pending());
  }

  private static void refusedWithBothNames(Callable<?> misuse) {
    String told = assertThrows(IllegalStateException.class, misuse::call).getMessage();
    assertTrue(told.contains("the pipe"), told);
    assertTrue(told.contains("first sender"), told);
    assertTrue(told.contains("second sender"), told);
  }

  @Test
  void one_to_one_takes_another_sender_when_the_first_has_ended() throws Exception {
    PointToPointChannel<Integer> channel = PointToPointChannel.oneToOne(OPTIONS);
    Thread first = Thread.ofVirtual().start(() -> channel.trySend(1));
    first.join();
    assertEquals(Sent.SENT, channel.trySend(2));
    List<Integer> seen = new ArrayList<>();
    channel.receiver("ear").drain(seen::add, 10);
    assertEquals(List.of(1, 2), seen);
    assertConserved(channel);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_second_receiver_is_refused_where_there_is_one_even_after_that_has_left(
      boolean manySenders) {
    PointToPointChannel<Integer> channel =
        manySenders
            ? PointToPointChannel.manyToOne(OPTIONS)
            : PointToPointChannel.oneToOne(OPTIONS);
    Receiver<Integer> first = channel.receiver("first ear");
    String told =
        assertThrows(IllegalStateException.class, () -> channel.receiver("second ear"))
            .getMessage();
    assertTrue(told.contains("the pipe"), told);
    assertTrue(told.contains("first ear"), told);
    assertTrue(told.contains("second ear"), told);
    first.close();
    assertTrue(channel.isClosed());
    assertThrows(IllegalStateException.class, () -> channel.receiver("second ear"));
    assertConserved(channel);
  }

  @Test
  void many_to_one_takes_messages_of_any_thread() throws Exception {
    PointToPointChannel<Integer> channel = PointToPointChannel.manyToOne(OPTIONS);
    Receiver<Integer> receiver = channel.receiver("ear");
    for (int i = 0; i < 8; i++) {
      int message = i;
      Thread.ofPlatform().start(() -> channel.trySend(message)).join();
    }
    channel.giveUpSending();
    assertEquals(Sent.FULL, channel.trySend(8));
    List<Integer> seen = new ArrayList<>();
    receiver.drain(seen::add, 10);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), seen);
    assertConserved(channel);
  }

  @Test
  void many_to_many_gives_each_message_to_one_receiver() {
    PointToPointChannel<Integer> channel = PointToPointChannel.manyToMany(OPTIONS);
    Receiver<Integer> first = channel.receiver("first");
    Receiver<Integer> second = channel.receiver("second");
    for (int i = 0; i < 4; i++) {
      channel.trySend(i);
    }
    List<Integer> seen = new ArrayList<>();
    first.drain(seen::add, 1);
    second.drain(seen::add, 2);
    first.drain(seen::add, 5);
    assertEquals(List.of(0, 1, 2, 3), seen);
    assertInstanceOf(Received.Empty.class, second.poll());
    first.close();
    assertEquals(Sent.SENT, channel.trySend(4));
    second.drain(seen::add, 5);
    assertEquals(5, seen.size());
    ChannelStats stats = assertConserved(channel);
    assertEquals(1, stats.receivers().size());
    assertEquals(5, stats.received());
    assertEquals("point-to-point", stats.kind());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, -1, Integer.MIN_VALUE, ChannelOptions.MAX_CAPACITY + 1, Integer.MAX_VALUE})
  void a_capacity_out_of_range_is_refused_with_name_value_and_range(int capacity) {
    String told =
        assertThrows(IllegalArgumentException.class, () -> ChannelOptions.of("the pipe", capacity))
            .getMessage();
    assertTrue(told.contains("the pipe"), told);
    assertTrue(told.contains(Integer.toString(capacity)), told);
    assertTrue(told.contains(Integer.toString(ChannelOptions.MAX_CAPACITY)), told);
  }

  @Test
  void options_that_are_missing_are_refused() {
    assertThrows(IllegalArgumentException.class, () -> ChannelOptions.of("", 1));
    assertThrows(IllegalArgumentException.class, () -> ChannelOptions.of(" \t", 1));
    assertThrows(NullPointerException.class, () -> ChannelOptions.of(null, 1));
    assertThrows(NullPointerException.class, () -> OPTIONS.waiting(null));
    assertThrows(NullPointerException.class, () -> OPTIONS.latency(null));
    assertThrows(NullPointerException.class, () -> PointToPointChannel.oneToOne(null));
  }

  @Test
  void options_park_and_time_nothing_unless_told_otherwise() {
    assertEquals(
        new ChannelOptions("the pipe", 8, WaitStrategy.PARK, LatencyTracking.OFF), OPTIONS);
    assertEquals(
        new ChannelOptions("the pipe", 8, WaitStrategy.SPIN, LatencyTracking.FULL),
        OPTIONS.waiting(WaitStrategy.SPIN).latency(LatencyTracking.FULL));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
