package io.photophone.events.timeline;

import static io.photophone.events.timeline.Story.ACQUISITION;
import static io.photophone.events.timeline.Story.ANALYSIS;
import static io.photophone.events.timeline.Story.HOG;
import static io.photophone.events.timeline.Story.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.events.timeline.ThreadState.Absent;
import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.InPause;
import io.photophone.events.timeline.ThreadState.Ready;
import io.photophone.events.timeline.ThreadState.Running;
import io.photophone.events.timeline.ThreadState.Stopped;
import io.photophone.events.timeline.ThreadState.Unknown;
import io.photophone.events.timeline.ThreadState.Why;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ThreadTimelineTest {
  private final Story story = new Story();

  @Test
  void a_thread_runs_sleeps_is_woken_waits_and_runs() {
    story
        .at(10, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(20, 0, ACQUISITION, SwitchState.SLEEPING, HOG)
        .wake(50, 0, ACQUISITION)
        .at(70, 0, HOG, SwitchState.PREEMPTED, ACQUISITION)
        .until(100);
    ThreadTimeline line = story.timeline(ACQUISITION, 10, 100);
    assertEquals(
        List.of(
            new Interval(10 * MS, 20 * MS, new Running(0)),
            new Interval(20 * MS, 50 * MS, new Blocked(WaitKind.SLEEP, "", true)),
            new Interval(
                50 * MS,
                70 * MS,
                new Ready(
                    0,
                    false,
                    List.of(new ThreadState.Share(new ThreadName(HOG, HOG, "hog"), 20 * MS)))),
            new Interval(70 * MS, 100 * MS, new Running(0))),
        line.intervals());
    assertEquals(40 * MS, line.runningNanos());
    assertEquals(20 * MS, line.readyNanos());
    assertEquals(30 * MS, line.blockedNanos(WaitKind.SLEEP));
  }

  @Test
  void a_preempted_thread_is_ready_and_who_held_the_processor_is_said_by_shares() {
    story
        .at(0, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(10, 0, ACQUISITION, SwitchState.PREEMPTED, HOG)
        .at(16, 0, HOG, SwitchState.PREEMPTED, ANALYSIS)
        .at(20, 0, ANALYSIS, SwitchState.SLEEPING, ACQUISITION)
        .until(30);
    Ready ready = assertInstanceOf(Ready.class, story.timeline(ACQUISITION, 0, 30).at(12 * MS));
    assertEquals(true, ready.preempted());
    assertEquals(
        List.of(HOG, ANALYSIS), ready.holders().stream().map(s -> s.thread().tid()).toList());
    assertEquals(
        List.of(6 * MS, 4 * MS), ready.holders().stream().map(ThreadState.Share::nanos).toList());
  }

  @Test
  void a_thread_that_leaves_had_the_processor_since_the_record_began() {
    story.at(40, 0, ACQUISITION, SwitchState.SLEEPING, 0).until(50);
    assertEquals(
        List.of(
            new Interval(0, 40 * MS, new Running(0)),
            new Interval(40 * MS, 50 * MS, new Blocked(WaitKind.SLEEP, "", false))),
        story.timeline(ACQUISITION, 0, 50).intervals());
  }

  @Test
  void a_thread_that_leaves_a_processor_which_another_came_to_contradicts_the_record() {
    story
        .at(20, 0, HOG, SwitchState.SLEEPING, ANALYSIS)
        .at(40, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .until(50);
    assertInstanceOf(Unknown.class, story.timeline(ACQUISITION, 0, 50).at(30 * MS));
    // What the other did after it came isn't known either.
    assertEquals(new Unknown(Why.CONTRADICTION), story.timeline(ANALYSIS, 0, 50).at(30 * MS));
  }

  @Test
  void nothing_is_known_before_the_record_and_after_it() {
    story.at(10, 0, 0, SwitchState.YIELDED, ACQUISITION).until(20);
    ThreadTimeline line = story.timeline(ACQUISITION, -10, 30);
    assertEquals(new Unknown(Why.OUT_OF_REACH), line.at(5 * MS));
    assertEquals(new Running(0), line.at(15 * MS));
    assertEquals(new Unknown(Why.OUT_OF_REACH), line.at(25 * MS));
    assertNull(line.at(31 * MS));
  }

  @Test
  void a_missing_wake_up_leaves_the_end_of_the_wait_open() {
    story
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .at(10, 1, 0, SwitchState.YIELDED, ACQUISITION)
        .until(20);
    assertEquals(
        new Blocked(WaitKind.SLEEP, "", false), story.timeline(ACQUISITION, 0, 20).at(5 * MS));
  }

  @Test
  void a_wake_up_told_just_before_the_switch_counts_for_it() {
    story
        .at(0, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .wake(9.95, 0, ACQUISITION)
        .at(10, 0, ACQUISITION, SwitchState.SLEEPING, HOG)
        .at(20, 0, HOG, SwitchState.PREEMPTED, ACQUISITION)
        .until(30);
    assertInstanceOf(Ready.class, story.timeline(ACQUISITION, 0, 30).at(15 * MS));
  }

  @Test
  void the_second_wake_up_knows_the_processor() {
    story
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .at(1, 1, 0, SwitchState.YIELDED, HOG)
        .wake(10, 0, ACQUISITION)
        .wake(10.01, 1, ACQUISITION)
        .at(20, 1, HOG, SwitchState.PREEMPTED, ACQUISITION)
        .until(30);
    Ready ready = assertInstanceOf(Ready.class, story.timeline(ACQUISITION, 0, 30).at(15 * MS));
    assertEquals(1, ready.cpu());
    assertEquals(HOG, ready.holders().getFirst().thread().tid());
  }

  @Test
  void threads_are_born_and_die() {
    story.ring.born(10 * MS, 0, 77, ACQUISITION);
    story.at(12, 0, 0, SwitchState.YIELDED, 77).at(15, 0, 77, SwitchState.DEAD, 0).until(20);
    ThreadTimeline line = story.timeline(77, 0, 20);
    assertEquals(new Absent(), line.at(5 * MS));
    assertInstanceOf(Ready.class, line.at(11 * MS));
    assertEquals(new Running(0), line.at(13 * MS));
    assertEquals(new Absent(), line.at(16 * MS));
  }

  @Test
  void lost_events_make_the_time_unknown_until_the_thread_is_heard_of_again() {
    story.at(0, 0, 0, SwitchState.YIELDED, ACQUISITION);
    story.ring.lost(10 * MS, 20 * MS, -1, 500);
    story
        .at(15, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .at(30, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(40);
    ThreadTimeline line = story.timeline(ACQUISITION, 0, 40);
    assertEquals(new Running(0), line.at(5 * MS));
    assertEquals(new Unknown(Why.LOST), line.at(12 * MS));
    assertEquals(new Unknown(Why.LOST), line.at(17 * MS));
    assertEquals(new Unknown(Why.LOST), line.at(25 * MS));
    assertEquals(new Running(0), line.at(35 * MS));
    assertEquals(500, story.ring.freeze().lostEvents(0, 40 * MS));
  }

  @Test
  void a_thread_on_another_processor_than_the_lost_events_is_known_until_it_leaves() {
    story.at(0, 1, 0, SwitchState.YIELDED, ACQUISITION);
    story.ring.lost(10 * MS, 20 * MS, 0, 5);
    story.at(15, 1, ACQUISITION, SwitchState.SLEEPING, 0).until(40);
    ThreadTimeline line = story.timeline(ACQUISITION, 0, 40);
    assertEquals(new Running(1), line.at(12 * MS));
    assertEquals(new Unknown(Why.LOST), line.at(17 * MS));
    assertEquals(new Unknown(Why.LOST), line.at(30 * MS));
  }

  @Test
  void who_leaves_after_a_loss_had_the_processor_since_its_end_at_least() {
    story.at(0, 0, 0, SwitchState.YIELDED, ACQUISITION);
    story.ring.lost(10 * MS, 20 * MS, -1, 5);
    story.at(30, 0, ACQUISITION, SwitchState.SLEEPING, 0).until(40);
    ThreadTimeline line = story.timeline(ACQUISITION, 0, 40);
    assertEquals(new Unknown(Why.LOST), line.at(15 * MS));
    assertEquals(new Running(0), line.at(25 * MS));
  }

  @Test
  void a_wait_in_the_kernel_near_a_fault_from_the_disk_is_for_a_page() {
    story.ring.pageFault(10 * MS, 0, ACQUISITION, true, 0x1000);
    story
        .at(10.1, 0, ACQUISITION, SwitchState.DISK, 0)
        .wake(20, 0, ACQUISITION)
        .at(20.1, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(40, 0, ACQUISITION, SwitchState.DISK, 0)
        .until(50);
    ThreadTimeline line = story.timeline(ACQUISITION, 0, 50);
    assertEquals(new Blocked(WaitKind.PAGE_FAULT, "", true), line.at(15 * MS));
    assertEquals(new Blocked(WaitKind.DISK, "", false), line.at(45 * MS));
  }

  @Test
  void what_the_program_says_of_a_wait_goes_before_what_the_kernel_says() {
    story.ring.waited(9 * MS, 21 * MS, ACQUISITION, WaitKind.LOCK, "java.lang.Object");
    story
        .at(10, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .wake(20, 0, ACQUISITION)
        .at(20, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(50);
    assertEquals(
        new Blocked(WaitKind.LOCK, "java.lang.Object", true),
        story.timeline(ACQUISITION, 0, 50).at(15 * MS));
  }

  @Test
  void a_pause_counts_for_a_thread_that_would_have_run_and_not_for_one_that_waits_beyond_it() {
    story
        .at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0)
        .at(9.5, 1, ANALYSIS, SwitchState.SLEEPING, 0)
        .wake(30, 1, ANALYSIS)
        .at(30.1, 1, 0, SwitchState.YIELDED, ANALYSIS)
        .wake(60, 0, ACQUISITION)
        .at(60, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .until(70);
    story.ring.paused(10 * MS, 30 * MS, Story.SERVER, PauseKind.GARBAGE_COLLECTION, "System.gc()");
    story.ring.paused(9 * MS, 31 * MS, Story.SERVER, PauseKind.SAFEPOINT, "G1Collect");
    ThreadTimeline analysis = story.timeline(ANALYSIS, 0, 70);
    assertEquals(new InPause(PauseKind.GARBAGE_COLLECTION, "System.gc()"), analysis.at(20 * MS));
    assertEquals(20_600_000, analysis.pausedNanos(PauseKind.GARBAGE_COLLECTION));
    ThreadTimeline acquisition = story.timeline(ACQUISITION, 0, 70);
    assertEquals(new Blocked(WaitKind.SLEEP, "", true), acquisition.at(20 * MS));
  }

  @Test
  void a_pause_of_another_process_is_none_of_this_one() {
    story.at(9.5, 1, ANALYSIS, SwitchState.SLEEPING, 0).wake(30, 1, ANALYSIS).until(40);
    story.ring.paused(10 * MS, 30 * MS, 4711, PauseKind.GARBAGE_COLLECTION, "G1");
    assertInstanceOf(Blocked.class, story.timeline(ANALYSIS, 0, 40).at(20 * MS));
  }

  @Test
  void a_signal_stops_all_threads_until_the_next() {
    story.at(0, 0, ACQUISITION, SwitchState.SLEEPING, 0).until(100);
    story.ring.stopped(20 * MS, Story.SERVER);
    story.ring.continued(60 * MS, Story.SERVER);
    ThreadTimeline line = story.timeline(ACQUISITION, 0, 100);
    assertEquals(40 * MS, line.stoppedNanos());
    assertEquals(new Stopped(false), line.at(20 * MS));
    assertInstanceOf(Blocked.class, line.at(60 * MS));
  }

  @Test
  void a_piece_knows_how_it_stood_at_its_start() {
    story
        .at(1, 0, 0, SwitchState.YIELDED, ACQUISITION)
        .at(2, 0, ACQUISITION, SwitchState.PREEMPTED, HOG)
        .at(3, 1, 0, SwitchState.YIELDED, ANALYSIS)
        .at(60, 1, ANALYSIS, SwitchState.SLEEPING, 0)
        .until(100);
    Activity piece = story.ring.freeze(50 * MS, 90 * MS);
    ThreadTimeline line = ThreadTimeline.of(piece, ACQUISITION, 50 * MS, 90 * MS);
    Ready ready = assertInstanceOf(Ready.class, line.at(50 * MS));
    assertEquals(HOG, ready.holders().getFirst().thread().tid());
    assertEquals(40 * MS, ready.holders().getFirst().nanos());
    assertEquals(new Running(1), ThreadTimeline.of(piece, ANALYSIS, 50 * MS, 90 * MS).at(55 * MS));
  }

  @Test
  void the_idle_thread_and_an_empty_time_are_refused() {
    assertThrows(IllegalArgumentException.class, () -> story.timeline(0, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> story.timeline(5, 10, 10));
  }
}
