package io.photophone.app.config;

import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.model.Range;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Everything that can be configured, valid by construction. It is made once at the start and
/// handed down.
///
/// Contract: A36, B21, B22.
///
/// @param data folder of the recordings, relative to the working directory
/// @param calibration null where none is configured
/// @param alarms rules on the readings, each with a name of its own
public record PhotophoneConfig(
    ServerConfig server,
    Path data,
    SourceConfig source,
    StreamingConfig streaming,
    MeasurementConfig measurement,
    @Nullable Calibration calibration,
    List<AlarmRule> alarms) {

  public static final PhotophoneConfig DEFAULT =
      new PhotophoneConfig(
          ServerConfig.DEFAULT,
          Path.of("./data"),
          new SourceConfig.Simulated(SimulatedCellConfig.DEFAULT),
          StreamingConfig.DEFAULT,
          MeasurementConfig.DEFAULT,
          null,
          List.of());

  public PhotophoneConfig {
    source
        .knownSampleRateHz()
        .ifPresent(rateHz ->
            Range.above(0, rateHz / 2.0)
                .check("measurement.modulation_hz", measurement.modulationHz()));
    alarms = List.copyOf(alarms);
    AlarmRule.check(
        alarms,
        measurement.gas(),
        calibration == null ? null : calibration.unit(),
        measurement.integration());
  }

  /// Puts flags over environment variables over the file over the defaults.
  ///
  /// @param file YAML, null for none
  /// @param environment all variables of the process; those that start with `PHOTOPHONE_` count
  /// @throws ConfigException with all errors, unless one makes the file unreadable as a whole
  public static PhotophoneConfig read(
      @Nullable Path file, Map<String, String> environment, List<Flag> flags)
      throws ConfigException {
    Problems problems = new Problems();
    Node root = file == null ? Node.Block.DEFAULTS : YamlFile.read(file, problems);
    if (root instanceof Node.Block block) {
      root = Overrides.flags(Overrides.environment(block, environment, problems), flags, problems);
    }
    PhotophoneConfig config = Settings.ALL.read(root, "", problems);
    if (config == null || !problems.isEmpty()) {
      throw new ConfigException(problems.sorted());
    }
    return config;
  }

  /// This configuration as a file that names every setting and reads back as the same.
  public String yaml() {
    return YAMLMapper.builder()
        .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
        .build()
        .writeValueAsString(Settings.ALL.write(this));
  }
}
