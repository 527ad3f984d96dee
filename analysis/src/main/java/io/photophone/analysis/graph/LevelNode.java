package io.photophone.analysis.graph;

import io.photophone.analysis.LevelMeter;
import io.photophone.analysis.graph.Output.Results;
import io.photophone.model.Level;
import java.time.Duration;

/// Level, offset and clipping of both microphones.
final class LevelNode implements Node {
  private final Output.Frames input;
  private final LevelMeter meter;
  private final Results<Level> output = new Results<>();

  LevelNode(NodeKind.Level kind, Output.Frames input, int sampleRateHz) {
    this.input = input;
    meter = new LevelMeter(samples(kind.interval(), sampleRateHz));
  }

  /// Samples of an interval, at least one.
  static int samples(Duration interval, int sampleRateHz) {
    return (int) Math.max(1, Math.round(interval.toNanos() / 1e9 * sampleRateHz));
  }

  @Override
  public Results<Level> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    meter.process(input.frame(), output.values()::add);
  }
}
