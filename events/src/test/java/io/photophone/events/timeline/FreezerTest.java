package io.photophone.events.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FreezerTest {
  private final ActivityRing ring = new ActivityRing(1 << 16, 0);
  private final Freezer freezer = new Freezer(List.of(ring), new Freezer.Limits(100, 50, 200, 2));

  private static FreezeTrigger late(long time) {
    return new FreezeTrigger(ProgramEvent.LATE, time, 1, time);
  }

  @Test
  void a_piece_is_kept_when_the_ring_knows_what_came_after() {
    assertTrue(freezer.trigger(late(1000)));
    ring.caughtUp(1049);
    assertFalse(freezer.poll());
    ring.caughtUp(1050);
    assertTrue(freezer.poll());
    assertFalse(freezer.poll());
    Activity piece = freezer.kept().getFirst().activity();
    assertEquals(900, piece.fromNanos());
    assertEquals(1050, piece.untilNanos());
    assertEquals(0, freezer.around(1000, 0, 1040).fromNanos());
  }

  @Test
  void triggers_together_make_one_piece_and_those_too_soon_none() {
    assertTrue(freezer.trigger(late(1000)));
    assertTrue(freezer.trigger(late(1050)));
    assertFalse(freezer.trigger(late(1051)));
    ring.caughtUp(2000);
    assertTrue(freezer.poll());
    assertFalse(freezer.trigger(late(1199)));
    assertTrue(freezer.trigger(late(1200)));
    assertEquals(new Freezer.Counts(5, 1, 1, 2, 0), freezer.counts());
  }

  @Test
  void a_trigger_while_a_piece_is_waited_for_gets_a_piece_of_its_own() {
    assertTrue(freezer.trigger(late(1000)));
    assertTrue(freezer.trigger(late(1200)));
    assertTrue(freezer.trigger(late(1250)));
    assertFalse(freezer.trigger(late(1400)), "as many as are kept are waited for");
    ring.caughtUp(1249);
    assertTrue(freezer.poll());
    assertFalse(freezer.poll());
    ring.caughtUp(1250);
    assertTrue(freezer.poll());
    assertEquals(new Freezer.Counts(4, 2, 1, 1, 0), freezer.counts());
  }

  @Test
  void what_the_ring_has_forgotten_the_piece_tells_that_has_both_sides_of_the_time() {
    freezer.trigger(late(1000));
    freezer.trigger(late(1200));
    ring.caughtUp(1300);
    freezer.poll();
    freezer.poll();
    for (int i = 0; i < 10_000; i++) {
      ring.woken(2000 + i, 0, 1, 0);
    }
    Activity first = freezer.kept().getFirst().activity();
    Activity second = freezer.kept().getLast().activity();
    assertSame(first, freezer.around(1000, 800, 1300));
    assertSame(second, freezer.around(1190, 800, 1300));
    assertTrue(freezer.around(11_200, 11_000, 11_500).fromNanos() >= 11_000);
  }

  @Test
  void the_oldest_pieces_go() {
    for (long i = 1; i <= 3; i++) {
      assertTrue(freezer.trigger(late(i * 1000)));
      ring.caughtUp(i * 1000 + 50);
      assertTrue(freezer.poll());
    }
    assertEquals(
        List.of(2000L, 3000L),
        freezer.kept().stream().map(frozen -> frozen.trigger().timeNanos()).toList());
    assertEquals(1, freezer.counts().dropped());
  }

  @Test
  void who_asks_now_gets_what_is_known() {
    freezer.trigger(late(1000));
    ring.caughtUp(1010);
    assertTrue(freezer.flush());
    assertFalse(freezer.flush());
    assertEquals(1010, freezer.kept().getFirst().activity().untilNanos());
  }

  @Test
  void limits_are_checked() {
    assertThrows(IllegalArgumentException.class, () -> new Freezer.Limits(-1, 0, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Freezer.Limits(0, 0, 0, 0));
  }
}
