package io.photophone.events.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The indexed look-up agrees with a look at every mapping.
@Tag("V16")
final class MappingsPropertyTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 100, 1000})
  void the_newest_mapping_not_later_than_the_time_wins(int count) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000 / count + 1; round++) {
      Mappings mappings = new Mappings();
      Mapping[] all = new Mapping[count];
      for (int i = 0; i < count; i++) {
        all[i] = random(random);
        mappings.add(all[i]);
        if (random.nextInt(4) == 0) {
          check(mappings, all, i + 1, random, seed);
        }
      }
      for (int i = 0; i < 50; i++) {
        check(mappings, all, count, random, seed);
      }
      assertEquals(count, mappings.size());
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void a_hundred_thousand_mappings_one_within_the_other_are_no_burden() {
    Mappings mappings = new Mappings();
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      mappings.add(new Mapping(1L + i, 3L * count - i, 0, "", "", i));
      mappings.find(count, i);
    }
    for (int i = 0; i < count; i++) {
      assertEquals(i, mappings.find(3L * count / 2, i).timeNanos());
    }
  }

  private static void check(
      Mappings mappings, Mapping[] all, int count, SplittableRandom random, long seed) {
    long address = address(random);
    long time = random.nextLong(-1, 41);
    Mapping newest = null;
    for (int i = 0; i < count; i++) {
      if (all[i].contains(address)
          && all[i].timeNanos() <= time
          && (newest == null || all[i].timeNanos() >= newest.timeNanos())) {
        newest = all[i];
      }
    }
    assertSame(newest, mappings.find(address, time), "seed " + seed);
  }

  private static Mapping random(SplittableRandom random) {
    while (true) {
      long start = address(random);
      long end = address(random);
      if (Long.compareUnsigned(start, end) < 0) {
        return new Mapping(start, end, 0, "", "", random.nextInt(40));
      }
    }
  }

  /// Low ones, and the highest, which are negative as signed numbers.
  private static long address(SplittableRandom random) {
    return random.nextInt(-100, 100);
  }
}
