package io.photophone.app.config;

import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.model.Range;
import org.jspecify.annotations.Nullable;

/// One instrument: where its audio comes from and what is measured of it.
///
/// @param calibration null where none is configured
/// @param analysis null for the standard graph, which `measurement` describes
public record InstrumentConfig(
    SourceConfig source,
    StreamingConfig streaming,
    MeasurementConfig measurement,
    @Nullable Calibration calibration,
    @Nullable GraphSpec analysis) {

  public static final InstrumentConfig DEFAULT =
      new InstrumentConfig(
          new SourceConfig.Simulated(SimulatedCellConfig.DEFAULT),
          StreamingConfig.DEFAULT,
          MeasurementConfig.DEFAULT,
          null,
          null);

  public InstrumentConfig {
    source
        .knownSampleRateHz()
        .ifPresent(rateHz ->
            Range.above(0, rateHz / 2.0)
                .check("measurement.modulation_hz", measurement.modulationHz()));
  }

  public String name() {
    return measurement.instrument();
  }

  /// The graph that runs at this rate.
  public GraphSpec graph(int sampleRateHz) {
    return analysis == null
        ? GraphSpec.standard(measurement, calibration, streaming.spectralWindow(), sampleRateHz)
        : analysis;
  }

  /// The same without what is for display alone, where `analysis` is not set.
  public GraphSpec measuring(int sampleRateHz) {
    return analysis == null
        ? GraphSpec.measuring(measurement, calibration, sampleRateHz)
        : analysis;
  }

  /// The same with another calibration.
  public InstrumentConfig withCalibration(@Nullable Calibration other) {
    return new InstrumentConfig(source, streaming, measurement, other, analysis);
  }
}
