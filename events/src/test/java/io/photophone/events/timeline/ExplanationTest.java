package io.photophone.events.timeline;

import static io.photophone.events.timeline.Story.ACQUISITION;
import static io.photophone.events.timeline.Story.ANALYSIS;
import static io.photophone.events.timeline.Story.HOG;
import static io.photophone.events.timeline.Story.MS;
import static io.photophone.events.timeline.Story.SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplanationTest {
  private final Story story = new Story();

  /// The acquisition thread waits from 0 on, is woken at 10 and gets on at the time given.
  private Story wokenAtTen(double runs, int holder) {
    return story
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, holder)
        .wake(10, 0, ACQUISITION)
        .at(runs, 0, holder, SwitchState.PREEMPTED, ACQUISITION)
        .until(runs + 10);
  }

  @Test
  void a_hog_on_the_processor_is_named_with_its_share() {
    wokenAtTen(222, HOG);
    Explanation why = story.why(0, 225, 12);
    assertInstanceOf(Cause.ProcessorTaken.class, why.cause());
    assertEquals(
        "The acquisition thread waited 212 ms for a processor; hog (pid 123) held CPU 0 for 100 %"
            + " of that time",
        why.sentence());
  }

  @Test
  void a_short_collection_beside_a_hog_is_not_named() {
    wokenAtTen(222, HOG);
    story.ring.paused(9 * MS, 10 * MS, SERVER, PauseKind.GARBAGE_COLLECTION, "G1");
    Explanation why = story.why(0, 225, 12);
    assertEquals(1, why.causes().stream().filter(c -> c.kind().equals("ProcessorTaken")).count());
    assertEquals(
        0, why.causes().stream().filter(c -> c.kind().equals("GarbageCollection")).count());
  }

  @Test
  void an_idle_processor_that_a_thread_waits_for_is_a_quota() {
    wokenAtTen(222, 0);
    assertInstanceOf(Cause.Throttled.class, story.why(0, 225, 12).cause());
  }

  @Test
  void a_collection_is_named_with_its_cause() {
    story
        .at(0, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(5, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .wake(185, 0, ACQUISITION)
        .at(185.1, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(200);
    story.ring.paused(5 * MS, 185 * MS, SERVER, PauseKind.GARBAGE_COLLECTION, "System.gc()");
    story.ring.paused(4 * MS, 186 * MS, SERVER, PauseKind.SAFEPOINT, "G1CollectFull");
    Explanation why = story.why(0, 190, 10);
    assertEquals(
        "The JVM paused 180 ms for a garbage collection (System.gc()); the acquisition thread stood"
            + " still for 180 ms of that time",
        why.sentence());
    assertEquals(1, why.causes().size());
  }

  /// Threads come late to the safepoint and leave it late where the machine is busy.
  @Test
  void the_safepoint_of_a_collection_is_a_part_of_the_collection() {
    story
        .at(0, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(5, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .wake(195, 0, ACQUISITION)
        .at(195.1, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(200);
    story.ring.paused(15 * MS, 185 * MS, SERVER, PauseKind.GARBAGE_COLLECTION, "System.gc()");
    story.ring.paused(4 * MS, 195 * MS, SERVER, PauseKind.SAFEPOINT, "G1CollectFull");
    Explanation why = story.why(0, 199, 10);
    assertInstanceOf(Cause.GarbageCollection.class, why.cause(), why::sentence);
    assertEquals(
        0, why.causes().stream().filter(c -> c.kind().equals("Safepoint")).count(), why::sentence);
  }

  @Test
  void a_safepoint_is_named_by_its_operation() {
    story
        .at(0, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(5, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .wake(65, 0, ACQUISITION)
        .at(65.1, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(200);
    story.ring.paused(5 * MS, 65 * MS, SERVER, PauseKind.SAFEPOINT, "ThreadDump");
    Explanation why = story.why(0, 80, 10);
    assertInstanceOf(Cause.Safepoint.class, why.cause());
    assertTrue(why.sentence().contains("ThreadDump"), why.sentence());
  }

  @Test
  void a_stopped_process_is_named() {
    story
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .wake(10, 0, ACQUISITION)
        .at(10, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(10.1, 0, ACQUISITION, SwitchState.STOPPED, 0)
        .wake(2010.1, 0, ACQUISITION)
        .at(2010.2, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(2020);
    assertEquals(
        "The process (pid 100) was stopped for 2.00 s by a signal",
        story.why(0, 2015, 12).sentence());
  }

  @Test
  void a_wait_for_the_disk_is_named_with_its_reason() {
    story.at(0, 1, 0, SwitchState.YIELDED, ANALYSIS);
    story.ring.switched(5 * MS, 1, ANALYSIS, SwitchState.DISK, 0, "jbd2_log_wait_commit");
    story
        .wake(315, 1, ANALYSIS)
        .at(315, 1, 0, SwitchState.YIELDED, ANALYSIS)
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .wake(15, 0, ACQUISITION)
        .at(15, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(16, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .wake(310, 0, ACQUISITION)
        .until(330);
    Explanation why = story.why(0, 320, 300);
    assertEquals(
        "The analysis thread measure waited 310 ms for the disk (jbd2_log_wait_commit)",
        why.sentence());
  }

  @Test
  void a_lock_is_named() {
    story.ring.waited(5 * MS, 65 * MS, ANALYSIS, WaitKind.LOCK, "io.photophone.Store");
    story
        .at(0, 1, 0, SwitchState.YIELDED, ANALYSIS)
        .at(5, 1, ANALYSIS, SwitchState.SLEEPING, 0)
        .wake(65, 1, ANALYSIS)
        .at(65, 1, 0, SwitchState.YIELDED, ANALYSIS)
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .until(70);
    Explanation why = story.why(0, 70, 65);
    assertEquals(
        "The analysis thread measure waited 60 ms for a lock (io.photophone.Store)",
        why.sentence());
  }

  @Test
  void a_thread_that_only_waits_had_a_silent_source() {
    wokenAtTen(10, 0);
    story.at(11, 0, ACQUISITION, SwitchState.SLEEPING, 0).wake(523, 0, ACQUISITION);
    story.at(523.1, 0, 0, SwitchState.YIELDED, ACQUISITION).until(530);
    Explanation why = story.why(11, 525, 10);
    assertInstanceOf(Cause.SourceSilent.class, why.cause());
    assertTrue(why.sentence().startsWith("The source was silent for 502 ms"), why.sentence());
  }

  @Test
  void a_wait_whose_end_is_not_known_is_not_put_down_to_the_source_alone() {
    story
        .at(0, 0, RingRecord.UNKNOWN, SwitchState.BLOCKED, ACQUISITION)
        .at(11, 0, ACQUISITION, SwitchState.BLOCKED, RingRecord.UNKNOWN)
        .at(523, 0, RingRecord.UNKNOWN, SwitchState.BLOCKED, ACQUISITION)
        .until(530);
    assertEquals(
        "The acquisition thread waited 502 ms longer than usual, for its source or for a processor:"
            + " when it was woken isn't known",
        story.why(11, 525, 10).sentence());
  }

  @Test
  void what_took_less_than_the_question_wants_is_not_named() {
    wokenAtTen(22, HOG);
    story.until(300);
    Participant thread = new Participant(ACQUISITION, Participant.Role.ACQUISITION);
    long until = 32 * MS;
    Question wantsMore = new Question(0, until, until, 13 * MS, List.of(thread));
    Question wantsLess = new Question(0, until, until, 11 * MS, List.of(thread));
    assertInstanceOf(
        Cause.NothingUnusual.class, Explanation.of(story.ring.freeze(), wantsMore).cause());
    assertInstanceOf(
        Cause.ProcessorTaken.class, Explanation.of(story.ring.freeze(), wantsLess).cause());
  }

  @Test
  void a_thread_that_ran_too_long_had_too_much_to_do() {
    story
        .at(0, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(90, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .until(100);
    assertInstanceOf(Cause.OwnWork.class, story.why(0, 95, 10).cause());
  }

  @Test
  void lost_events_are_named_and_nothing_is_made_up() {
    story.at(0, 0, 0, SwitchState.YIELDED, ACQUISITION);
    story.ring.lost(5 * MS, 150 * MS, -1, 1204);
    story.until(160);
    Explanation why = story.why(0, 155, 10);
    assertInstanceOf(Cause.Unknown.class, why.cause());
    assertTrue(why.sentence().contains("1,204 events were lost"), why.sentence());
  }

  @Test
  void where_nothing_took_time_nothing_is_named() {
    story
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .at(0, 1, ANALYSIS, SwitchState.SLEEPING, 0)
        .wake(9, 0, ACQUISITION)
        .at(9, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(20);
    Explanation why = story.why(0, 10, 9.5);
    assertInstanceOf(Cause.NothingUnusual.class, why.cause());
    assertEquals(1, why.causes().size());
  }

  @Test
  void the_text_begins_with_the_sentence_and_fits_a_hundred_columns() {
    story.name(ANALYSIS, SERVER, "m\u001b[31m");
    wokenAtTen(222, HOG);
    Explanation why = story.why(0, 225, 12);
    String text = TimelineText.of(why);
    System.out.println(text);
    assertTrue(text.startsWith("The acquisition thread waited 212 ms for a processor; hog"), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
    assertTrue(text.contains("░ waiting for a processor"), text);
    assertTrue(text.indexOf('\u001b') < 0, text);
    String bar =
        text.lines().filter(l -> l.startsWith("acquisition acquire")).findFirst().orElse("");
    long ready = bar.chars().filter(each -> each == '░').count();
    assertTrue(Math.abs(74 * 212 / 225 - ready) <= 1, bar);
  }
}
