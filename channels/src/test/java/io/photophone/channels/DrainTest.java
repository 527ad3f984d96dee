package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.StressedChannel.Kind;
import io.photophone.channels.StressedChannel.Parcel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a drain promises on every channel.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class DrainTest {

  static List<Kind> kinds() {
    return StressedChannel.KINDS;
  }

  static Stream<Kind> queues() {
    return kinds().stream().filter(kind -> !kind.isToAll());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_drain_of_a_full_channel_hands_over_each_message_once(Kind kind) {
    for (int capacity : new int[] {1, 2, 3, 4, 64, 100}) {
      StressedChannel stressed = open(kind, capacity);
      Receiver<Parcel> receiver = stressed.join("receiver");
      fill(stressed, capacity);
      List<Long> numbers = new ArrayList<>();
      int handed = receiver.drain(parcel -> numbers.add(parcel.number()), 1000);
      assertEquals(LongStream.range(0, capacity).boxed().toList(), numbers);
      assertEquals(capacity, handed);
      assertConserved(stressed.channel(), capacity);
    }
  }

  @ParameterizedTest
  @MethodSource("queues")
  void a_drain_wakes_every_sender_that_it_made_room_for(Kind kind) throws InterruptedException {
    int senders = Math.min(kind.mostSenders(), 8);
    StressedChannel stressed = open(kind, senders);
    Receiver<Parcel> receiver = stressed.join("receiver");
    List<Thread> threads = new ArrayList<>();
    if (kind.mostSenders() > 1) {
      fill(stressed, senders);
    }
    for (int i = 0; i < senders; i++) {
      int sender = i;
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  if (kind.mostSenders() == 1) {
                    fill(stressed, senders);
                  }
                  stressed.send(new Parcel(sender, Priority.NORMAL, senders));
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }));
    }
    awaitLongPark(threads);
    assertEquals(senders, receiver.drain(_ -> {}, senders));
    for (Thread thread : threads) {
      assertTrue(thread.join(Duration.ofMillis(500)), () -> thread + " waits though there is room");
    }
    assertConserved(stressed.channel(), 2L * senders);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_receiver_that_its_own_handler_closes_is_given_nothing_more_and_counts_all(Kind kind) {
    StressedChannel stressed = open(kind, 10);
    Receiver<Parcel> receiver = stressed.join("receiver");
    fill(stressed, 10);
    List<Parcel> handed = new ArrayList<>();
    receiver.drain(
        parcel -> {
          handed.add(parcel);
          if (handed.size() == 3) {
            receiver.close();
          }
        },
        10);
    assertEquals(3, handed.size());
    assertInstanceOf(Received.Closed.class, receiver.poll());
    assertEquals(3, receiver.stats().received());
    assertEquals(3, stressed.channel().stats().received());
    assertConserved(stressed.channel(), 10);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_receiver_that_its_own_handler_closes_counts_all_if_the_handler_throws(Kind kind) {
    StressedChannel stressed = open(kind, 10);
    Receiver<Parcel> receiver = stressed.join("receiver");
    fill(stressed, 10);
    assertThrows(
        ArithmeticException.class,
        () ->
            receiver.drain(
                _ -> {
                  receiver.close();
                  throw new ArithmeticException();
                },
                10));
    assertEquals(1, stressed.channel().stats().received());
    assertConserved(stressed.channel(), 10);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void a_handler_cannot_hand_over_the_receiver_that_calls_it(Kind kind) {
    StressedChannel stressed = open(kind, 10);
    Receiver<Parcel> receiver = stressed.join("receiver");
    fill(stressed, 2);
    assertThrows(IllegalStateException.class, () -> receiver.drain(_ -> receiver.handOver(), 10));
    assertEquals(1, receiver.drain(_ -> {}, 10));
    assertConserved(stressed.channel(), 2);
  }

  /// Its backstop is some tenths of a second then, so that a wake-up that is missing shows.
  static void awaitLongPark(List<Thread> threads) {
    long since = System.nanoTime();
    long deadline = since + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() - since < Duration.ofMillis(600).toNanos()) {
      if (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.TIMED_WAITING)) {
        since = System.nanoTime();
      }
      assertTrue(System.nanoTime() < deadline, () -> threads + " don't all wait");
      LockSupport.parkNanos(100_000);
    }
  }

  private static StressedChannel open(Kind kind, int capacity) {
    return kind.maker().apply(ChannelOptions.of("drained", capacity), new Random(1));
  }

  private static void fill(StressedChannel stressed, int messages) {
    for (int i = 0; i < messages; i++) {
      assertEquals(Sent.SENT, stressed.trySend(new Parcel(0, Priority.NORMAL, i)));
    }
  }

  private static void assertConserved(Channel channel, long offered) {
    ChannelStats stats = channel.stats();
    assertEquals(offered, stats.offered(), stats::toString);
    assertEquals(
        offered, stats.received() + stats.droppedTotal() + stats.pending(), stats::toString);
  }
}
