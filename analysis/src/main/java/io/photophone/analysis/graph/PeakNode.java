package io.photophone.analysis.graph;

import io.photophone.analysis.Peak;
import io.photophone.analysis.PeakTracker;
import io.photophone.analysis.graph.Output.Results;
import io.photophone.analysis.graph.Output.Signal;

/// The strongest tone of a band.
final class PeakNode implements Node {
  private final Signal input;
  private final PeakTracker tracker;
  private final Results<Peak> output = new Results<>();

  /// @throws IllegalArgumentException for a band that the rate doesn't carry
  PeakNode(NodeKind.Peak kind, Signal input, int sampleRateHz) {
    this.input = input;
    tracker =
        new PeakTracker(
            kind.size(),
            LevelNode.samples(kind.interval(), sampleRateHz),
            kind.lowHz(),
            kind.highHz(),
            sampleRateHz);
  }

  @Override
  public Results<Peak> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    tracker.process(
        input.frame().firstSampleIndex(), input.settled(), input.length(), output.values()::add);
  }
}
