package io.photophone.analysis.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.calibration.CalibrationState.AwaitingPoint;
import io.photophone.analysis.calibration.CalibrationState.Collecting;
import io.photophone.analysis.calibration.CalibrationState.Idle;
import io.photophone.analysis.calibration.CalibrationState.Review;
import io.photophone.analysis.calibration.CalibrationState.Settling;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("M8")
class CalibrationRunTest {
  private static final double NOISE = 1e-4;
  private static final Instant START = Instant.parse("2026-05-01T08:00:00Z");
  private static final Calibration BEFORE =
      new Calibration("before", ConcentrationUnit.PPM, 0.002, 0.001, 0, 0.01, 100, null);

  private final Random random = new Random(5);
  private final CalibrationRun run = new CalibrationRun("cell");

  @Test
  void a_multi_point_calibration_goes_from_point_to_point_to_its_acceptance() {
    assertInstanceOf(Idle.class, run.state());
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    for (double concentration : new double[] {0, 50, 100}) {
      assertInstanceOf(AwaitingPoint.class, run.state());
      run.point(concentration, 0);
      feed(3, concentration);
      assertInstanceOf(Settling.class, run.state());
      feed(2, concentration);
      assertInstanceOf(Collecting.class, run.state());
      feed(10, concentration);
    }
    run.fit();
    Review review = assertInstanceOf(Review.class, run.state());
    assertEquals(3, review.fit().points().size());
    assertEquals(0.002, review.fit().response().sensitivity(), 3e-6);
    CalibrationRecord record = run.accepted(gas -> gas + "-1", START);
    assertEquals(START, record.validFrom());
    assertEquals("Ada", record.who());
    assertEquals("CO2", record.gas());
    assertEquals(START.plus(Duration.ofDays(30)), record.calibration().validUntil());
    assertInstanceOf(Review.class, run.state());
    run.end("accepted as CO2-1");
    assertEquals(new Idle("accepted as CO2-1"), run.state());
  }

  @Test
  void a_zero_needs_one_point_and_adjusts_what_is_in_force() {
    run.begin(plan(CalibrationKind.ZERO), BEFORE, null);
    run.point(0, 0);
    feed(15, 0.5);
    Review review = assertInstanceOf(Review.class, run.state());
    assertEquals(0.002, review.fit().response().offset(), 2e-4);
    assertEquals(0.002, review.fit().response().sensitivity());
  }

  @Test
  void a_span_that_has_no_gas_asks_for_the_point_again() {
    run.begin(plan(CalibrationKind.SPAN), BEFORE, null);
    run.point(50, 0);
    feed(15, 0);
    AwaitingPoint again = assertInstanceOf(AwaitingPoint.class, run.state());
    assertTrue(again.instruction().contains("is the gas on?"), again.instruction());
    run.point(50, 0);
    feed(15, 50);
    assertInstanceOf(Review.class, run.state());
  }

  @Test
  void a_signal_that_still_drifts_has_not_settled() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    for (int i = 0; i < 20; i++) {
      run.add(reading(30 + i, Set.of()));
    }
    Settling settling = assertInstanceOf(Settling.class, run.state());
    assertEquals(20, settling.seen());
    feed(6, 50);
    assertInstanceOf(Collecting.class, run.state());
  }

  @Test
  void a_drift_within_the_collected_readings_sends_it_back_to_settling() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    feed(5, 50);
    for (int i = 0; i < 10; i++) {
      run.add(reading(50 + 0.1 * i, Set.of()));
    }
    Settling settling = assertInstanceOf(Settling.class, run.state());
    assertEquals(0, settling.steady());
    assertEquals(15, settling.seen());
  }

  @ParameterizedTest
  @EnumSource(
      value = ReadingFlag.class,
      names = {"GAP", "CLIPPED", "SETTLING"})
  void a_reading_that_is_not_whole_does_not_count(ReadingFlag flag) {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    for (int i = 0; i < 30; i++) {
      run.add(reading(50, Set.of(flag)));
    }
    Settling settling = assertInstanceOf(Settling.class, run.state());
    assertEquals(0, settling.steady());
  }

  @Test
  void a_gap_while_collecting_costs_only_its_reading() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    feed(5, 50);
    feed(4, 50);
    run.add(reading(50, Set.of(ReadingFlag.GAP, ReadingFlag.SETTLING)));
    Collecting collecting = assertInstanceOf(Collecting.class, run.state());
    assertEquals(4, collecting.collected());
    feed(6, 50);
    assertEquals(1, assertInstanceOf(AwaitingPoint.class, run.state()).points().size());
  }

  @Test
  void a_gas_that_changes_while_it_is_collected_gives_the_point_up() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    feed(8, 50);
    run.add(reading(60, Set.of(ReadingFlag.SETTLING)));
    AwaitingPoint awaiting = assertInstanceOf(AwaitingPoint.class, run.state());
    assertEquals(List.of(), awaiting.points());
    assertEquals(
        "50.0 ppm was given up: the signal changed while its readings were collected.",
        awaiting.note());
  }

  @Test
  void a_gas_that_never_settles_gives_the_point_up() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    for (int i = 0; i < 600; i++) {
      run.add(reading(50, Set.of(ReadingFlag.CLIPPED)));
    }
    AwaitingPoint awaiting = assertInstanceOf(AwaitingPoint.class, run.state());
    assertEquals(
        "50.0 ppm was given up: it had not settled after 600 readings, the last with the flags"
            + " clipped.",
        awaiting.note());
  }

  @Test
  void readings_of_another_gas_or_instrument_are_ignored() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    for (int i = 0; i < 20; i++) {
      run.add(reading("cell", "NO", 50, Set.of()));
      run.add(reading("left", "CO2", 50, Set.of()));
    }
    assertEquals(0, assertInstanceOf(Settling.class, run.state()).seen());
  }

  @Test
  void a_point_given_again_replaces_the_one_in_work() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    run.point(50, 0);
    feed(12, 50);
    run.point(40, 0);
    Settling settling = assertInstanceOf(Settling.class, run.state());
    assertEquals(40, settling.concentration());
    assertEquals(0, settling.seen());
  }

  @Test
  void a_command_that_the_state_does_not_allow_is_refused_and_changes_nothing() {
    assertRefused(
        "idle, which doesn't allow point; allowed: begin, restore", () -> run.point(0, 0));
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    assertRefused("awaiting_point, which doesn't allow fit; allowed: point, cancel", run::fit);
    assertRefused("which doesn't allow accept", () -> run.accepted(gas -> gas, START));
    assertRefused(
        "which doesn't allow begin",
        () -> run.begin(plan(CalibrationKind.MULTI_POINT), null, null));
    assertInstanceOf(AwaitingPoint.class, run.state());
    run.end("cancelled");
    assertInstanceOf(Idle.class, run.state());
  }

  @Test
  void points_that_do_not_span_can_be_followed_by_others() {
    run.begin(plan(CalibrationKind.MULTI_POINT), null, null);
    measure(50, 50);
    measure(60, 50);
    assertRefused("the line can't be fitted: the points don't span", run::fit);
    measure(0, 0);
    run.fit();
    assertInstanceOf(Review.class, run.state());
  }

  @Test
  void an_adjustment_needs_something_to_adjust() {
    assertRefused(
        "CO2 has no calibration that a zero could adjust, needed: a multi-point calibration",
        () -> run.begin(plan(CalibrationKind.ZERO), null, null));
  }

  @Test
  void a_zero_of_an_expired_calibration_is_refused_before_it_is_measured() {
    Calibration expired =
        new Calibration("before", ConcentrationUnit.PPM, 0.002, 0.001, 0, 0.01, 100, START);
    Instant later = START.plusSeconds(1);
    assertRefused(
        "before of CO2 expired on 2026-05-01T08:00:00Z, needed: a span or multi-point calibration",
        () -> run.begin(plan(CalibrationKind.ZERO), expired, later));
    assertInstanceOf(Idle.class, run.state());
    // What is accepted now must be valid for a while.
    assertRefused("expired", () -> run.begin(plan(CalibrationKind.ZERO), expired, START));
    run.begin(plan(CalibrationKind.ZERO), expired, START.minusSeconds(1));
    run.end("cancelled");
    run.begin(plan(CalibrationKind.SPAN), expired, later);
    assertInstanceOf(AwaitingPoint.class, run.state());
  }

  @Test
  void concentrations_that_the_kind_does_not_allow_are_refused() {
    run.begin(plan(CalibrationKind.ZERO), BEFORE, null);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> run.point(1, 0));
    assertEquals("concentration is 1.0, allowed for a zero: 0", refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> run.point(Double.NaN, 0));
    assertInstanceOf(AwaitingPoint.class, run.state());
  }

  @Test
  void scatter_beyond_what_the_readings_report_counts() {
    List<Reading> wobbling =
        List.of(
            phasor(0, new Phasor(0.1, 0, 1e-6), 1),
            phasor(1, new Phasor(0.2, 0.1, 1e-6), 1),
            phasor(2, new Phasor(0.3, 0.2, 1e-6), 1));
    CalibrationPoint point = CalibrationPoint.of(1, 0, ConcentrationUnit.PPM, wobbling);
    assertEquals(0.2, point.signal().inPhase(), 1e-12);
    assertEquals(0.1, point.signal().quadrature(), 1e-12);
    assertEquals(0.1 / Math.sqrt(3), point.signal().standardUncertainty(), 1e-12);
  }

  @ParameterizedTest(name = "100 readings of 1 s, {0} of one mean''s bandwidth: {1} independent")
  @CsvSource({
    "1, 100", // a mean over the second
    "0.1, 10", // a low-pass that remembers ten seconds
    "4, 100", // one that forgets within the second
    "0.001, 1",
    "NaN, 100",
    "Infinity, 100"
  })
  void readings_behind_a_low_pass_count_as_often_as_they_are_independent(
      double bandwidth, double independent) {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      readings.add(phasor(i, new Phasor(0.1, 0, 1e-3), bandwidth));
    }
    CalibrationPoint point = CalibrationPoint.of(1, 0, ConcentrationUnit.PPM, readings);
    assertEquals(1e-3 / Math.sqrt(independent), point.signal().standardUncertainty(), 1e-12);
    assertEquals(100, point.readings());
  }

  private void measure(double told, double real) {
    run.point(told, 0);
    for (int i = 0; i < 100 && !(run.state() instanceof AwaitingPoint); i++) {
      feed(1, real);
    }
    assertInstanceOf(AwaitingPoint.class, run.state());
  }

  private void feed(int count, double concentration) {
    for (int i = 0; i < count; i++) {
      run.add(reading(concentration, Set.of()));
    }
  }

  private static void assertRefused(String part, Runnable what) {
    IllegalStateException refusal = assertThrows(IllegalStateException.class, what::run);
    assertTrue(String.valueOf(refusal.getMessage()).contains(part), refusal.getMessage());
  }

  private static CalibrationPlan plan(CalibrationKind kind) {
    return new CalibrationPlan(
        kind,
        "CO2",
        "Ada",
        new GasBottle("B-17", 0.01),
        ConcentrationUnit.PPM,
        Duration.ofDays(30),
        "",
        CalibrationPlan.Procedure.DEFAULT);
  }

  private Reading reading(double concentration, Set<ReadingFlag> flags) {
    return reading("cell", "CO2", concentration, flags);
  }

  private Reading reading(
      String instrument, String gas, double concentration, Set<ReadingFlag> flags) {
    return reading(
        instrument,
        gas,
        new Phasor(
            0.001 + 0.002 * concentration + NOISE * random.nextGaussian(),
            NOISE * random.nextGaussian(),
            NOISE),
        flags,
        null);
  }

  /// A reading of a second whose uncertainty is that of noise in a bandwidth.
  ///
  /// @param bandwidth over that of a mean over the second, 1/2 Hz
  private static Reading phasor(long second, Phasor phasor, double bandwidth) {
    return new Reading(
        "cell",
        "CO2",
        48_000 * second,
        48_000 * (second + 1),
        48_000,
        null,
        2000,
        phasor,
        phasor.standardUncertainty() / Math.sqrt(bandwidth / 2),
        Environment.UNKNOWN,
        null,
        null,
        Set.of());
  }

  private static Reading reading(
      String instrument,
      String gas,
      Phasor phasor,
      Set<ReadingFlag> flags,
      @Nullable Instant time) {
    return new Reading(
        instrument,
        gas,
        0,
        48_000,
        48_000,
        time,
        2000,
        phasor,
        1e-5,
        Environment.UNKNOWN,
        null,
        null,
        flags);
  }
}
