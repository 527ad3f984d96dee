package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A43")
final class PaceTest {
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(250);

  private long now;
  private long missed;
  private final Pace pace = new Pace(now);

  /// A client that takes so many bytes a second of a stream that offers so many at full resolution.
  private void run(double seconds, double takes, double offers) {
    for (long end = now + (long) (seconds * 1e9); now < end; ) {
      now += TICK;
      double offered = offers / pace.resolution().factor();
      double share = Math.min(1, offered / takes);
      pace.wrote((int) (Math.min(takes, offered) * TICK / 1e9), (long) (share * TICK));
      if (offered > takes) {
        missed++;
      }
      pace.judge(now, 0, missed);
    }
  }

  @Test
  void a_client_below_a_megabit_is_halved_until_it_fits() {
    run(10, 100_000, 720_000);
    assertEquals(Resolution.EIGHTH, pace.resolution());
  }

  @Test
  void one_step_takes_a_second_so_that_its_effect_is_seen_before_the_next() {
    run(1, 10_000, 720_000);
    assertEquals(Resolution.HALF, pace.resolution());
    run(1, 10_000, 720_000);
    assertEquals(Resolution.QUARTER, pace.resolution());
    run(20, 10_000, 720_000);
    assertEquals(Resolution.SIXTEENTH, pace.resolution(), "nothing is coarser");
  }

  @Test
  void a_faster_client_that_keeps_missing_events_is_halved_too() {
    run(10, 500_000, 720_000);
    assertEquals(Resolution.HALF, pace.resolution());
  }

  @Test
  void a_client_that_keeps_up_is_never_halved_whatever_little_the_stream_offers() {
    run(1000, 10_000_000, 720_000);
    assertEquals(Resolution.FULL, pace.resolution());
    run(1000, 5_000, 1_000);
    assertEquals(Resolution.FULL, pace.resolution(), "a slow line and a stream that fits");
  }

  @Test
  void one_loss_alone_halves_nothing() {
    run(5, 10_000_000, 720_000);
    missed += 3;
    run(5, 10_000_000, 720_000);
    assertEquals(Resolution.FULL, pace.resolution());
  }

  @Test
  void a_client_whose_line_recovers_gets_full_resolution_again() {
    run(10, 40_000, 720_000);
    assertEquals(Resolution.SIXTEENTH, pace.resolution());
    run(9, 10_000_000, 720_000);
    assertEquals(Resolution.SIXTEENTH, pace.resolution(), "not before ten seconds");
    run(35, 10_000_000, 720_000);
    assertEquals(Resolution.FULL, pace.resolution());
  }

  @Test
  void trials_of_a_finer_resolution_that_do_not_hold_become_rare() {
    run(10, 100_000, 720_000);
    int changes = 0;
    Resolution last = pace.resolution();
    for (int second = 0; second < 3600; second++) {
      run(1, 100_000, 720_000);
      if (pace.resolution() != last) {
        changes++;
        last = pace.resolution();
      }
    }
    assertEquals(Resolution.EIGHTH, last);
    assertTrue(changes >= 4 && changes <= 20, changes + " changes in an hour");
  }

  @Test
  void a_client_that_takes_nothing_is_halved_by_the_write_that_does_not_end() {
    for (int i = 1; i <= 4; i++) {
      now += TICK;
      pace.judge(now, i * TICK, missed);
    }
    assertEquals(Resolution.HALF, pace.resolution());
  }
}
