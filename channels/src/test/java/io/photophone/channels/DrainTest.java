package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.channels.StressedChannel.Kind;
import io.photophone.channels.StressedChannel.Parcel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
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
