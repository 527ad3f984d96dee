package io.photophone.app.wiring;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.Microphone;
import io.photophone.acquisition.source.SimulatedCell;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.source.WavSource;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.app.calibration.CalibrationStore;
import io.photophone.app.calibration.Calibrator;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.model.ConcentrationUnit;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the parts that a configuration names.
public final class Parts {
  /// What a simulated cell's own calibration covers; its equations are linear beyond.
  private static final double SIMULATED_HIGHEST_PPM = 10_000;

  private Parts() {}

  /// How to open the configured source; null where none is configured.
  static AudioSource.@Nullable Opener opener(SourceConfig source) {
    return switch (source) {
      case SourceConfig.Simulated(SimulatedCellConfig cell) -> () -> new SimulatedCell(cell);
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
  static @Nullable Calibration calibration(PhotophoneConfig config) {
    if (config.calibration() != null) {
      return config.calibration();
    }
    return config.source() instanceof SourceConfig.Simulated(SimulatedCellConfig cell)
        ? ownCalibration(cell)
        : null;
  }

  /// The same with the calibration that a server would use, written out.
  public static PhotophoneConfig withCalibration(PhotophoneConfig config) {
    return new PhotophoneConfig(
        config.server(),
        config.data(),
        config.source(),
        config.streaming(),
        config.measurement(),
        calibration(config));
  }

  /// The instrument's calibrations: the configured one, and those accepted in the data directory.
  ///
  /// @throws IOException if an accepted one can't be read
  public static CalibrationStore calibrations(PhotophoneConfig config) throws IOException {
    Calibration configured = calibration(config);
    MeasurementConfig measurement = config.measurement();
    return CalibrationStore.open(
        config.data(),
        measurement.instrument(),
        configured == null ? Map.of() : Map.of(measurement.gas(), configured));
  }

  /// What calibrates the running instrument.
  static Calibrator calibrator(PhotophoneConfig config) throws IOException {
    return new Calibrator(
        List.of(config.measurement().gas()), calibrations(config), InstantSource.system());
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
