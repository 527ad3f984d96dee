package io.photophone.app.cli;

import io.photophone.acquisition.source.FileSource;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.analysis.graph.AnalysisGraph;
import io.photophone.analysis.graph.GraphContext;
import io.photophone.app.config.EnvironmentConfig;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.SourceConfig;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Environment;
import io.photophone.model.Reading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The readings of a recording.
///
/// @param lengthS of what could be read, s
/// @param damages what was wrong with the recording, for people
record MeasuredRecording(List<Reading> readings, double lengthS, List<String> damages) {
  private static final int READ_SAMPLES = 4096;

  /// Measures the recording that is the configuration's source, with a bar for a long one.
  ///
  /// A recording doesn't tell when it was made, so a sensor of temperature and pressure has nothing
  /// to say of it; constant ones hold.
  static MeasuredRecording of(InstrumentConfig configuration) throws IOException {
    return of(configuration, (gas, at) -> null);
  }

  /// The same with calibrations that go before the configured ones.
  static MeasuredRecording of(
      InstrumentConfig configuration, GraphContext.CalibrationLookup calibrations)
      throws IOException {
    if (!(configuration.source() instanceof SourceConfig.File recording)) {
      throw new IllegalStateException("the source is set to a file: " + configuration.source());
    }
    String name = recording.path().toString();
    List<Reading> readings = new ArrayList<>();
    List<String> damages = new ArrayList<>();
    double lengthS;
    try (FileSource source = FileSource.open(recording.path(), recording.channelChoice(), false);
        Progress progress = new Progress(name, source.totalSamples(), source.sampleRateHz())) {
      Environment environment =
          configuration.environment() instanceof EnvironmentConfig.Constant constant
              ? constant.environment()
              : Environment.UNKNOWN;
      GraphContext context =
          new GraphContext(
              configuration.name(),
              source.sampleRateHz(),
              source.simulated(),
              0,
              calibrations,
              at -> environment);
      AnalysisGraph graph =
          AnalysisGraph.of(configuration.measuring(source.sampleRateHz()), context);
      long frames = 0;
      long sample = 0;
      while (source.read(READ_SAMPLES) instanceof SourceRead.Samples samples) {
        AudioFrame frame =
            new AudioFrame(
                samples.channelA(),
                samples.channelB(),
                source.sampleRateHz(),
                frames,
                sample,
                CaptureTime.UNKNOWN);
        graph.measure(frame, readings::add);
        frames++;
        sample = frame.endSampleIndex();
        progress.at(sample);
      }
      lengthS = (double) sample / source.sampleRateHz();
      source
          .damage()
          .ifPresent(damage ->
              damages.add("%s %s; what could be read has been measured".formatted(name, damage)));
    }
    if (readings.isEmpty()) {
      damages.add(
          "%s is too short for a reading of %s s"
              .formatted(name, configuration.measurement().integration().toNanos() / 1e9));
    }
    return new MeasuredRecording(List.copyOf(readings), lengthS, List.copyOf(damages));
  }
}
