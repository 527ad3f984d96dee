package io.photophone.events.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventFilter;
import io.photophone.events.EventFormat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a filter's class says of an event, the interpreter says, too, whatever the format, the
/// filter and the bytes are. System property: `events.filter.seed` of the first format.
@Tag("V5")
@Tag("V20")
final class FilterAgreementPropertyTest {
  private static final long FIRST_SEED = Long.getLong("events.filter.seed", System.nanoTime());
  private static final int FORMATS = 400;
  private static final int FILTERS = 5;
  private static final int EVENTS = 100;

  @Test
  void the_class_and_the_interpreter_agree_on_whole_and_on_damaged_events() {
    int passed = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + FORMATS; seed++) {
      passed += passed(seed);
    }
    int all = FORMATS * FILTERS * EVENTS;
    System.out.printf("seed %d: %d of %d events passed%n", FIRST_SEED, passed, all);
    assertTrue(passed > all / 10 && passed < all * 9 / 10, "too few or too many passed: " + passed);
  }

  private static int passed(long seed) {
    RandomFilters random = new RandomFilters(seed);
    EventFormat format = random.format();
    int passed = 0;
    for (int i = 0; i < FILTERS; i++) {
      Filter filter = random.filter(format, 3);
      EventFilter compiled = filter.compile();
      for (int k = 0; k < EVENTS; k++) {
        byte[] event = random.event(format);
        boolean expected = filter.test(MemorySegment.ofArray(event), 0, event.length);
        assertEquals(
            expected,
            compiled.test(MemorySegment.ofArray(event), 0, event.length),
            () -> seed + ": " + filter + " of " + format + Arrays.toString(event));
        for (int poison : new int[] {0, 'a', 0xFF}) {
          byte[] within = new byte[event.length + 40];
          Arrays.fill(within, (byte) poison);
          System.arraycopy(event, 0, within, 19, event.length);
          assertEquals(
              expected,
              compiled.test(MemorySegment.ofArray(within), 19, event.length),
              () -> seed + ", poisoned: " + filter + " of " + format + Arrays.toString(event));
        }
        passed += expected ? 1 : 0;
      }
    }
    return passed;
  }

  @Test
  void the_text_of_a_filter_says_the_same_filter() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 2000; seed++) {
      RandomFilters random = new RandomFilters(seed);
      EventFormat format = random.format();
      Filter filter = random.filter(format, 3);
      Filter again = Filter.parse(format, filter.toString());
      byte[] event = random.event(format);
      assertEquals(again, Filter.parse(format, again.toString()), "seed " + seed);
      assertEquals(
          filter.test(MemorySegment.ofArray(event), 0, event.length),
          again.test(MemorySegment.ofArray(event), 0, event.length),
          "seed " + seed);
    }
  }
}
