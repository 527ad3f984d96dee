package io.photophone.analysis.resonance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M10")
class SweepPlanTest {
  @Test
  void steps_are_equal_and_reach_from_end_to_end() {
    SweepPlan plan = new SweepPlan(1900, 2100, 41, Duration.ofMillis(300), 80);
    assertEquals(1900, plan.frequencyHz(0));
    assertEquals(2000, plan.frequencyHz(20));
    assertEquals(2100, plan.frequencyHz(40));
    assertEquals(14_400, plan.firstSample(1, 48_000));
    assertEquals(41 * 14_400, plan.length(48_000));
  }

  @Test
  void a_step_begins_with_the_time_in_which_the_resonance_rings_down() {
    SweepPlan plan = new SweepPlan(2000, 2100, 11, Duration.ofMillis(300), 80);
    double ringDown = 80 / (Math.PI * 2000);
    assertEquals(1e-5, Math.exp(-plan.settlingSamples(0, 48_000) / (ringDown * 48_000)), 2e-8);
  }

  @Test
  void the_phase_goes_on_from_step_to_step() {
    SweepPlan plan = new SweepPlan(1000.3, 1010.1, 7, Duration.ofMillis(1003), 10);
    double cycles = 0;
    for (int step = 0; step < 6; step++) {
      cycles += plan.frequencyHz(step) * 48_144 / 48_000.0;
    }
    assertEquals(cycles % 1, plan.cyclesAtStart(6, 48_000), 1e-9);
    assertEquals(0, plan.cyclesAtStart(0, 48_000));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2100 | 1900 | 41 | 300 | 80 | to_hz is 1900.0, allowed: above from_hz, which is 2100.0",
        "NaN | 1900 | 41 | 300 | 80 | from_hz is NaN, allowed: [10, 96000]",
        "1900 | 2100 | 6 | 300 | 80 | steps is 6, allowed: [7, 2000]",
        "1900 | 2100 | 41 | 1 | 80 | dwell_s is 0.001, allowed: [0.01, 600]",
        "1900 | 2100 | 41 | 300 | 0 | expected_quality is 0, allowed: [1, 10000]",
        "1900 | 2100 | 41 | 300 | 800 | dwell_s is 0.3, allowed at 1900.0 Hz with an expected"
            + " quality of 800.0: from 1.577",
      })
  void a_plan_that_can_not_work_is_refused(
      double from, double to, int steps, long dwellMillis, double quality, String message) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new SweepPlan(from, to, steps, Duration.ofMillis(dwellMillis), quality));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void what_is_given_takes_the_place_of_what_is_preset() {
    assertEquals(
        new SweepPlan(1950, 2100, 21, Duration.ofMillis(500), 100),
        SweepPlan.DEFAULT.with(1950.0, null, 21, 0.5, null));
    assertEquals(SweepPlan.DEFAULT, SweepPlan.DEFAULT.with(null, null, null, null, null));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> SweepPlan.DEFAULT.with(null, null, null, Double.NaN, null));
    assertEquals("dwell_s is NaN, allowed: [0.01, 600]", refusal.getMessage());
  }

  @Test
  void a_rate_that_does_not_carry_the_highest_frequency_is_refused() {
    SweepPlan plan = new SweepPlan(3000, 4000, 11, Duration.ofMillis(300), 80);
    plan.checkRate(8001);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> plan.checkRate(8000));
    assertEquals("to_hz is 4000, allowed: (0, 4000)", refusal.getMessage());
  }
}
