package io.photophone.events.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class ActivityRingTest {
  private static final int BYTES = 1 << 10;
  private static final int CAPACITY = BYTES / 32;

  @Test
  void the_newest_records_go_over_the_oldest_which_are_counted_and_unknown() {
    ActivityRing ring = new ActivityRing(BYTES, 0);
    for (int i = 1; i <= CAPACITY + 5; i++) {
      ring.switched(i, 0, 0, SwitchState.YIELDED, 7, "");
    }
    ActivityRing.Counts counts = ring.counts();
    assertEquals(CAPACITY + 5, counts.written());
    assertEquals(5, counts.overwritten());
    assertEquals(CAPACITY, counts.capacity());
    assertEquals(CAPACITY, counts.reachNanos());
    Activity activity = ring.freeze();
    assertEquals(CAPACITY, activity.size());
    assertEquals(6, activity.fromNanos());
    assertEquals(CAPACITY + 5, activity.untilNanos());
  }

  @Test
  void a_long_pause_that_was_overwritten_makes_all_of_its_time_unknown() {
    ActivityRing ring = new ActivityRing(BYTES, 0);
    ring.paused(1, 500, 7, PauseKind.SAFEPOINT, "a");
    for (int i = 0; i < CAPACITY; i++) {
      ring.woken(1000 + i, 0, 7, 8);
    }
    assertEquals(501, ring.freeze().fromNanos());
  }

  @Test
  void what_the_program_said_comes_back_in_order() {
    ActivityRing ring = new ActivityRing(BYTES, 0);
    ring.program(20, 5, ProgramEvent.LATE, 65535, Long.MAX_VALUE, 12_000_000);
    ring.program(10, 5, ProgramEvent.CAPTURED, 1, -1, -3);
    ring.caughtUp(Long.MAX_VALUE);
    assertEquals(
        List.of(
            new ProgramMark(10, 5, ProgramEvent.CAPTURED, 1, -1, 0),
            new ProgramMark(20, 5, ProgramEvent.LATE, 65535, Long.MAX_VALUE, 12_000_000)),
        ring.freeze().marks(0, 30));
    assertEquals(1, ring.freeze().marks(0, 15).size());
  }

  @Test
  void pieces_of_two_rings_are_one_that_is_whole_where_both_are() {
    ActivityRing kernel = new ActivityRing(BYTES, 100);
    kernel.switched(150, 0, 7, SwitchState.SLEEPING, 0, "futex");
    kernel.caughtUp(300);
    ActivityRing jvm = new ActivityRing(BYTES, 120);
    jvm.paused(140, 160, -1, PauseKind.GARBAGE_COLLECTION, "G1");
    jvm.namedByJvm(7, 6, "acquisition");
    jvm.caughtUp(280);
    Activity joined = Activity.joined(List.of(kernel.freeze(), jvm.freeze()));
    assertEquals(120, joined.fromNanos());
    assertEquals(280, joined.untilNanos());
    assertEquals(new ThreadName(7, 6, "acquisition"), joined.name(7));
    assertEquals(
        new ThreadState.InPause(PauseKind.GARBAGE_COLLECTION, "G1"),
        ThreadTimeline.of(joined, 7, 130, 200).at(155));
    assertEquals(
        new ThreadState.Blocked(WaitKind.SLEEP, "futex", false),
        ThreadTimeline.of(joined, 7, 130, 200).at(165));
  }

  @Test
  void texts_and_names_are_bounded_and_what_is_beyond_is_counted() {
    ActivityRing ring = new ActivityRing(1 << 20, 0);
    for (int i = 0; i < 20_000; i++) {
      ring.waited(i, i + 1, 5, WaitKind.LOCK, "lock " + i);
      ring.namedByJvm(i + 1, 1, "same");
    }
    assertTrue(ring.counts().textsRefused() >= 20_000 - 4096);
    assertTrue(ring.counts().namesReplaced() > 0);
    assertEquals("same", ring.freeze().name(20_000).name());
  }

  @Test
  void writing_allocates_nothing() {
    ActivityRing ring = new ActivityRing(BYTES, 0);
    write(ring, 20_000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    write(ring, 100_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 10_000, allocated + " bytes");
  }

  private static void write(ActivityRing ring, int count) {
    for (int i = 0; i < count; i++) {
      ring.switched(i, 0, 5, SwitchState.SLEEPING, 6, "futex");
      ring.woken(i, 0, 5, 6);
      ring.pageFault(i, 0, 5, true, i);
      ring.paused(i, i + 1, 4, PauseKind.SAFEPOINT, "G1");
      ring.program(i, 5, ProgramEvent.LATE, 1, i, 3);
      ring.namedByKernel(5, 4, 0x6162, 0);
      ring.caughtUp(i);
    }
  }

  @Test
  void a_piece_taken_while_writing_goes_on_has_no_torn_record() throws InterruptedException {
    ActivityRing ring = new ActivityRing(BYTES, 0);
    AtomicBoolean stops = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (long i = 1; !stops.get(); i++) {
                ring.program(i, (int) i, ProgramEvent.WRITTEN, (int) i & 0xFFFF, i, i);
              }
            },
            "writer");
    writer.start();
    try {
      long marks = 0;
      for (int round = 0; round < 20_000; round++) {
        Activity piece = ring.freeze(0, Long.MAX_VALUE);
        long last = 0;
        for (ProgramMark mark : piece.marks(0, Long.MAX_VALUE)) {
          long time = mark.timeNanos();
          assertEquals(time, mark.frame());
          assertEquals(time, mark.amount());
          assertEquals((int) time, mark.tid());
          assertTrue(time == last + 1 || last == 0, () -> "after %d".formatted(time));
          assertTrue(time >= piece.fromNanos());
          last = time;
          marks++;
        }
      }
      assertTrue(marks > 0);
    } finally {
      stops.set(true);
      writer.join();
    }
  }

  @Test
  void too_little_memory_is_refused() {
    assertEquals(
        "bytes is 100, allowed: 1024 to 1073741824",
        assertThrows(IllegalArgumentException.class, () -> new ActivityRing(100, 0)).getMessage());
  }
}
