package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.FieldRef;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// System calls as fast as a program can make them.
@Tag("V13")
class StormIT {
  private static final int BYTES = 300_000;

  @BeforeEach
  void is_possible_here() {
    Possible.wholeMachine();
  }

  private static Process dd() throws Exception {
    Process dd =
        new ProcessBuilder(
                "sh",
                "-c",
                "echo ready; read x; exec dd if=/dev/zero of=/dev/null bs=1 count=%d status=none"
                    .formatted(BYTES))
            .start();
    assertEquals("ready", dd.inputReader().readLine());
    return dd;
  }

  /// @return samples that were read
  private static PerfStatistics run(int pages, Duration pauses) throws Exception {
    Process dd = dd();
    try (PerfSession session =
        PerfSession.builder()
            .pid(dd.pid())
            .pageCount(pages)
            .tracepoint("raw_syscalls:sys_enter", StackCapture.NONE)
            .build()) {
      long[] reads = new long[1];
      FieldRef id = session.events().event("raw_syscalls:sys_enter").format().fieldRef("id");
      session
          .events()
          .event("raw_syscalls:sys_enter")
          .addCallback(data -> reads[0] += data.longOf(id) == 0 ? 1 : 0);
      session.enable();
      dd.outputWriter().write("\n");
      dd.outputWriter().flush();
      long start = System.nanoTime();
      if (pauses.isZero()) {
        Thread reader = Thread.currentThread();
        var _ = dd.onExit().thenRun(reader::interrupt);
        session.read(Duration.ofSeconds(60));
        assertTrue(Thread.interrupted(), "the storm ended");
      } else {
        dd.waitFor();
      }
      long took = System.nanoTime() - start;
      session.disable();
      session.drain();
      PerfStatistics statistics = session.statistics();
      EventCount count = session.counts().get("raw_syscalls:sys_enter");
      System.out.printf(
          "%d events in %d ms, %.0f a second; %s %s%n",
          count.counted(), took / 1_000_000, count.counted() * 1e9 / took, count, statistics);
      assertTrue(count.counted() >= 2L * BYTES, count::toString);
      assertEquals(
          count.counted(),
          statistics.samples("raw_syscalls:sys_enter") + count.lost(),
          "read + lost = produced");
      if (count.lost() == 0) {
        assertTrue(reads[0] >= BYTES);
      }
      assertEquals(0, statistics.damaged() + statistics.unknown() + statistics.outOfOrder());
      return statistics;
    } finally {
      dd.destroyForcibly().waitFor();
    }
  }

  @Test
  void what_is_read_and_what_is_lost_is_all_there_was() throws Exception {
    run(2048, Duration.ZERO);
  }

  @Test
  void losses_in_a_ring_that_nobody_reads_are_exact() throws Exception {
    PerfStatistics statistics = run(1, Duration.ofSeconds(1));
    assertTrue(statistics.samples("raw_syscalls:sys_enter") < BYTES);
  }
}
