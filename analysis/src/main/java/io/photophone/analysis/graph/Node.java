package io.photophone.analysis.graph;

/// A node that runs. Its state depends on the samples and their indices alone, not on how they were
/// cut into frames. For one thread at a time.
sealed interface Node
    permits ChannelNode,
        MixNode,
        FilterNode,
        LockInNode,
        ResonanceNode,
        ConcentrationNode,
        InterferenceNode,
        SpectrumNode,
        LevelNode,
        PeakNode,
        DensityNode {
  Output output();

  /// Turns what its inputs gave in this step into its own output.
  void process();
}
