package io.photophone.events.timeline;

import static io.photophone.events.timeline.SimulatedMachine.STEPS;
import static io.photophone.events.timeline.SimulatedMachine.STEP_NANOS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.timeline.SimulatedMachine.At;
import io.photophone.events.timeline.SimulatedMachine.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// System property: `timeline.seed` of the first run.
final class TimelinePropertyTest {
  private static final long FIRST_SEED = Long.getLong("timeline.seed", System.nanoTime());
  private static final int MACHINES = 100;

  @Test
  void the_disturbance_of_a_simulated_machine_is_named() {
    List<String> wrong = new ArrayList<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + MACHINES; seed++) {
      SimulatedMachine machine = new SimulatedMachine(seed);
      Explanation why = machine.why();
      if (!why.causes().getFirst().kind().equals(machine.disturbance.cause)) {
        wrong.add(
            "-Dtimeline.seed=%d: %s, but: %s%n%s"
                .formatted(seed, machine.disturbance, why.sentence(), TimelineText.of(why)));
      }
    }
    System.out.printf(
        "timeline.seed=%d: %d of %d%n", FIRST_SEED, MACHINES - wrong.size(), MACHINES);
    assertTrue(wrong.size() <= MACHINES / 100, () -> String.join("\n", wrong));
  }

  @Test
  void a_time_line_is_what_the_simulated_machine_did() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
      SimulatedMachine machine = new SimulatedMachine(seed);
      Activity activity = machine.story.ring.freeze();
      for (Task task : machine.tasks) {
        ThreadTimeline line = ThreadTimeline.of(activity, task.tid, 0, STEPS * STEP_NANOS);
        checkTiles(line, 0, STEPS * STEP_NANOS, "seed " + seed);
        compare(line, task, seed);
      }
    }
  }

  private static void compare(ThreadTimeline line, Task task, long seed) {
    for (Interval each : line.intervals()) {
      At expected =
          switch (each.state()) {
            case ThreadState.Running _ -> At.RUNNING;
            case ThreadState.Ready _ -> At.READY;
            case ThreadState.Blocked _, ThreadState.InPause _, ThreadState.Stopped _ -> At.BLOCKED;
            // Before its first switch nothing is known.
            case ThreadState.Unknown _, ThreadState.Absent _ -> null;
          };
      if (expected == null) {
        assertEquals(0, each.fromNanos(), () -> "seed %d: %s".formatted(seed, each));
        continue;
      }
      for (long time = each.fromNanos(); time < each.untilNanos(); time += STEP_NANOS) {
        int step = (int) (time / STEP_NANOS);
        assertEquals(
            expected,
            task.truth[step],
            () -> "seed %d, thread %d, step %d: %s".formatted(seed, task.tid, step, each));
      }
    }
  }

  @Test
  void random_records_in_any_order_tile_the_time_and_end_no_session() {
    System.out.println("timeline.seed=" + FIRST_SEED);
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 300; seed++) {
      Random random = new Random(seed);
      Story story = new Story(random.nextBoolean() ? 1 << 11 : 1 << 16);
      for (int i = random.nextInt(1000); i >= 0; i--) {
        randomRecord(random, story.ring);
      }
      long from = random.nextLong(-100, 900);
      long until = from + 1 + random.nextLong(1000);
      Activity activity =
          random.nextBoolean()
              ? story.ring.freeze()
              : story.ring.freeze(random.nextLong(500), 500 + random.nextLong(500));
      for (int tid = 1; tid < 6; tid++) {
        checkTiles(ThreadTimeline.of(activity, tid, from, until), from, until, "seed " + seed);
      }
      List<Participant> participants =
          List.of(
              new Participant(1, Participant.Role.ACQUISITION),
              new Participant(2, Participant.Role.OTHER));
      Explanation why = Explanation.of(activity, new Question(from, until, 10, participants));
      String text = TimelineText.of(why);
      assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
    }
  }

  private static void randomRecord(Random random, ActivityRing ring) {
    long time = random.nextLong(1000);
    long end = time + random.nextLong(-10, 200);
    int tid = random.nextInt(-1, 6);
    int cpu = random.nextInt(-1, 3);
    SwitchState[] states = SwitchState.values();
    for (int repeat = random.nextInt(8) == 0 ? 2 : 1; repeat > 0; repeat--) {
      switch (random.nextInt(12)) {
        case 0 -> ring.woken(time, cpu, tid, 3);
        case 1 -> ring.born(time, cpu, tid, 3);
        case 2 -> ring.pageFault(time, cpu, tid, random.nextBoolean(), time);
        case 3 -> ring.paused(time, end, tid, PauseKind.SAFEPOINT, "a");
        case 4 -> ring.waited(time, end, tid, WaitKind.LOCK, "b");
        case 5 -> ring.stopped(time, tid);
        case 6 -> ring.continued(time, tid);
        case 7 -> ring.lost(time, end, cpu, 7);
        case 8 -> ring.program(time, tid, ProgramEvent.LATE, 3, 5, 6);
        default ->
            ring.switched(
                time, cpu, tid, states[random.nextInt(states.length)], random.nextInt(6), "c");
      }
    }
  }

  private static void checkTiles(ThreadTimeline line, long from, long until, String where) {
    long next = from;
    for (Interval each : line.intervals()) {
      assertEquals(next, each.fromNanos(), where);
      next = each.untilNanos();
      if (each.state() instanceof ThreadState.Ready ready) {
        assertEquals(
            each.nanos(),
            ready.holders().stream().mapToLong(ThreadState.Share::nanos).sum(),
            () -> where + ": shares of " + each);
      }
    }
    assertEquals(until, next, where);
  }

  @Test
  void a_piece_tells_of_its_time_what_the_whole_ring_tells() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 20; seed++) {
      SimulatedMachine machine = new SimulatedMachine(seed);
      Activity whole = machine.story.ring.freeze();
      long from = machine.begins * STEP_NANOS;
      long until = from + 500 * STEP_NANOS;
      Activity piece = machine.story.ring.freeze(from, until);
      for (Task task : machine.tasks.subList(0, 2)) {
        ThreadTimeline expected = ThreadTimeline.of(whole, task.tid, from, until);
        ThreadTimeline line = ThreadTimeline.of(piece, task.tid, from, until);
        assertEquals(
            Arrays.toString(kinds(expected)), Arrays.toString(kinds(line)), "seed " + seed);
      }
    }
  }

  /// What the state was, step by step; not for what, which the end of a wait tells.
  private static Object[] kinds(ThreadTimeline line) {
    Object[] kinds = new Object[500];
    for (int i = 0; i < kinds.length; i++) {
      ThreadState state = line.at(line.fromNanos() + i * STEP_NANOS);
      kinds[i] =
          state instanceof ThreadState.InPause || state instanceof ThreadState.Blocked
              ? "waits"
              : state == null ? "none" : state.getClass().getSimpleName();
    }
    return kinds;
  }
}
