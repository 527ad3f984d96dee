package io.photophone.analysis.graph;

import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.dsp.FilterBand;
import io.photophone.dsp.FilterShape;
import io.photophone.model.AudioFrame;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Locked;
import io.photophone.model.NodeOutput;
import io.photophone.model.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Graphs made node by node, and what they give.
final class TestGraph {
  static final int RATE = 48_000;

  private TestGraph() {}

  static NodeSpec node(String name, NodeKind kind, String... of) {
    return new NodeSpec(name, List.of(of), kind);
  }

  /// The difference of both microphones.
  static NodeSpec difference(String name) {
    return node(name, new NodeKind.Channel(MeasurementConfig.Channel.DIFFERENCE), GraphSpec.FRAMES);
  }

  static NodeKind bandPass(double lowHz, double highHz) {
    return new NodeKind.Filter(
        new FilterShape.Butterworth(2), new FilterBand.BandPass(lowHz, highHz));
  }

  /// The mean over each window.
  static NodeKind boxcar(double hz, double seconds) {
    return boxcar(hz, 1, seconds);
  }

  static NodeKind boxcar(double hz, int harmonic, double seconds) {
    return new NodeKind.LockIn(hz, harmonic, Duration.ofNanos(Math.round(seconds * 1e9)), null);
  }

  static NodeKind gas(String gas, @Nullable Calibration calibration) {
    return new NodeKind.Concentration(gas, ConcentrationUnit.PPM, null, calibration);
  }

  static GraphSpec spec(NodeSpec... nodes) {
    return new GraphSpec(List.of(nodes));
  }

  static AnalysisGraph graph(NodeSpec... nodes) {
    return AnalysisGraph.of(spec(nodes), GraphContext.of("cell", RATE, false));
  }

  static List<NodeOutput> outputs(AnalysisGraph graph, List<AudioFrame> frames) {
    List<NodeOutput> outputs = new ArrayList<>();
    frames.forEach(frame -> graph.process(frame, outputs::add));
    return outputs;
  }

  /// The graph's results.
  static List<Reading> readings(AnalysisGraph graph, List<AudioFrame> frames) {
    List<Reading> readings = new ArrayList<>();
    frames.forEach(frame -> graph.measure(frame, readings::add));
    return readings;
  }

  /// What the graph's lock-ins gave, whichever it was.
  static List<Locked> locked(AnalysisGraph graph, List<AudioFrame> frames) {
    return outputs(graph, frames).stream()
        .filter(NodeOutput.LockedIn.class::isInstance)
        .map(output -> ((NodeOutput.LockedIn) output).locked())
        .toList();
  }
}
