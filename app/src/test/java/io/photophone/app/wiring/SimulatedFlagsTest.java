package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.environment.ConstantEnvironment;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import io.photophone.acquisition.source.SimulationCommand;
import io.photophone.acquisition.source.SimulationCommand.RaiseFault;
import io.photophone.acquisition.source.SimulationCommand.SetConcentration;
import io.photophone.acquisition.source.SimulationCommand.SetTemperature;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.resonance.ResonanceTracker;
import io.photophone.analysis.resonance.SweepPlan;
import io.photophone.analysis.resonance.SweepResult;
import io.photophone.app.config.EnvironmentConfig;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.Resonance;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.ResonanceTrack;
import io.photophone.model.Streamed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What commands to the simulated cell do to the readings of an instrument that measures it.
@Tag("M11")
@Timeout(60)
final class SimulatedFlagsTest {
  private static final int RATE_HZ = 48_000;
  private static final Set<ReadingFlag> NONE = EnumSet.of(ReadingFlag.SIMULATED);
  private static final SimulatedCellConfig CELL =
      new SimulatedCellConfig(
          RATE_HZ,
          1,
          2000,
          2000,
          80,
          25,
          25,
          0.0017,
          0,
          40,
          0.0005,
          0.002,
          0.01,
          50,
          List.of(new SimulatedCellConfig.Step(Duration.ofHours(1), 50)),
          List.of());

  @TempDir private Path folder;

  private static Calibration calibration(Instant validUntil) {
    return new Calibration("test", ConcentrationUnit.PPM, 0.0017, 0, 40, 0, 200, validUntil);
  }

  /// The readings of so many seconds of a cell, which is given its commands before it plays.
  private List<Reading> readings(
      SimulatedCellConfig config,
      Calibration calibration,
      int count,
      Consumer<SimulatedCell> prepare)
      throws Exception {
    return readings(
        () -> {
          SimulatedCell cell = new SimulatedCell(config);
          prepare.accept(cell);
          return cell;
        },
        calibration,
        count);
  }

  private List<Reading> readings(AudioSource.Opener opener, Calibration calibration, int count)
      throws Exception {
    List<Reading> readings = new ArrayList<>();
    InstrumentConfig config =
        new InstrumentConfig(
            new SourceConfig.None(),
            StreamingConfig.DEFAULT,
            MeasurementConfig.DEFAULT,
            calibration,
            null,
            new EnvironmentConfig.None(),
            List.of());
    try (AnalysisWorkers workers = new AnalysisWorkers(1);
        Instrument instrument =
            new Instrument(
                opener,
                0,
                config,
                Parts.calibrator(folder, config),
                ConstantEnvironment.UNKNOWN,
                FakeServices.with(workers, folder))) {
      Receiver<Streamed<Reading>> receiver =
          instrument.start().readings().subscribeAt("test", Resume.OLDEST, 0);
      while (readings.size() < count) {
        if (receiver.receive() instanceof Received.Message<Streamed<Reading>> message
            && message.value() instanceof Streamed.Item<Reading>(Reading reading)) {
          readings.add(reading);
        }
      }
    }
    return readings;
  }

  private static long second(double seconds) {
    return Math.round(seconds * RATE_HZ);
  }

  static Stream<Arguments> provocations() {
    Duration shortly = Duration.ofMillis(200);
    return Stream.of(
        Arguments.of(
            ReadingFlag.CLIPPED, List.of(new RaiseFault(FaultKind.CLIPPING, shortly)), List.of()),
        Arguments.of(
            ReadingFlag.GAP, List.of(new RaiseFault(FaultKind.DROPOUT, shortly)), List.of()),
        Arguments.of(
            ReadingFlag.GAP,
            List.of(new RaiseFault(FaultKind.NO_NUMBERS, null)),
            List.of(new SimulationCommand.ClearFault(FaultKind.NO_NUMBERS))),
        Arguments.of(
            ReadingFlag.OFF_RESONANCE,
            List.of(new RaiseFault(FaultKind.DRIFT, null)),
            List.of(new SimulationCommand.ClearFault(FaultKind.DRIFT))),
        Arguments.of(
            ReadingFlag.OFF_RESONANCE,
            List.of(new SetTemperature(30, Duration.ZERO)),
            List.of(new SetTemperature(25, Duration.ofMillis(500)))),
        Arguments.of(
            ReadingFlag.LOW_SIGNAL,
            List.of(new SetConcentration(0)),
            List.of(new SimulationCommand.FollowScript())),
        Arguments.of(
            ReadingFlag.LOW_SIGNAL,
            List.of(new SimulationCommand.SetModulation(1500)),
            List.of(new SimulationCommand.SetModulation(2000))),
        Arguments.of(
            ReadingFlag.OUT_OF_RANGE,
            List.of(new SetConcentration(300)),
            List.of(new SetConcentration(150))),
        Arguments.of(
            ReadingFlag.SETTLING,
            List.of(new SetConcentration(60)),
            List.of(new SetConcentration(50))));
  }

  @ParameterizedTest
  @MethodSource("provocations")
  void a_flag_rises_and_falls(
      ReadingFlag flag, List<SimulationCommand> raising, List<SimulationCommand> clearing)
      throws Exception {
    List<Reading> readings =
        readings(
            CELL,
            calibration(null),
            10,
            cell -> {
              raising.forEach(command -> cell.command(command, second(3.4)));
              clearing.forEach(command -> cell.command(command, second(5.4)));
            });
    assertTrue(readings.getFirst().has(ReadingFlag.SETTLING), "a filter settles at the start");
    assertEquals(NONE, readings.get(1).flags());
    assertEquals(NONE, readings.get(2).flags());
    boolean risen = readings.subList(3, 6).stream().anyMatch(reading -> reading.has(flag));
    assertTrue(risen, () -> "not seen: " + readings);
    boolean otherPhase = raising.getFirst() instanceof SimulationCommand.SetModulation;
    for (Reading reading : readings.subList(7, 10)) {
      Set<ReadingFlag> left = EnumSet.copyOf(reading.flags());
      if (otherPhase) {
        // The laser went on from another phase, which is no longer the calibrated one.
        left.remove(ReadingFlag.OFF_RESONANCE);
        left.remove(ReadingFlag.OUT_OF_RANGE);
      }
      assertEquals(NONE, left);
    }
  }

  @Test
  void the_concentration_is_the_one_that_was_commanded() throws Exception {
    List<Reading> readings =
        readings(
            CELL,
            calibration(null),
            5,
            cell -> cell.command(new SetConcentration(123), second(2.5)));
    assertEquals(50, readings.get(1).concentration().value(), 0.05);
    assertEquals(123, readings.get(4).concentration().value(), 0.05);
  }

  @Test
  void what_the_calibration_lacks_is_flagged_and_no_more_once_it_has_it() throws Exception {
    Reading without = readings(CELL, null, 2, _ -> {}).getLast();
    assertEquals(EnumSet.of(ReadingFlag.SIMULATED, ReadingFlag.UNCALIBRATED), without.flags());
    Instant past = Instant.parse("2020-01-01T00:00:00Z");
    Reading expired = readings(CELL, calibration(past), 2, _ -> {}).getLast();
    assertEquals(
        EnumSet.of(ReadingFlag.SIMULATED, ReadingFlag.CALIBRATION_EXPIRED), expired.flags());
    Instant future = Instant.parse("2999-01-01T00:00:00Z");
    assertEquals(NONE, readings(CELL, calibration(future), 2, _ -> {}).getLast().flags());
  }

  @Test
  void only_a_simulated_source_is_flagged_as_such() throws Exception {
    AudioSource.Opener measured = () -> new RealCell(new SimulatedCell(CELL));
    assertFalse(readings(measured, calibration(null), 2).getLast().has(ReadingFlag.SIMULATED));
  }

  /// A cell that says that it is real.
  private record RealCell(SimulatedCell cell) implements AudioSource {
    @Override
    public String name() {
      return "a cell";
    }

    @Override
    public int sampleRateHz() {
      return cell.sampleRateHz();
    }

    @Override
    public boolean live() {
      return false;
    }

    @Override
    public boolean simulated() {
      return false;
    }

    @Override
    public SourceRead read(int sampleCount) throws IOException {
      return cell.read(sampleCount);
    }

    @Override
    public void close() {
      cell.close();
    }
  }

  @Test
  @Tag("M10")
  void the_resonance_is_tracked_while_the_temperature_drifts() throws Exception {
    SimulatedCellConfig noisy =
        new SimulatedCellConfig(
            RATE_HZ,
            7,
            2000,
            2000.8,
            80,
            25,
            25,
            0.0017,
            0,
            40,
            0.005,
            0.002,
            0.01,
            50,
            CELL.script(),
            List.of());
    SweepPlan plan = new SweepPlan(1950, 2050, 21, Duration.ofMillis(400), 100);
    SweepResult sweep =
        SweepResult.of(plan, SweepRun.measure(SweepRun.cell(noisy, plan), plan, 0, _ -> {}), true);
    Resonance resonance = sweep.resonance();
    assertNotNull(resonance);
    ResonanceTracker tracker =
        new ResonanceTracker(
            resonance.quality(),
            new Estimate(
                Math.toDegrees(resonance.phaseRad().value()),
                Math.toDegrees(resonance.phaseRad().standardUncertainty())));
    int seconds = 40;
    List<Reading> readings =
        readings(
            noisy,
            calibration(null),
            seconds,
            cell -> cell.command(new SetTemperature(28, Duration.ofSeconds(seconds)), 0));
    for (Reading reading : readings.subList(1, seconds)) {
      ResonanceTrack track = tracker.track(reading.phasor(), reading.modulationHz());
      assertNotNull(track);
      double middle = (reading.fromSeconds() + reading.toSeconds()) / 2;
      double truth = noisy.resonanceHzAt(25 + 3 * middle / seconds);
      double score = (track.frequencyHz() - truth) / track.frequencyUncertaintyHz();
      assertEquals(0, score, 3, () -> "%s, truth %s Hz".formatted(track, truth));
      // The resonance drifts by 5 Hz.
      assertTrue(track.frequencyUncertaintyHz() < 0.05, track::toString);
    }
  }
}
