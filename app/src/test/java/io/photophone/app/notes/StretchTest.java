package io.photophone.app.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.events.timeline.ProgramEvent;
import io.photophone.events.timeline.ProgramMark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V15")
final class StretchTest {
  private static final long MS = 1_000_000;
  private static final int ACQUISITION = 101;

  /// Thirty frames, one each 33 ms, the first at 33 ms.
  private final List<ProgramMark> marks = new ArrayList<>();

  StretchTest() {
    for (int frame = 0; frame < 30; frame++) {
      mark(33L * (frame + 1), ProgramEvent.CAPTURED, frame, 1600);
      mark(33L * (frame + 1), ProgramEvent.PUBLISHED, frame, 0);
    }
  }

  private void mark(long ms, ProgramEvent event, long frame, long amount) {
    marks.add(new ProgramMark(ms * MS, ACQUISITION, event, 0, frame, amount));
    marks.sort(Comparator.comparingLong(ProgramMark::timeNanos));
  }

  private Stretch about(long ms) {
    return Stretch.of(marks, ms * MS, 0, 1000 * MS);
  }

  @Test
  void what_was_late_just_then_is_explained_before_what_was_later_at_another_time() {
    mark(300, ProgramEvent.LATE, 8, 40 * MS);
    mark(800, ProgramEvent.LATE, 23, 90 * MS);
    assertEquals(new Stretch(240 * MS, 320 * MS, 40 * MS, 0), about(280));
    assertEquals(new Stretch(690 * MS, 820 * MS, 40 * MS, 0), about(500));
  }

  @Test
  void of_what_was_late_together_the_latest_is_explained() {
    mark(300, ProgramEvent.LATE, 8, 90 * MS);
    mark(301, ProgramEvent.LATE, 9, 60 * MS);
    assertEquals(new Stretch(190 * MS, 320 * MS, 40 * MS, 0), about(280));
  }

  @Test
  void a_gap_is_explained_since_the_frame_before_it() {
    mark(500, ProgramEvent.GAP, 14, 4800);
    assertEquals(new Stretch((462 - 20) * MS, 520 * MS, 73 * MS, 0), about(900));
  }

  @Test
  void a_lag_is_explained_since_the_last_frame_that_was_measured() {
    mark(200, ProgramEvent.MEASURED, 5, 0);
    mark(700, ProgramEvent.LAG, -1, 12);
    mark(701, ProgramEvent.MEASURED, 20, 0);
    assertEquals(new Stretch(180 * MS, 720 * MS, 73 * MS, 0), about(700));
  }

  @Test
  void of_two_gaps_the_nearer_one_is_explained() {
    mark(100, ProgramEvent.GAP, 2, 10);
    mark(500, ProgramEvent.GAP, 14, 10);
    assertEquals(520 * MS, about(450).untilNanos());
    assertEquals(120 * MS, about(150).untilNanos());
  }

  @Test
  void where_nothing_was_late_half_a_frame_must_be_missing_to_be_told() {
    assertEquals(new Stretch(0, 1000 * MS, 1000 * MS, 33 * MS / 2), about(500));
  }

  @Test
  void what_was_late_before_the_time_asked_about_is_left_out() {
    mark(300, ProgramEvent.LATE, 8, 40 * MS);
    assertEquals(
        new Stretch(400 * MS, 900 * MS, 500 * MS, 33 * MS / 2),
        Stretch.of(marks, 500 * MS, 400 * MS, 900 * MS));
  }
}
