package io.photophone.analysis.graph;

import io.photophone.analysis.AveragedSpectrum;
import io.photophone.analysis.graph.Output.Results;
import io.photophone.analysis.graph.Output.Signal;
import io.photophone.model.Density;

/// The averaged power density of a signal.
final class DensityNode implements Node {
  private final Signal input;
  private final AveragedSpectrum spectrum;
  private final Results<Density> output = new Results<>();

  /// @throws IllegalArgumentException for an interval shorter than a segment
  DensityNode(NodeKind.Density kind, Signal input, int sampleRateHz) {
    this.input = input;
    spectrum =
        new AveragedSpectrum(
            kind.size(),
            LevelNode.samples(kind.interval(), sampleRateHz),
            kind.window(),
            sampleRateHz);
  }

  @Override
  public Results<Density> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    spectrum.process(
        input.frame().firstSampleIndex(), input.settled(), input.length(), output.values()::add);
  }
}
