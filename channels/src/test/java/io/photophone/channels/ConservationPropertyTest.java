package io.photophone.channels;

import io.photophone.channels.StressedChannel.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every channel under random use: every message that was accepted is received once, dropped and
/// counted, or pending; in order for each sender; and nobody is left blocked.
///
/// System properties: `channels.stress.seconds`, the time for all of it, and `channels.stress.seed`
/// of the first run.
@Tag("C1")
@Tag("C2")
@Tag("C4")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class ConservationPropertyTest {
  private static final int VIRTUAL_THREADS = 10_000;
  private static final Duration BUDGET =
      Duration.ofSeconds(Long.getLong("channels.stress.seconds", 20));
  private static final long FIRST_SEED = Long.getLong("channels.stress.seed", System.nanoTime());

  static List<Kind> kinds() {
    return StressedChannel.KINDS;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void nothing_is_lost_and_nothing_comes_twice_whatever_the_threads_do(Kind kind)
      throws InterruptedException {
    repeat(seed -> StressRun.ofFewThreads(kind, seed));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void nothing_is_lost_among_ten_thousand_virtual_threads(Kind kind) throws InterruptedException {
    repeat(seed -> StressRun.ofVirtualThreads(kind, seed, VIRTUAL_THREADS));
  }

  private static void repeat(Maker maker) throws InterruptedException {
    long deadline = System.nanoTime() + BUDGET.dividedBy(2L * kinds().size()).toNanos();
    long seed = FIRST_SEED;
    do {
      StressRun run = maker.make(seed);
      try {
        run.run();
      } catch (AssertionError e) {
        throw new AssertionError("-Dchannels.stress.seed=%d: %s".formatted(seed, run), e);
      }
      seed++;
    } while (System.nanoTime() < deadline);
    System.out.printf("seeds %d to %d%n", FIRST_SEED, seed - 1);
  }

  private interface Maker {
    StressRun make(long seed);
  }
}
