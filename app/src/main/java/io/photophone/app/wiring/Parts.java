package io.photophone.app.wiring;

import io.photophone.acquisition.environment.ConstantEnvironment;
import io.photophone.acquisition.environment.EnvironmentFeed;
import io.photophone.acquisition.environment.FileSensor;
import io.photophone.acquisition.environment.ModbusSensor;
import io.photophone.acquisition.environment.PolledEnvironment;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.Microphone;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.source.WavSource;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.app.config.EnvironmentConfig;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.model.ConcentrationUnit;
import org.jspecify.annotations.Nullable;

/// Makes the parts that a configuration names.
public final class Parts {
  /// What a simulated cell's own calibration covers; its equations are linear beyond.
  private static final double SIMULATED_HIGHEST_PPM = 10_000;

  private Parts() {}

  /// How to open the configured source; null where none is configured.
  static AudioSource.@Nullable Opener opener(SourceConfig source) {
    return switch (source) {
      case SourceConfig.Simulated(SimulatedCellConfig cell) -> new SimulatedSource(cell);
      case SourceConfig.File file ->
          () -> WavSource.open(file.path(), file.channelChoice(), file.loop());
      case SourceConfig.Microphone(String name, int sampleRateHz) ->
          () -> Microphone.open(name, sampleRateHz);
      case SourceConfig.None() -> null;
    };
  }

  /// How many times faster than real time the source is read; 0 for as fast as possible.
  static double speed(SourceConfig source) {
    return source instanceof SourceConfig.File file ? file.speed() : 1;
  }

  /// The configured calibration, or a simulated cell's own, which its equations give; null where an
  /// amplitude is all that can be told.
  static @Nullable Calibration calibration(InstrumentConfig config) {
    if (config.calibration() != null) {
      return config.calibration();
    }
    return config.source() instanceof SourceConfig.Simulated(SimulatedCellConfig cell)
        ? ownCalibration(cell)
        : null;
  }

  /// The same with the calibration that a server would use.
  public static InstrumentConfig withCalibration(InstrumentConfig config) {
    return config.withCalibration(calibration(config));
  }

  /// What answers temperature and pressure; a sensor is asked from now on.
  static EnvironmentFeed environment(EnvironmentConfig config) {
    return switch (config) {
      case EnvironmentConfig.None() -> ConstantEnvironment.UNKNOWN;
      case EnvironmentConfig.Constant constant -> new ConstantEnvironment(constant.environment());
      case EnvironmentConfig.File(var path, var uncertainty, var polling) ->
          PolledEnvironment.start(new FileSensor(path, uncertainty), polling, StreamClock.SYSTEM);
      case EnvironmentConfig.Modbus(var settings, var uncertainty, var polling) ->
          PolledEnvironment.start(
              new ModbusSensor(settings, uncertainty), polling, StreamClock.SYSTEM);
    };
  }

  private static Calibration ownCalibration(SimulatedCellConfig config) {
    try (SimulatedCell cell = new SimulatedCell(config)) {
      double offset = cell.settledAmplitude(0);
      return new Calibration(
          "simulated cell",
          ConcentrationUnit.PPM,
          cell.settledAmplitude(1) - offset,
          offset,
          cell.settledPhaseDeg(),
          0,
          SIMULATED_HIGHEST_PPM,
          null);
    }
  }
}
