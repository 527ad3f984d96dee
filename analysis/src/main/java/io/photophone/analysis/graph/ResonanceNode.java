package io.photophone.analysis.graph;

import io.photophone.analysis.graph.Output.Results;
import io.photophone.analysis.resonance.ResonanceTracker;
import io.photophone.model.Locked;

/// Adds to each phasor where the resonance was, as far as its phase tells.
///
/// Contract: M10.
final class ResonanceNode implements Node {
  private final Results<Locked> input;
  private final ResonanceTracker tracker;
  private final Results<Locked> output = new Results<>();

  ResonanceNode(NodeKind.Resonance kind, Results<Locked> input) {
    this.input = input;
    tracker = new ResonanceTracker(kind.quality(), kind.phaseAtResonanceDeg());
  }

  @Override
  public Results<Locked> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    for (Locked locked : input.values()) {
      output.values().add(locked.tracked(tracker.track(locked.phasor(), locked.frequencyHz())));
    }
  }
}
