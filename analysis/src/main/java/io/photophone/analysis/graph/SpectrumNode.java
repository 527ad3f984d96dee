package io.photophone.analysis.graph;

import io.photophone.analysis.SpectrumAnalyzer;
import io.photophone.analysis.graph.Output.Results;
import io.photophone.model.Spectrum;

/// Spectra of both microphones, one for each frame: the only node whose results depend on how the
/// samples were cut, since it is for display.
final class SpectrumNode implements Node {
  private final Output.Frames input;
  private final SpectrumAnalyzer analyzer;
  private final Results<Spectrum> output = new Results<>();

  SpectrumNode(NodeKind.Spectrum kind, Output.Frames input) {
    this.input = input;
    analyzer = new SpectrumAnalyzer(kind.size(), kind.window());
  }

  @Override
  public Results<Spectrum> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    Spectrum spectrum = analyzer.process(input.frame());
    if (spectrum != null) {
      output.values().add(spectrum);
    }
  }
}
