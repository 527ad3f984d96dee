package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.StressedChannel.Kind;
import io.photophone.channels.StressedChannel.Parcel;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who is woken when a receiver leaves, on every channel.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class ReceiverLeaveTest {
  /// Far less than the backstop of a thread that has waited for long.
  private static final Duration AT_ONCE = Duration.ofMillis(500);

  private static final Parcel MESSAGE = new Parcel(0, Priority.NORMAL, 0);

  static List<Kind> kinds() {
    return StressedChannel.KINDS;
  }

  static Stream<Kind> sharedQueues() {
    return kinds().stream().filter(kind -> kind.mostReceivers() > 1 && !kind.isToAll());
  }

  @Tag("C8")
  @ParameterizedTest
  @MethodSource("kinds")
  void a_select_wakes_when_its_only_receiver_is_closed_by_another_thread(Kind kind)
      throws InterruptedException {
    StressedChannel stressed = open(kind);
    Receiver<Parcel> receiver = stressed.join("receiver");
    int[] selected = {Select.NONE};
    Thread thread =
        start(() -> {
          selected[0] = Select.inOrder(receiver).await();
        });
    DrainTest.awaitLongPark(List.of(thread));
    receiver.close();
    assertTrue(thread.join(AT_ONCE));
    assertEquals(Select.ALL_ENDED, selected[0]);
    assertConserved(stressed.channel());
  }

  @ParameterizedTest
  @MethodSource("sharedQueues")
  void a_receiver_that_is_woken_for_a_message_and_closed_lets_another_one_wake(Kind kind)
      throws InterruptedException {
    StressedChannel stressed = open(kind);
    Receiver<Parcel> first = stressed.join("first");
    first.waiter().enqueue();
    Thread second = startReceiving(stressed);
    assertEquals(Sent.SENT, stressed.trySend(MESSAGE));
    first.close();
    assertTrue(second.join(AT_ONCE));
    assertConserved(stressed.channel());
  }

  @ParameterizedTest
  @MethodSource("sharedQueues")
  void a_receiver_that_is_closed_and_then_woken_for_a_message_lets_another_one_wake(Kind kind)
      throws InterruptedException {
    StressedChannel stressed = open(kind);
    Receiver<Parcel> first = stressed.join("first");
    first.waiter().enqueue();
    Thread second = startReceiving(stressed);
    Thread third = startReceiving(stressed);
    first.close();
    for (int i = 0; i < 2; i++) {
      assertEquals(Sent.SENT, stressed.trySend(MESSAGE));
    }
    assertInstanceOf(Received.Closed.class, first.poll());
    assertTrue(second.join(AT_ONCE));
    assertTrue(third.join(AT_ONCE));
    assertConserved(stressed.channel());
  }

  private static StressedChannel open(Kind kind) {
    return kind.maker().apply(ChannelOptions.of("left", 4), new Random(1));
  }

  private static Thread startReceiving(StressedChannel stressed) {
    Receiver<Parcel> receiver = stressed.join("waiting");
    Thread thread = start(() -> assertInstanceOf(Received.Message.class, receiver.receive()));
    DrainTest.awaitLongPark(List.of(thread));
    return thread;
  }

  private static Thread start(Body body) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            body.run();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void assertConserved(Channel channel) {
    ChannelStats stats = channel.stats();
    assertEquals(
        stats.offered(),
        stats.received() + stats.droppedTotal() + stats.pending(),
        stats::toString);
  }

  private interface Body {
    void run() throws InterruptedException;
  }
}
