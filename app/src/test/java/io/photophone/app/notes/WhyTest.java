package io.photophone.app.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.BroadcastChannel;
import io.photophone.events.timeline.ActivityRing;
import io.photophone.events.timeline.FreezeTrigger;
import io.photophone.events.timeline.Freezer;
import io.photophone.events.timeline.PauseKind;
import io.photophone.events.timeline.ProgramEvent;
import io.photophone.events.timeline.SwitchState;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import io.photophone.server.LiveWhy;
import io.photophone.server.LiveWhy.Unknown;
import io.photophone.server.WhyAnswer;
import io.photophone.server.WhyQuestion;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Ten seconds of a server in a ring, in milliseconds from their start.
@Tag("V15")
final class WhyTest {
  private static final long MS = 1_000_000;
  private static final int PID = (int) ProcessHandle.current().pid();
  private static final int ACQUISITION = 1_000_001;
  private static final int HOG = 1_000_002;
  private static final int PERIOD = 33;
  private static final int RATE = 48_000;

  private final long start = System.nanoTime() - 20_000 * MS;
  private final ActivityRing ring = new ActivityRing(1 << 18, start);
  private final Freezer freezer =
      new Freezer(List.of(ring), new Freezer.Limits(3000 * MS, 1000 * MS, 1000 * MS, 4));
  private final BroadcastChannel<Streamed<Reading>> readings =
      new BroadcastChannel<>("readings", 16);
  private final Why why = new Why(freezer, 0, readings, () -> List.of("something is missing"));
  private long frame;

  WhyTest() {
    ring.namedByJvm(ACQUISITION, PID, "acquisition");
    ring.namedByJvm(HOG, HOG, "hog");
  }

  private long nanos(double ms) {
    return start + Math.round(ms * MS);
  }

  private Instant time(double ms) {
    return WallClock.SYSTEM.at(nanos(ms));
  }

  private void step(double ms, ProgramEvent event, long amount) {
    ring.program(nanos(ms), ACQUISITION, event, 0, frame, amount);
  }

  /// A frame each period, without any trouble.
  private void quiet(int fromMs, int untilMs) {
    for (int ms = fromMs; ms + PERIOD <= untilMs; ms += PERIOD) {
      ring.woken(nanos(ms), 0, ACQUISITION, 0);
      ring.switched(nanos(ms + 0.1), 0, 0, SwitchState.YIELDED, ACQUISITION, "");
      step(ms + 0.2, ProgramEvent.CAPTURED, 1600);
      step(ms + 0.3, ProgramEvent.PUBLISHED, 0);
      ring.switched(nanos(ms + 1), 0, ACQUISITION, SwitchState.SLEEPING, 0, "");
      frame++;
    }
    ring.caughtUp(nanos(untilMs));
  }

  /// The frame that was due at a time comes later, because of the hog.
  private void hogged(int ms, int length) {
    ring.switched(nanos(ms - 1), 0, 0, SwitchState.YIELDED, HOG, "");
    ring.woken(nanos(ms), 0, ACQUISITION, 0);
    ring.switched(nanos(ms + length), 0, HOG, SwitchState.PREEMPTED, ACQUISITION, "");
    late(ms + length, length);
    ring.switched(nanos(ms + length + 1), 0, ACQUISITION, SwitchState.SLEEPING, 0, "");
  }

  private void late(int ms, int length) {
    step(ms + 0.1, ProgramEvent.CAPTURED, 1600);
    step(ms + 0.2, ProgramEvent.LATE, length * MS);
    freezer.trigger(new FreezeTrigger(ProgramEvent.LATE, nanos(ms + 0.2), 0, frame));
    frame++;
  }

  private void collected(int ms, int length) {
    ring.paused(nanos(ms), nanos(ms + length), PID, PauseKind.GARBAGE_COLLECTION, "System.gc()");
    ring.woken(nanos(ms + length), 0, ACQUISITION, 0);
    ring.switched(nanos(ms + length + 0.05), 0, 0, SwitchState.YIELDED, ACQUISITION, "");
    late(ms + length, length);
    ring.switched(nanos(ms + length + 1), 0, ACQUISITION, SwitchState.SLEEPING, 0, "");
  }

  private WhyAnswer at(double ms) {
    return why.answer(new WhyQuestion.At(time(ms)));
  }

  private static String kind(WhyAnswer answer) {
    return answer.causes().getFirst().kind();
  }

  private void read(long fromSample, double startMs) {
    readings.send(
        new Streamed.Item<>(
            new Reading(
                "cell",
                "gas",
                fromSample,
                fromSample + RATE,
                RATE,
                time(startMs),
                2000,
                Phasor.NONE,
                0,
                Environment.UNKNOWN,
                null,
                null,
                Set.of())));
  }

  @Test
  void of_two_disturbances_the_one_at_the_time_is_named() {
    quiet(0, 2000);
    hogged(2020, 120);
    quiet(2200, 2800);
    collected(2830, 300);
    quiet(3200, 8000);
    assertEquals("processor_taken", kind(at(2100)));
    assertEquals("garbage_collection", kind(at(2950)));
    assertEquals("garbage_collection", kind(at(4500)));
    assertTrue(at(2100).sentence().contains("hog (pid 1000002) held CPU 0"), at(2100).sentence());
  }

  @Test
  void the_answer_tells_how_late_by_which_steps_and_what_is_missing() {
    quiet(0, 2000);
    hogged(2020, 120);
    quiet(2200, 8000);
    WhyAnswer answer = at(2100);
    assertEquals(120, answer.lateMs(), 1e-6);
    assertEquals(160.0, (double) (answer.until().toEpochMilli() - answer.from().toEpochMilli()), 1);
    assertEquals(
        List.of("captured", "late"), answer.steps().stream().map(WhyAnswer.Step::step).toList());
    assertEquals(List.of("something is missing"), answer.notes());
    assertEquals("acquisition", answer.threads().getFirst().role());
    assertEquals(1, answer.causes().getFirst().share(), 0.01);
    assertTrue(answer.text().startsWith("The acquisition thread waited"), answer.text());
  }

  @Test
  void where_nothing_was_late_nothing_is_blamed() {
    quiet(0, 8000);
    WhyAnswer answer = at(4000);
    assertEquals("nothing_unusual", kind(answer));
    assertEquals(0, answer.lateMs());
  }

  @Test
  void the_newest_disturbance_is_explained_where_no_time_is_asked_about() {
    quiet(0, 2000);
    hogged(2020, 120);
    quiet(2200, 6000);
    freezer.poll();
    collected(6020, 300);
    quiet(6400, 9000);
    freezer.poll();
    assertEquals("garbage_collection", kind(why.answer(new WhyQuestion.Newest())));
    assertEquals(
        List.of(120 * MS, 300 * MS),
        why.disturbances().stream().map(LiveWhy.Disturbance::amount).toList());
  }

  @Test
  void a_reading_is_explained_by_what_was_late_in_its_window() {
    quiet(0, 2000);
    hogged(2020, 120);
    quiet(2200, 8000);
    read(48_000, 1500);
    read(96_000, 2500);
    WhyAnswer late = why.answer(new WhyQuestion.OfReading(48_000));
    assertEquals("processor_taken", kind(late));
    assertEquals(48_000, late.fromSample());
    assertEquals("nothing_unusual", kind(why.answer(new WhyQuestion.OfReading(96_000))));
  }

  @Test
  void where_nothing_was_late_the_newest_reading_of_which_all_is_told_is_explained() {
    quiet(0, 4000);
    read(48_000, 1500);
    read(96_000, 2500);
    read(144_000, 3500);
    assertEquals(96_000, why.answer(new WhyQuestion.Newest()).fromSample());
  }

  @Test
  void before_all_is_told_of_the_first_reading_one_is_to_ask_later() {
    quiet(0, 1000);
    read(48_000, 1500);
    Unknown refusal = assertThrows(Unknown.class, () -> why.answer(new WhyQuestion.Newest()));
    assertTrue(String.valueOf(refusal.getMessage()).endsWith(LiveWhy.LATER), refusal::getMessage);
  }

  @Test
  void a_reading_that_is_not_retained_is_refused_with_those_that_are() {
    quiet(0, 8000);
    read(48_000, 1500);
    Unknown refusal = assertThrows(Unknown.class, () -> why.answer(new WhyQuestion.OfReading(5)));
    assertEquals(
        "no reading begins at sample 5; those that are retained begin at 48000 to 48000",
        refusal.getMessage());
  }

  @Test
  void a_time_that_the_notes_do_not_reach_is_refused_with_how_far_they_reach() {
    quiet(0, 8000);
    for (double ms : new double[] {-60_000, 60_000}) {
      Unknown refusal = assertThrows(Unknown.class, () -> at(ms));
      assertTrue(
          String.valueOf(refusal.getMessage()).contains("the notes reach from"),
          refusal::getMessage);
    }
  }

  @Test
  void a_disturbance_is_explained_after_the_ring_has_forgotten_it() {
    quiet(0, 4000);
    hogged(4020, 120);
    quiet(4200, 6000);
    assertTrue(freezer.poll());
    for (int i = 0; i < 20_000; i++) {
      ring.woken(nanos(6000 + i * 0.1), 0, HOG, 0);
    }
    assertTrue(ring.freeze().fromNanos() > nanos(4200));
    assertEquals("processor_taken", kind(at(4100)));
  }

  @Test
  void what_is_not_told_yet_is_said() {
    quiet(0, 2000);
    long now = System.nanoTime();
    ActivityRing young = new ActivityRing(1 << 16, now - 5000 * MS);
    Freezer newest = new Freezer(List.of(young), new Freezer.Limits(0, 0, 0, 1));
    young.namedByJvm(ACQUISITION, PID, "acquisition");
    young.program(now - 3000 * MS, ACQUISITION, ProgramEvent.CAPTURED, 0, 1, 0);
    young.caughtUp(now - 2500 * MS);
    WhyAnswer answer =
        new Why(newest, 0, readings, List::of)
            .answer(new WhyQuestion.At(WallClock.SYSTEM.at(now - 3000 * MS)));
    assertTrue(answer.notes().getFirst().endsWith("ask again in 3 s"), () -> "" + answer.notes());
  }
}
