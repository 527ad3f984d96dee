package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.ChannelKind.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Times from send to receive, as the statistics tell them.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class LatencyTest {

  /// S2: against a sorted list of what each message told of itself.
  @ParameterizedTest
  @EnumSource
  void percentiles_mean_and_maximum_are_right_against_a_sorted_list(ChannelKind kind) {
    long seed = 8;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Line<Integer> line = kind.open(ChannelOptions.of("line", 64).latency(LatencyTracking.FULL));
    Receiver<Integer> receiver = line.receiver("receiver");
    int messages = 20_000;
    long[] told = new long[messages];
    for (int received = 0; received < messages; ) {
      int burst = Math.min(1 + random.nextInt(32), messages - received);
      for (int i = 0; i < burst; i++) {
        line.trySend(i);
        for (int spins = random.nextInt(40) == 0 ? random.nextInt(3_000) : 0; spins > 0; spins--) {
          Thread.onSpinWait();
        }
      }
      for (int i = 0; i < burst; i++) {
        told[received++] = message(receiver.poll()).latencyNanos();
      }
    }
    Arrays.sort(told);
    assertTrue(told[0] >= 0);
    LatencyStats stats = line.assertConserved().latency();
    assertEquals(messages, stats.count());
    assertNear(told[messages / 2 - 1], stats.p50Nanos());
    assertNear(told[messages / 100 * 99 - 1], stats.p99Nanos());
    assertNear(told[messages / 1000 * 999 - 1], stats.p999Nanos());
    assertNear(told[messages - 1], stats.maxNanos());
    assertNear((long) Arrays.stream(told).average().orElseThrow(), (long) stats.meanNanos());
  }

  /// To two decimal digits, as promised, and the width of the smallest bucket.
  private static void assertNear(long exact, long told) {
    assertTrue(Math.abs(exact - told) <= 2 + exact / 100, () -> exact + " is told as " + told);
  }

  @ParameterizedTest
  @EnumSource
  void off_times_nothing(ChannelKind kind) {
    Line<Integer> line = kind.open(4);
    Receiver<Integer> receiver = line.receiver("receiver");
    for (int i = 0; i < 1000; i++) {
      line.trySend(i);
      assertEquals(-1, message(receiver.poll()).latencyNanos());
    }
    assertEquals(new LatencyStats(0, 0, 0, 0, 0, 0), line.assertConserved().latency());
  }

  @ParameterizedTest
  @EnumSource
  void sampled_times_one_message_in_64(ChannelKind kind) {
    Line<Integer> line = kind.open(ChannelOptions.of("line", 5).latency(LatencyTracking.SAMPLED));
    Receiver<Integer> receiver = line.receiver("receiver");
    List<Integer> timed = new ArrayList<>();
    for (int i = 0; i < 64 * 50; i++) {
      line.trySend(i);
      if (message(receiver.poll()).latencyNanos() >= 0) {
        timed.add(i);
      }
    }
    assertEquals(50, timed.size());
    for (int i = 0; i < 50; i++) {
      assertEquals(64 * i, timed.get(i));
    }
    assertEquals(50, line.assertConserved().latency().count());
  }

  @ParameterizedTest
  @EnumSource
  void messages_of_a_drain_are_timed_too_and_those_of_receivers_that_have_left_stay(
      ChannelKind kind) {
    Line<Integer> line = kind.open(ChannelOptions.of("line", 50).latency(LatencyTracking.FULL));
    Receiver<Integer> receiver = line.receiver("receiver");
    for (int i = 0; i < 40; i++) {
      line.trySend(i);
    }
    assertEquals(30, receiver.drain(_ -> {}, 30));
    assertEquals(30, line.stats().latency().count());
    assertEquals(30, line.stats().latency().count(), "looking changes nothing");
    receiver.close();
    assertEquals(30, line.assertConserved().latency().count());
  }

  private static Received.Message<Integer> message(Received<Integer> received) {
    if (received instanceof Received.Message<Integer> message) {
      return message;
    }
    throw new AssertionError("not a message: " + received);
  }
}
