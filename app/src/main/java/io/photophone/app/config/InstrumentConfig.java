package io.photophone.app.config;

import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.model.Range;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One instrument: where its audio comes from and what is measured of it.
///
/// @param calibration null where none is configured
/// @param analysis null for the standard graph, which `measurement` describes
/// @param environment where the gas's temperature and pressure come from
/// @param alarms rules on the readings, each with a name of its own
public record InstrumentConfig(
    SourceConfig source,
    StreamingConfig streaming,
    MeasurementConfig measurement,
    @Nullable Calibration calibration,
    @Nullable GraphSpec analysis,
    EnvironmentConfig environment,
    List<AlarmRule> alarms) {

  public static final InstrumentConfig DEFAULT =
      new InstrumentConfig(
          new SourceConfig.Simulated(SimulatedCellConfig.DEFAULT),
          StreamingConfig.DEFAULT,
          MeasurementConfig.DEFAULT,
          null,
          null,
          new EnvironmentConfig.None(),
          List.of());

  public InstrumentConfig {
    source
        .knownSampleRateHz()
        .ifPresent(rateHz ->
            Range.between(0, rateHz / 2.0)
                .check("measurement.modulation_hz", measurement.modulationHz()));
    alarms = List.copyOf(alarms);
    if (analysis == null) {
      AlarmRule.check(
          alarms,
          Set.of(measurement.gas()),
          calibration == null ? null : calibration.unit(),
          measurement.integration());
    } else {
      AlarmRule.check(alarms, analysis.gases(), null, analysis.longestIntegration());
    }
  }

  public String name() {
    return measurement.instrument();
  }

  /// The graph that runs at this rate.
  public GraphSpec graph(int sampleRateHz) {
    return analysis == null
        ? GraphSpec.standard(measurement, calibration, streaming.spectralWindow(), sampleRateHz)
        : calibrated(analysis);
  }

  /// The same without what is for display alone, where `analysis` is not set.
  public GraphSpec measuring(int sampleRateHz) {
    return analysis == null
        ? GraphSpec.measuring(measurement, calibration, sampleRateHz)
        : calibrated(analysis);
  }

  /// A graph whose node for the measurement's gas has this instrument's calibration, if it has none
  /// of its own.
  public GraphSpec calibrated(GraphSpec graph) {
    return calibration == null ? graph : graph.calibrated(measurement.gas(), calibration);
  }

  /// The alarms fit the readings of this graph.
  ///
  /// @throws IllegalArgumentException with the alarm that doesn't
  public void checkAlarms(GraphSpec graph) {
    AlarmRule.check(alarms, graph.gases(), null, graph.longestIntegration());
  }

  /// The same with another calibration.
  public InstrumentConfig withCalibration(@Nullable Calibration other) {
    return new InstrumentConfig(
        source, streaming, measurement, other, analysis, environment, alarms);
  }
}
