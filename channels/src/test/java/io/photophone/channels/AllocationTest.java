package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.photophone.channels.ChannelKind.Line;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/// What a send and a receive allocate once they are warm: nothing. So statistics don't grow with
/// the number of messages either (S2).
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Tag("C8")
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
final class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 100_000;
  private static final int ROUNDS = 250_000;

  /// For what the measurement itself and a late compilation allocate; one object in a hundred
  /// rounds would already be more.
  private static final long SLACK_BYTES = 64 * 1024;

  private static final Object MESSAGE = new Object();

  @ParameterizedTest
  @EnumSource
  void a_send_and_a_poll_allocate_nothing(ChannelKind kind) {
    for (LatencyTracking tracking : LatencyTracking.values()) {
      Line<Object> line = kind.open(ChannelOptions.of("line", 100).latency(tracking));
      Receiver<Object> receiver = line.receiver("receiver");
      assertAllocatesNothing(() -> {
        for (int i = 0; i < 4; i++) {
          assertSame(Sent.SENT, line.trySend(MESSAGE));
          assertMessage(receiver.poll());
        }
      });
      line.assertConserved();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_blocking_send_and_receive_that_need_not_wait_allocate_nothing(ChannelKind kind) {
    Duration timeout = Duration.ofSeconds(1);
    Line<Object> line = kind.open(ChannelOptions.of("line", 100));
    Receiver<Object> receiver = line.receiver("receiver");
    assertAllocatesNothing(() -> {
      assertSame(Sent.SENT, line.send(MESSAGE));
      assertSame(Sent.SENT, line.send(MESSAGE, timeout));
      assertMessage(receiver.receive());
      assertMessage(receiver.receive(timeout));
    });
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void a_drain_allocates_nothing(ChannelKind kind) {
    Line<Object> line = kind.open(ChannelOptions.of("line", 100).latency(LatencyTracking.FULL));
    Receiver<Object> receiver = line.receiver("receiver");
    assertAllocatesNothing(() -> {
      line.trySend(MESSAGE);
      line.trySend(MESSAGE);
      line.trySend(MESSAGE);
      assertEquals(3, receiver.drain(message -> assertSame(MESSAGE, message), 64));
    });
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource
  void an_empty_receive_allocates_nothing(ChannelKind kind) {
    Line<Object> line = kind.open(100);
    Receiver<Object> receiver = line.receiver("receiver");
    assertAllocatesNothing(() -> {
      assertTrue(receiver.poll() instanceof Received.Empty);
      assertEquals(0, receiver.drain(_ -> {}, 64));
    });
    line.assertConserved();
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"BROADCAST"})
  void a_send_that_is_refused_allocates_nothing(ChannelKind kind) {
    Line<Object> line = kind.open(1);
    line.trySend(MESSAGE);
    assertAllocatesNothing(() -> assertSame(Sent.FULL, line.trySend(MESSAGE)));
    line.close();
    assertAllocatesNothing(() -> assertSame(Sent.CLOSED, line.trySend(MESSAGE)));
    line.assertConserved();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_select_that_finds_something_allocates_nothing(boolean fair) {
    Line<Object> first = ChannelKind.ONE_TO_ONE.open(10);
    Line<Object> second = ChannelKind.PRIORITY.open(10);
    Receiver<Object> one = first.receiver("one");
    Receiver<Object> two = second.receiver("two");
    Select select = fair ? Select.fairly(one, two) : Select.inOrder(one, two);
    assertAllocatesNothing(() -> {
      assertEquals(Select.NONE, select.poll());
      second.trySend(MESSAGE);
      assertEquals(1, select.await());
      assertMessage(two.poll());
      first.trySend(MESSAGE);
      assertEquals(0, select.poll());
      assertMessage(one.poll());
    });
    first.assertConserved();
    second.assertConserved();
  }

  /// Each message is waited for, by platform threads; a virtual one allocates by itself when it
  /// parks.
  @ParameterizedTest
  @EnumSource
  void a_receive_that_waits_allocates_nothing(ChannelKind kind) throws Exception {
    int rounds = 5_000;
    Line<Object> there = kind.open(1);
    Line<Object> back = kind.open(1);
    Receiver<Object> receiver = there.receiver("echo");
    Receiver<Object> answers = back.receiver("asks");
    CountDownLatch warm = new CountDownLatch(1);
    FutureTask<Long> echo =
        new FutureTask<>(() -> {
          long before = 0;
          for (int i = 0; i < 2 * rounds; i++) {
            if (i == rounds) {
              warm.countDown();
              before = THREADS.getCurrentThreadAllocatedBytes();
            }
            assertMessage(receiver.receive());
            back.trySend(MESSAGE);
          }
          return THREADS.getCurrentThreadAllocatedBytes() - before;
        });
    Thread.ofPlatform().daemon().start(echo);
    for (int i = 0; i < 2 * rounds; i++) {
      there.trySend(MESSAGE);
      assertMessage(answers.receive());
    }
    long bytes = echo.get();
    assertTrue(bytes < 2L * rounds, bytes + " bytes in " + rounds + " receives");
    there.assertConserved();
  }

  private static void assertMessage(Received<Object> received) {
    if (received instanceof Received.Message<Object> message) {
      assertSame(MESSAGE, message.value());
    } else {
      throw new AssertionError("not a message: " + received);
    }
  }

  private static void assertAllocatesNothing(Round round) {
    repeat(round, WARM_UP);
    long least = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 3 && least > SLACK_BYTES; attempt++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      repeat(round, ROUNDS);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(least <= SLACK_BYTES, least + " bytes in " + ROUNDS + " rounds");
  }

  private static void repeat(Round round, int times) {
    try {
      for (int i = 0; i < times; i++) {
        round.run();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private interface Round {
    void run() throws InterruptedException;
  }
}
