package io.photophone.events.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V14")
class JfrClockTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long WIDTH = 1_000;

  /// Ticks of 2.5 GHz from 7 on, nanoTime from 100 s on.
  private static long tick(long nanos) {
    return 7 + (nanos - 100 * SECOND) * 5 / 2;
  }

  private final JfrClock clock = new JfrClock(-1000 * SECOND);

  private void mark(long nanos) {
    clock.mark(tick(nanos), WIDTH, nanos, nanos + 1000 * SECOND);
  }

  @Test
  void without_a_mark_the_wall_clock_is_all_there_is() {
    assertFalse(clock.isMarked());
    assertEquals(123 * SECOND, clock.nanos(0, 1123 * SECOND));
  }

  @Test
  void after_one_mark_the_wall_clock_says_what_lies_between() {
    mark(100 * SECOND);
    assertEquals(100 * SECOND + 42, clock.nanos(tick(100 * SECOND + 42), 1100 * SECOND + 42));
  }

  @Test
  void a_step_of_the_wall_clock_is_not_seen() {
    mark(100 * SECOND);
    mark(101 * SECOND);
    long wrongWall = 9_999_999 * SECOND;
    assertEquals(100 * SECOND + 500, clock.nanos(tick(100 * SECOND + 500), wrongWall));
    assertEquals(102 * SECOND, clock.nanos(tick(102 * SECOND), wrongWall));
    assertEquals(99 * SECOND, clock.nanos(tick(99 * SECOND), wrongWall));
  }

  @Test
  void clocks_that_drift_apart_are_followed_piece_by_piece() {
    for (long at = 0; at < 20; at++) {
      long nanos = 100 * SECOND + at * SECOND + at * at * 10_000;
      clock.mark(at * SECOND, WIDTH, nanos, 0);
    }
    long middle = 100 * SECOND + 3 * SECOND + 500_000_000 + (9 + 16) * 10_000 / 2;
    assertEquals(middle, clock.nanos(3 * SECOND + SECOND / 2, 0));
  }

  @Test
  void a_mark_is_met_exactly() {
    for (long at = 100; at < 110; at++) {
      mark(at * SECOND + at);
    }
    for (long at = 100; at < 110; at++) {
      assertEquals(at * SECOND + at, clock.nanos(tick(at * SECOND + at), 0));
    }
  }

  @Test
  void a_mark_that_is_too_wide_is_left_out() {
    clock.mark(5, JfrClock.WIDEST_MARK_NANOS + 1, 5, 5);
    assertFalse(clock.isMarked());
    clock.mark(5, JfrClock.WIDEST_MARK_NANOS, 5, 5);
    assertTrue(clock.isMarked());
  }

  @Test
  void a_mark_that_is_not_after_the_last_one_is_left_out() {
    mark(100 * SECOND);
    mark(101 * SECOND);
    clock.mark(tick(101 * SECOND), WIDTH, 500 * SECOND, 0);
    clock.mark(tick(102 * SECOND), WIDTH, 101 * SECOND, 0);
    assertEquals(103 * SECOND, clock.nanos(tick(103 * SECOND), 0));
  }

  @Test
  void more_marks_than_are_kept_forget_the_oldest_and_keep_the_rate() {
    for (long at = 100; at < 100 + JfrClock.MARKS + 10; at++) {
      mark(at * SECOND);
    }
    for (long at : new long[] {100, 109, 110, 111, 500, 100 + JfrClock.MARKS + 20}) {
      long expected = at * SECOND + 1;
      assertTrue(Math.abs(clock.nanos(tick(expected), 0) - expected) <= 1);
    }
  }
}
