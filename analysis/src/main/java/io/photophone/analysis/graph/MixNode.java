package io.photophone.analysis.graph;

import io.photophone.analysis.graph.Output.Signal;
import io.photophone.dsp.Mix;
import java.util.Arrays;
import java.util.List;

/// The weighted sum of signals; a gain is the sum of one. What is missing in one of them is missing
/// in the sum. Allocates nothing.
final class MixNode implements Node {
  private final double[] weights;
  private final List<Signal> inputs;
  private final Signal output;

  /// A mix of signals that passed the same filters.
  MixNode(List<Double> weights, List<Signal> inputs) {
    this.weights = weights.stream().mapToDouble(Double::doubleValue).toArray();
    this.inputs = inputs;
    Signal first = inputs.getFirst();
    List<NodeKind.Filter> filters = first.filters();
    boolean alike =
        filters != null && inputs.stream().allMatch(input -> filters.equals(input.filters()));
    output = new Signal(first.frames(), alike ? filters : null);
  }

  MixNode(NodeKind.Gain gain, Signal input) {
    this(List.of(StrictMath.pow(10, gain.gainDb() / 20)), List.of(input));
  }

  @Override
  public Signal output() {
    return output;
  }

  @Override
  public void process() {
    double[] samples = output.samples();
    byte[] marks = output.marks();
    int length = output.length();
    Arrays.fill(samples, 0, length, 0);
    Arrays.fill(marks, 0, length, (byte) 0);
    for (int k = 0; k < weights.length; k++) {
      Mix.add(weights[k], inputs.get(k).samples(), samples, length);
      Mix.union(inputs.get(k).marks(), marks, length);
    }
  }
}
