package io.photophone.app.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.events.timeline.ActivityRing;
import io.photophone.events.timeline.SwitchState;
import io.photophone.events.timeline.ThreadTimeline;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V15")
final class StopNotesTest {
  private static final long MS = 1_000_000;
  private static final int PID = 100;
  private static final int TID = 101;

  private final ActivityRing ring = new ActivityRing(1 << 16, 0);
  private final StopNotes notes = new StopNotes(ring, PID);

  StopNotesTest() {
    ring.namedByJvm(TID, PID, "acquisition");
    ring.switched(1, 0, TID, SwitchState.SLEEPING, 0, "");
    for (int i = 0; i < 10; i++) {
      notes.beat(i * 50L * MS);
    }
  }

  /// The last beat was at 450 ms.
  private long stoppedMillis() {
    ring.switched(2000 * MS, 0, 0, SwitchState.YIELDED, TID, "");
    ring.caughtUp(3000 * MS);
    return ThreadTimeline.of(ring.freeze(), TID, 0, 2500 * MS).stoppedNanos() / MS;
  }

  @Test
  void a_time_without_a_beat_that_the_signal_ends_was_a_stop() {
    notes.continued(800 * MS);
    notes.beat(801 * MS);
    notes.beat(851 * MS);
    assertEquals(350, stoppedMillis());
  }

  @Test
  void the_signal_may_be_heard_after_the_first_beat() {
    notes.beat(801 * MS);
    notes.continued(802 * MS);
    notes.beat(851 * MS);
    assertEquals(351, stoppedMillis());
  }

  @Test
  void a_late_beat_after_the_stop_is_not_the_stop() {
    notes.beat(801 * MS);
    notes.continued(802 * MS);
    notes.beat(951 * MS);
    assertEquals(351, stoppedMillis());
  }

  @Test
  void without_the_signal_it_was_no_stop() {
    notes.beat(801 * MS);
    notes.beat(851 * MS);
    assertEquals(0, stoppedMillis());
  }

  @Test
  void the_signal_alone_was_no_stop() {
    notes.continued(470 * MS);
    notes.beat(500 * MS);
    assertEquals(0, stoppedMillis());
  }

  @Test
  void a_signal_long_after_is_of_another_time() {
    notes.beat(700 * MS);
    notes.beat(750 * MS);
    notes.continued(1900 * MS);
    notes.beat(1901 * MS - 1050 * MS);
    assertEquals(0, stoppedMillis());
  }
}
