package io.photophone.analysis.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M8")
class CalibrationsTest {
  private static final Instant START = Instant.parse("2026-05-01T08:00:00Z");
  private static final Calibration CONFIGURED =
      new Calibration("2025", ConcentrationUnit.PPM, 0.002, 0.001, 0, 0.01, 100, null);
  private static final Calibrations NONE = Calibrations.configured("cell", Map.of());

  @Test
  void the_newest_that_had_begun_is_in_force() {
    Calibrations all =
        Calibrations.configured("cell", Map.of("CO2", CONFIGURED))
            .with(record("CO2-1", "CO2", START))
            .with(record("CO2-2", "CO2", START.plusSeconds(60)))
            .with(record("NO-3", "NO", START.plusSeconds(90)));
    assertEquals("2025", inForce(all, "CO2", START.minusNanos(1)));
    assertEquals("CO2-1", inForce(all, "CO2", START));
    assertEquals("CO2-1", inForce(all, "CO2", START.plusSeconds(59)));
    assertEquals("CO2-2", inForce(all, "CO2", START.plusSeconds(1000)));
    assertEquals("CO2-2", inForce(all, "CO2", null));
    assertNull(all.inForce("NO", START));
    assertNull(all.inForce("H2O", null));
  }

  @Test
  void the_past_cannot_be_rewritten() {
    Calibrations all = NONE.with(record("CO2-1", "CO2", START));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> all.with(record("CO2-2", "CO2", START.minusSeconds(1))));
    assertEquals(
        "calibration CO2-2 of CO2 is valid from 2026-05-01T07:59:59Z, allowed: not before"
            + " 2026-05-01T08:00:00Z, when CO2-1 came in force",
        refusal.getMessage());
  }

  @Test
  void an_id_is_given_once() {
    Calibrations all =
        Calibrations.configured("cell", Map.of("CO2", withId("CO2-1")))
            .with(record("CO2-2", "CO2", START));
    assertEquals("CO2-3", all.nextId("CO2"));
    assertEquals(
        "CO2-2", Calibrations.configured("cell", Map.of("CO2", withId("CO2-1"))).nextId("CO2"));
    assertThrows(IllegalArgumentException.class, () -> all.with(record("CO2-1", "CO2", START)));
    assertThrows(IllegalArgumentException.class, () -> all.with(record("CO2-2", "NO", START)));
  }

  @Test
  void a_calibration_of_another_instrument_is_refused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Calibrations.configured("left", Map.of()).with(record("CO2-1", "CO2", START)));
    assertEquals(
        "calibration CO2-1 is of the instrument cell, allowed: left", refusal.getMessage());
  }

  @Test
  void an_older_one_is_restored_by_a_new_record() {
    Calibrations all =
        NONE.with(record("CO2-1", "CO2", START)).with(record("CO2-2", "CO2", START.plusSeconds(1)));
    CalibrationRecord restored =
        all.restoring("CO2-1", "Ada", "bottle was empty", START.plusSeconds(2));
    assertEquals("CO2-3", restored.calibration().id());
    assertEquals("restores CO2-1: bottle was empty", restored.comment());
    assertNull(restored.fit());
    Calibrations after = all.with(restored);
    assertEquals("CO2-2", inForce(after, "CO2", START.plusSeconds(1)));
    Calibration newest = after.inForce("CO2", null);
    assertNotNull(newest);
    assertEquals(all.accepted("CO2-1").calibration().response(), newest.response());
  }

  @Test
  void what_was_never_accepted_cannot_be_restored() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> NONE.restoring("CO2-1", "Ada", "", START));
    assertEquals(
        "calibration is CO2-1, allowed: none, since none was accepted yet", refusal.getMessage());
  }

  @Test
  void a_zero_does_not_prolong_the_span() {
    Instant end = START.plusSeconds(1000);
    Calibration adjusted =
        new Calibration("2025", ConcentrationUnit.PPM, 0.002, 0.001, 0, 0.01, 100, end);
    CalibrationFit fit = CalibrationFit.zero(point(0, 0.001), adjusted);
    CalibrationRecord zero =
        CalibrationRecord.of("cell", plan(CalibrationKind.ZERO), fit, adjusted, "z", START);
    assertEquals(end, zero.calibration().validUntil());
    CalibrationRecord line = record("CO2-1", "CO2", START);
    assertEquals(START.plus(Duration.ofDays(30)), line.calibration().validUntil());
  }

  private static @Nullable String inForce(Calibrations all, String gas, @Nullable Instant at) {
    Calibration calibration = all.inForce(gas, at);
    return calibration == null ? null : calibration.id();
  }

  private static Calibration withId(String id) {
    return new Calibration(id, ConcentrationUnit.PPM, 0.002, 0.001, 0, 0.01, 100, null);
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

  private static CalibrationPoint point(double concentration, double signal) {
    return new CalibrationPoint(
        concentration,
        0,
        ConcentrationUnit.PPM,
        new Phasor(signal, 0, 1e-5),
        10,
        Environment.UNKNOWN);
  }

  private static CalibrationRecord record(String id, String gas, Instant from) {
    CalibrationFit fit =
        CalibrationFit.of(
            plan(CalibrationKind.MULTI_POINT), List.of(point(0, 0.001), point(100, 0.2)), null);
    CalibrationRecord record =
        CalibrationRecord.of("cell", plan(CalibrationKind.MULTI_POINT), fit, null, id, from);
    return new CalibrationRecord(
        "cell", gas, record.kind(), record.calibration(), "Ada", record.bottle(), "", fit);
  }
}
