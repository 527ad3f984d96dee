package io.photophone.analysis.graph;

import static io.photophone.analysis.graph.TestGraph.boxcar;
import static io.photophone.analysis.graph.TestGraph.difference;
import static io.photophone.analysis.graph.TestGraph.gas;
import static io.photophone.analysis.graph.TestGraph.node;
import static io.photophone.analysis.graph.TestGraph.readings;
import static io.photophone.analysis.graph.TestGraph.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.TestSignal;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.calibration.CalibrationKind;
import io.photophone.analysis.calibration.CalibrationRecord;
import io.photophone.analysis.calibration.Calibrations;
import io.photophone.analysis.calibration.ReferenceConditions;
import io.photophone.analysis.calibration.Response;
import io.photophone.analysis.graph.GraphContext.CalibrationLookup;
import io.photophone.analysis.graph.GraphContext.EnvironmentLookup;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.GasDensity;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// From phasors to concentrations: units, conditions, and which calibration holds.
@Tag("M8")
class ConcentrationNodeTest {
  private static final int RATE = TestGraph.RATE;
  private static final EnvironmentLookup NO_SENSOR = at -> Environment.UNKNOWN;
  private static final CalibrationLookup NONE_STORED = (gas, at) -> null;

  /// Of carbon dioxide at 25 °C and 1013.25 hPa.
  private static final GasDensity CO2 = new GasDensity(44.01, 25, 1013.25);

  /// 0.002 for one of its unit, up to 100 of them.
  private static Calibration calibration(String id, ConcentrationUnit unit) {
    return new Calibration(id, unit, 0.002, 0.001, 20, 0.01, 100, null);
  }

  /// 50 times 0.002 and 0.001.
  private static TestSignal fifty() {
    return new TestSignal(RATE, RATE / 2).tone(2000, 0.101, 20).white(1e-5, 1);
  }

  private static AnalysisGraph graph(
      NodeKind concentration, CalibrationLookup calibrations, EnvironmentLookup environments) {
    return AnalysisGraph.of(
        spec(
            difference("signal"),
            node("tone", boxcar(2000, 0.1), "signal"),
            node("gas", concentration, "tone")),
        new GraphContext("cell", RATE, false, 0, calibrations, environments));
  }

  private static Reading last(NodeKind concentration) {
    return readings(graph(concentration, NONE_STORED, NO_SENSOR), fifty().frames()).getLast();
  }

  private static Concentration concentration(Reading reading) {
    Concentration concentration = reading.concentration();
    assertNotNull(concentration, reading::toString);
    return concentration;
  }

  // 1 ppm of a gas of 44.01 g/mol is 44.01 / 24.4654 mg/m³ at 25 °C and 1013.25 hPa.
  @ParameterizedTest
  @CsvSource({
    "PPM, PPM, 50",
    "PPM, PPB, 50000",
    "PPB, PPM, 0.05",
    "PPM, MG_PER_M3, 89.943",
    "PPB, MG_PER_M3, 0.089943",
    "MG_PER_M3, PPM, 27.795",
    "MG_PER_M3, PPB, 27795"
  })
  void a_reading_is_in_the_unit_that_is_asked_for(
      ConcentrationUnit calibrated, ConcentrationUnit unit, double value) {
    Reading reading =
        last(new NodeKind.Concentration("CO2", unit, CO2, calibration("c", calibrated)));
    Concentration concentration = concentration(reading);
    assertEquals(unit, concentration.unit());
    assertEquals(value, concentration.value(), 1e-4 * value);
    assertEquals(0.01 * value, concentration.standardUncertainty(), 1e-4 * value);
    assertEquals("c", concentration.calibrationId());
    // The calibrated range is in the calibration's own unit.
    assertEquals(Set.of(), reading.flags());
  }

  @Test
  void without_a_unit_that_of_the_calibration_stays() {
    Reading reading =
        last(
            new NodeKind.Concentration(
                "CO2", null, null, calibration("c", ConcentrationUnit.MG_PER_M3)));
    assertEquals(ConcentrationUnit.MG_PER_M3, concentration(reading).unit());
    assertEquals(50, concentration(reading).value(), 0.01);
  }

  @ParameterizedTest
  @CsvSource({"PPM, MG_PER_M3", "MG_PER_M3, PPB"})
  void a_stored_calibration_whose_unit_can_not_be_told_gives_no_concentration(
      ConcentrationUnit calibrated, ConcentrationUnit unit) {
    Calibration stored = calibration("c", calibrated);
    List<Reading> readings =
        readings(
            graph(
                new NodeKind.Concentration("CO2", unit, null, null),
                (gas, at) -> stored,
                NO_SENSOR),
            fifty().frames());
    assertEquals(5, readings.size());
    for (Reading reading : readings) {
      assertNull(reading.concentration());
      assertTrue(reading.has(ReadingFlag.UNCALIBRATED));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new NodeKind.Concentration("CO2", unit, null, stored));
  }

  private static Calibration conditioned(double temperatureExponent, double pressureExponent) {
    return new Calibration(
        "c",
        ConcentrationUnit.PPM,
        new Response(0.002, 0.001, 0, 0, 0),
        20,
        0,
        100,
        new ReferenceConditions(20, temperatureExponent, 1000, pressureExponent),
        null,
        null);
  }

  // 49.315 °C is 1.1 times 293.15 K, 439.725 K is 1.5 times.
  @ParameterizedTest
  @CsvSource({
    "0, 0, NaN, NaN, 50",
    "-1, 0, 20, NaN, 50",
    "-1, 1, 49.315, 900, 61.1111111",
    "0, 1, NaN, 500, 100",
    "2, 0, 166.575, NaN, 22.2222222"
  })
  void temperature_and_pressure_correct_the_sensitivity(
      double temperatureExponent,
      double pressureExponent,
      double temperatureC,
      double pressureHpa,
      double ppm) {
    Environment environment = new Environment(temperatureC, 0, pressureHpa, 0);
    Reading reading =
        readings(
                graph(
                    gas("CO2", conditioned(temperatureExponent, pressureExponent)),
                    NONE_STORED,
                    at -> environment),
                fifty().frames())
            .getLast();
    assertEquals(ppm, concentration(reading).value(), 1e-4 * ppm);
    assertEquals(environment, reading.environment());
    assertFalse(reading.has(ReadingFlag.NO_ENVIRONMENT));
  }

  @Test
  void the_uncertainty_of_the_sensors_counts() {
    Environment environment = new Environment(20, 2.9315, 1000, 20);
    Reading reading =
        readings(
                graph(gas("CO2", conditioned(-1, 1)), NONE_STORED, at -> environment),
                fifty().frames())
            .getLast();
    // 1 % of temperature and 2 % of pressure.
    assertEquals(
        50 * Math.hypot(0.01, 0.02), concentration(reading).standardUncertainty(), 50 * 1e-4);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0, NaN, 1000", "0, 1, 20, NaN", "-1, 1, NaN, NaN", "-1, 1, 20, NaN"})
  void what_a_calibration_asks_for_and_no_sensor_tells_leaves_no_concentration(
      double temperatureExponent,
      double pressureExponent,
      double temperatureC,
      double pressureHpa) {
    Environment environment = new Environment(temperatureC, 0.1, pressureHpa, 1);
    List<Reading> readings =
        readings(
            graph(
                gas("CO2", conditioned(temperatureExponent, pressureExponent)),
                NONE_STORED,
                at -> environment),
            fifty().frames());
    assertEquals(5, readings.size());
    for (Reading reading : readings) {
      assertNull(reading.concentration());
      assertTrue(reading.has(ReadingFlag.NO_ENVIRONMENT));
      assertFalse(reading.has(ReadingFlag.UNCALIBRATED));
      assertEquals(0.101, reading.phasor().amplitude(), 1e-4);
    }
  }

  @Test
  void sensors_are_asked_for_the_start_of_each_window() {
    Instant warm = TestSignal.START.instant().plusMillis(200);
    List<Reading> readings =
        readings(
            graph(
                gas("CO2", conditioned(-1, 0)),
                NONE_STORED,
                at ->
                    new Environment(
                        at != null && at.isBefore(warm) ? 20 : 49.315, 0, Double.NaN, 0)),
            fifty().frames());
    double[] expected = {50, 50, 55, 55, 55};
    for (int i = 0; i < 5; i++) {
      assertEquals(expected[i], concentration(readings.get(i)).value(), 0.01);
    }
  }

  @ParameterizedTest
  @CsvSource({"199, 2", "200, 2", "201, 3", "250, 3", "300, 3", "301, 4", "0, 0", "-5, 0"})
  void an_accepted_calibration_holds_for_windows_that_begin_then_or_later(
      long fromMillis, int firstWindow) {
    Instant from = TestSignal.START.instant().plusMillis(fromMillis);
    Calibration old = calibration("old", ConcentrationUnit.PPM);
    Calibrations calibrations =
        Calibrations.configured("cell", Map.of("CO2", old))
            .with(record("CO2", "new", 0.004, from))
            .with(record("CH4", "other", 0.1, from));
    List<Reading> readings =
        readings(graph(gas("CO2", old), calibrations::inForce, NO_SENSOR), fifty().frames());
    assertEquals(5, readings.size());
    for (int i = 0; i < 5; i++) {
      boolean then = i >= firstWindow;
      assertEquals(then ? "new" : "old", concentration(readings.get(i)).calibrationId());
      assertEquals(then ? 25.25 : 50, concentration(readings.get(i)).value(), 0.01);
    }
  }

  private static CalibrationRecord record(String gas, String id, double sensitivity, Instant from) {
    return new CalibrationRecord(
        "cell",
        gas,
        CalibrationKind.RESTORED,
        new Calibration(
            id,
            ConcentrationUnit.PPM,
            new Response(sensitivity, 0, 0.01, 0, 0),
            20,
            0,
            100,
            ReferenceConditions.NONE,
            from,
            null),
        "test",
        null,
        "",
        null);
  }

  @Test
  void a_stored_calibration_goes_before_the_configured_one_and_no_one_leaves_it() {
    Calibration stored = calibration("stored", ConcentrationUnit.PPM);
    Calibration configured = calibration("configured", ConcentrationUnit.PPM);
    NodeKind node = gas("CO2", configured);
    CalibrationLookup lookup = (gas, at) -> gas.equals("CO2") ? stored : null;
    assertEquals(
        "stored",
        concentration(readings(graph(node, lookup, NO_SENSOR), fifty().frames()).getLast())
            .calibrationId());
    assertEquals("configured", concentration(last(node)).calibrationId());
  }

  @Test
  void a_recording_that_does_not_tell_its_time_is_calibrated_and_never_expires() {
    TestSignal signal = fifty();
    AudioFrame frame = new AudioFrame(signal.a, signal.b, RATE, 0, 0, CaptureTime.UNKNOWN);
    Calibration ended =
        new Calibration("c", ConcentrationUnit.PPM, 0.002, 0.001, 20, 0.01, 100, Instant.EPOCH);
    List<Reading> readings =
        readings(graph(gas("CO2", ended), NONE_STORED, NO_SENSOR), List.of(frame));
    assertEquals(5, readings.size());
    for (Reading reading : readings) {
      assertNull(reading.startTime());
      assertEquals(50, concentration(reading).value(), 0.01);
      assertFalse(reading.has(ReadingFlag.CALIBRATION_EXPIRED));
    }
  }

  enum Spoiled {
    ALL_MISSING,
    HALF_MISSING,
    SILENT,
    CLIPPED
  }

  @ParameterizedTest
  @EnumSource
  void a_concentration_is_a_number_or_none_and_never_without_its_flag(Spoiled spoiled) {
    TestSignal signal = fifty();
    for (int n = 0; n < signal.a.length; n++) {
      switch (spoiled) {
        case ALL_MISSING -> signal.a[n] = Float.NaN;
        case HALF_MISSING -> signal.b[n] = n % 4800 < 2700 ? Float.POSITIVE_INFINITY : signal.b[n];
        case SILENT -> {
          signal.a[n] = 0;
          signal.b[n] = 0;
        }
        case CLIPPED -> signal.a[n] = Math.signum(signal.a[n]);
      }
    }
    Set<ReadingFlag> needed =
        switch (spoiled) {
          case ALL_MISSING, HALF_MISSING -> Set.of(ReadingFlag.GAP, ReadingFlag.LOW_SIGNAL);
          case SILENT -> Set.of(ReadingFlag.LOW_SIGNAL);
          case CLIPPED -> Set.of(ReadingFlag.CLIPPED, ReadingFlag.OUT_OF_RANGE);
        };
    boolean none = spoiled != Spoiled.CLIPPED;
    List<Reading> readings =
        readings(
            graph(gas("CO2", calibration("c", ConcentrationUnit.PPM)), NONE_STORED, NO_SENSOR),
            signal.frames());
    assertEquals(5, readings.size());
    for (Reading reading : readings) {
      assertTrue(reading.flags().containsAll(needed), reading::toString);
      if (none) {
        assertNull(reading.concentration());
      } else {
        assertTrue(Double.isFinite(concentration(reading).value()));
        assertTrue(Double.isFinite(concentration(reading).standardUncertainty()));
      }
    }
  }

  @Test
  @Tag("M6")
  void without_noise_the_concentration_is_linear_over_five_decades() {
    Calibration calibration =
        new Calibration("c", ConcentrationUnit.PPM, 1e-6, 0, 20, 0, 1e6, null);
    for (double ppm = 3; ppm <= 600_000; ppm *= 10) {
      TestSignal signal = new TestSignal(RATE, RATE / 2).tone(2000, ppm * 1e-6, 20);
      Reading reading =
          readings(graph(gas("gas", calibration), NONE_STORED, NO_SENSOR), signal.frames())
              .getLast();
      // The samples themselves are floats.
      assertEquals(ppm, concentration(reading).value(), 1e-7 * ppm);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 30, false",
    "0.02, 30, false",
    "0.1, 30, false",
    "0.1, 42, true",
    "0.1, 18, true"
  })
  void a_background_of_another_phase_is_no_resonance_that_moved(
      double amplitude, double phaseDeg, boolean off) {
    TestSignal signal =
        new TestSignal(RATE, RATE)
            .tone(2000, amplitude, phaseDeg)
            .tone(2000, 0.01, 30 + 90)
            .tone(2000, 0.005, 30)
            .white(1e-4, 41);
    Calibration calibration =
        new Calibration(
            "c",
            ConcentrationUnit.PPM,
            new Response(0.002, 0.005, 0, 0, 0, 0.01),
            30,
            0,
            1000,
            ReferenceConditions.NONE,
            null,
            null);
    Reading reading =
        readings(graph(gas("CO2", calibration), NONE_STORED, NO_SENSOR), signal.frames()).getLast();
    assertEquals(off, reading.has(ReadingFlag.OFF_RESONANCE), reading::toString);
  }
}
