package io.photophone.app.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedCellConfig.Step;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.AnalysisGraph;
import io.photophone.analysis.graph.GraphContext;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.channels.BroadcastChannel;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Concentration;
import io.photophone.model.Environment;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import io.photophone.server.CalibrationCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// The workflow on the samples of a simulated cell, as fast as they are measured.
@Tag("M8")
@Timeout(60)
final class CalibratorTest {
  private static final int STEP_S = 20;
  private static final double[] SCRIPT_PPM = {0, 10, 50, 100};
  private static final Instant START = Instant.parse("2026-05-01T08:00:00Z");
  private static final MeasurementConfig MEASUREMENT = MeasurementConfig.DEFAULT;

  @TempDir private Path data;
  private Instant now = START;
  private Calibrator calibrator;

  @BeforeEach
  void make() throws IOException {
    calibrator = open();
  }

  private Calibrator open() throws IOException {
    return new Calibrator(List.of("gas"), CalibrationStore.open(data, "cell", Map.of()), () -> now);
  }

  @Test
  void a_simulated_cell_is_calibrated_and_then_reads_its_gas() throws Exception {
    SimulatedCellConfig config = cell();
    Samples samples = new Samples(config);
    calibrator.carryOut(begin("multi_point", "ppm", null));
    for (double ppm : SCRIPT_PPM) {
      calibrator.carryOut(new CalibrationCommand.Point(ppm, null));
      assertEquals("settling", state());
      samples.feed(calibrator, STEP_S);
      assertEquals("awaiting_point", state(), calibrator.state()::toString);
    }
    calibrator.carryOut(new CalibrationCommand.Fit());
    assertEquals("review", state());
    double rSquared = calibrator.state().path("fit").path("r_squared").asDouble();
    assertTrue(rSquared > 0.999, () -> "R² is " + rSquared);
    calibrator.carryOut(new CalibrationCommand.Accept());
    assertEquals("idle", state());

    Calibration accepted = calibrator.calibrations().inForce("gas", null);
    assertNotNull(accepted);
    try (SimulatedCell truth = new SimulatedCell(config)) {
      double offset = truth.settledAmplitude(0);
      double sensitivity = truth.settledAmplitude(1) - offset;
      assertEquals(
          sensitivity,
          accepted.response().sensitivity(),
          4 * accepted.response().sensitivityUncertainty());
      assertEquals(
          offset, accepted.response().offset(), 4 * accepted.response().offsetUncertainty());
      assertEquals(truth.settledPhaseDeg(), accepted.phaseDeg(), 0.1);
    }
    // The script begins anew: zero gas, and then 10 ppm.
    List<Reading> readings = samples.feed(calibrator, 2 * STEP_S);
    Concentration last = readings.getLast().concentration();
    assertNotNull(last);
    assertEquals("gas-1", last.calibrationId());
    assertEquals(10, last.value(), 4 * last.standardUncertainty());
    assertEquals(
        accepted, open().calibrations().inForce("gas", null), "it is there after a restart");
  }

  @Test
  void a_zero_and_a_span_adjust_what_was_accepted() throws Exception {
    Samples samples = new Samples(cell());
    calibrate(samples);
    Calibration first = inForce();
    now = now.plusSeconds(3600);
    calibrator.carryOut(begin("zero", "ppb", null));
    calibrator.carryOut(new CalibrationCommand.Point(0.0, null));
    samples.feed(calibrator, STEP_S);
    assertEquals("review", state(), calibrator.state()::toString);
    calibrator.carryOut(new CalibrationCommand.Accept());
    assertEquals("gas-2", inForce().id());
    assertEquals(first.response().sensitivity(), inForce().response().sensitivity());
    assertEquals(first, calibrator.calibrations().inForce("gas", now.minusSeconds(1)));

    calibrator.carryOut(begin("span", "ppb", "B-17"));
    calibrator.carryOut(new CalibrationCommand.Point(10_000.0, 0.0));
    samples.feed(calibrator, STEP_S);
    assertEquals("review", state(), calibrator.state()::toString);
    calibrator.carryOut(new CalibrationCommand.Accept());
    assertEquals("gas-3", inForce().id());
    assertEquals(
        first.response().sensitivity(),
        inForce().response().sensitivity(),
        4 * inForce().response().sensitivityUncertainty());
  }

  @Test
  void the_history_tells_all_and_what_has_expired() throws Exception {
    calibrate(new Samples(cell()));
    ObjectNode history = calibrator.history();
    assertEquals("gas-1", history.path("in_force").path(0).path("id").asString());
    assertFalse(history.path("in_force").path(0).path("expired").asBoolean());
    assertEquals(4, history.path("calibrations").path(0).path("fit").path("points").size());
    now = now.plus(Duration.ofDays(31));
    assertTrue(calibrator.history().path("in_force").path(0).path("expired").asBoolean());
  }

  @Test
  void an_older_one_is_restored() throws Exception {
    Samples samples = new Samples(cell());
    calibrate(samples);
    now = now.plusSeconds(1000);
    calibrate(samples);
    assertEquals("gas-2", inForce().id());
    now = now.plusSeconds(1000);
    calibrator.carryOut(new CalibrationCommand.Restore("gas-1", "Ada", "empty bottle"));
    assertEquals("gas-3", inForce().id());
    String instruction = calibrator.state().path("instruction").asString();
    assertTrue(
        instruction.startsWith("gas-3, which restores gas-1, is in force since " + now + "."),
        instruction);
    assertEquals(
        "restores gas-1: empty bottle", open().calibrations().records().getLast().comment());
  }

  @Test
  void an_instruction_after_a_restore_is_that_of_what_began_since() throws Exception {
    calibrate(new Samples(cell()));
    now = now.plusSeconds(1000);
    calibrator.carryOut(new CalibrationCommand.Restore("gas-1", "Ada", ""));
    calibrator.carryOut(begin("zero", "ppm", null));
    assertEquals("awaiting_point", state());
    calibrator.carryOut(new CalibrationCommand.Cancel());
    String instruction = calibrator.state().path("instruction").asString();
    assertTrue(instruction.startsWith("The calibration was cancelled."), instruction);
  }

  @Test
  void a_reading_that_fails_cancels_with_the_reason_and_the_next_calibration_can_begin()
      throws Exception {
    BroadcastChannel<Streamed<Reading>> readings = new BroadcastChannel<>("readings", 64);
    calibrator.start(readings, new TaskSupervisor());
    List<Reading> good = new Samples(cell()).feed(open(), 2);
    calibrator.carryOut(begin("multi_point", "ppm", null));
    calibrator.carryOut(new CalibrationCommand.Point(0.0, null));
    readings.send(new Streamed.Item<>(at(good.getFirst(), Instant.MAX)));
    await("idle");
    String instruction = calibrator.state().path("instruction").asString();
    assertTrue(
        instruction.startsWith(
            "The calibration was cancelled: a reading could not be taken:"
                + " java.time.DateTimeException: "),
        instruction);

    calibrator.carryOut(begin("multi_point", "ppm", null));
    calibrator.carryOut(new CalibrationCommand.Point(0.0, null));
    readings.send(new Streamed.Item<>(good.getLast()));
    while (calibrator.state().path("seen").asInt() == 0) {
      Thread.onSpinWait();
    }
    readings.close();
  }

  @Test
  void a_point_of_which_readings_were_missed_begins_anew() throws Exception {
    Samples samples = new Samples(cell());
    calibrator.beginPointAnew(3);
    assertEquals("idle", state());
    calibrator.carryOut(begin("multi_point", "ppm", null));
    calibrator.carryOut(new CalibrationCommand.Point(5.0, 0.25));
    samples.feed(calibrator, 2);
    assertTrue(calibrator.state().path("seen").asInt() > 0);
    calibrator.beginPointAnew(3);
    assertEquals("settling", state());
    assertEquals(0, calibrator.state().path("seen").asInt());
    assertEquals(5, calibrator.state().path("concentration").asDouble());
  }

  /// Waits for it; the test's time limit ends a wait in vain.
  private void await(String state) {
    while (!state().equals(state)) {
      Thread.onSpinWait();
    }
  }

  private static Reading at(Reading reading, Instant start) {
    return new Reading(
        reading.instrument(),
        reading.gas(),
        reading.fromSample(),
        reading.toSample(),
        reading.sampleRateHz(),
        start,
        reading.modulationHz(),
        reading.phasor(),
        reading.noiseDensity(),
        reading.environment(),
        reading.resonance(),
        reading.concentration(),
        reading.flags());
  }

  @Test
  void what_cannot_be_kept_is_not_in_force_and_not_lost() throws Exception {
    Samples samples = new Samples(cell());
    review(samples);
    Path inTheWay = Files.writeString(data.resolve("calibrations"), "a file");
    assertThrows(
        UncheckedIOException.class, () -> calibrator.carryOut(new CalibrationCommand.Accept()));
    assertEquals("review", state());
    assertEquals(List.of(), calibrator.calibrations().records());
    Files.delete(inTheWay);
    calibrator.carryOut(new CalibrationCommand.Accept());
    assertEquals("gas-1", inForce().id());
  }

  @ParameterizedTest
  @CsvSource({
    "slope, ppm, gas, 30, 'kind is slope, allowed: zero, span, multi_point'",
    "restored, ppm, gas, 30, 'kind is restored, allowed: zero, span, multi_point'",
    "multi_point, percent, gas, 30, 'unit is percent, allowed: ppm, ppb, mg/m³'",
    "multi_point, ppm, NO, 30, 'gas is NO, allowed: gas'",
    "multi_point, ppm, gas, -1, 'valid_for_days is -1, allowed: (0, 36500]'",
    ", ppm, gas, 30, 'kind is missing'",
    "multi_point, , gas, 30, 'unit is missing'"
  })
  void a_wrong_beginning_is_refused(
      @Nullable String kind, @Nullable String unit, String gas, double days, String message) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                calibrator.carryOut(
                    new CalibrationCommand.Begin(
                        kind, gas, "Ada", null, null, unit, days, null, null, null, null)));
    assertEquals(message, refusal.getMessage());
    assertEquals("idle", state());
  }

  @Test
  void a_zero_in_a_unit_that_cannot_be_converted_is_refused_before_it_begins() throws Exception {
    calibrate(new Samples(cell()));
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> calibrator.carryOut(begin("zero", "mg/m³", null)));
    assertEquals("mg/m³ can't be told in ppm without the gas's molar mass", refusal.getMessage());
  }

  private void calibrate(Samples samples) throws IOException {
    review(samples);
    calibrator.carryOut(new CalibrationCommand.Accept());
  }

  private void review(Samples samples) throws IOException {
    calibrator.carryOut(begin("multi_point", "ppm", "B-17"));
    for (double ppm : SCRIPT_PPM) {
      calibrator.carryOut(new CalibrationCommand.Point(ppm, null));
      samples.feed(calibrator, STEP_S);
    }
    calibrator.carryOut(new CalibrationCommand.Fit());
  }

  private String state() {
    return calibrator.state().path("state").asString();
  }

  private Calibration inForce() {
    Calibration calibration = calibrator.calibrations().inForce("gas", null);
    assertNotNull(calibration);
    return calibration;
  }

  private static CalibrationCommand begin(String kind, String unit, @Nullable String bottle) {
    return new CalibrationCommand.Begin(
        kind,
        null,
        "Ada",
        bottle,
        bottle == null ? null : 0.01,
        unit,
        30.0,
        null,
        null,
        null,
        null);
  }

  private static SimulatedCellConfig cell() {
    SimulatedCellConfig preset = SimulatedCellConfig.DEFAULT;
    List<Step> script = new ArrayList<>();
    for (double ppm : SCRIPT_PPM) {
      script.add(new Step(Duration.ofSeconds(STEP_S), ppm));
    }
    return new SimulatedCellConfig(
        preset.sampleRateHz(),
        preset.seed(),
        preset.modulationHz(),
        preset.resonanceHz(),
        preset.quality(),
        preset.temperatureC(),
        preset.referenceTemperatureC(),
        preset.sensitivity(),
        preset.backgroundPpm(),
        preset.phaseDeg(),
        preset.whiteNoiseRms(),
        preset.flowNoiseRms(),
        preset.humAmplitude(),
        preset.humHz(),
        script,
        List.of());
  }

  /// A simulated cell and its measurement with the calibrations of the calibrator.
  private final class Samples {
    private final SimulatedCell source;
    private final AnalysisGraph graph;
    private long frames;
    private long sample;

    Samples(SimulatedCellConfig config) {
      source = new SimulatedCell(config);
      graph =
          AnalysisGraph.of(
              GraphSpec.measuring(MEASUREMENT, null, config.sampleRateHz()),
              new GraphContext(
                  "cell",
                  config.sampleRateHz(),
                  true,
                  0,
                  (gas, at) -> calibrator.calibrations().inForce(gas, at),
                  at -> Environment.UNKNOWN));
    }

    List<Reading> feed(Calibrator to, int seconds) throws IOException {
      List<Reading> readings = new ArrayList<>();
      int rateHz = source.sampleRateHz();
      for (int i = 0; i < seconds; i++) {
        if (source.read(rateHz) instanceof SourceRead.Samples samples) {
          AudioFrame frame =
              new AudioFrame(
                  samples.channelA(),
                  samples.channelB(),
                  rateHz,
                  frames,
                  sample,
                  CaptureTime.UNKNOWN);
          graph.measure(frame, readings::add);
          frames++;
          sample = frame.endSampleIndex();
        }
      }
      readings.forEach(to::add);
      return readings;
    }
  }
}
