package io.photophone.model;

/// What a node of a graph gave.
public sealed interface NodeOutput {
  /// Name of the node.
  String node();

  /// Samples of one channel, of a node that is tapped.
  ///
  /// @param samples full-scale units, NaN for a missing one; owned by this record and read only
  /// @param captured when the first of them was captured
  record Samples(
      String node, long firstSampleIndex, int sampleRateHz, float[] samples, CaptureTime captured)
      implements NodeOutput {}

  /// A window's phasor.
  record LockedIn(String node, Locked locked) implements NodeOutput {}

  /// A reading.
  ///
  /// @param result whether it is one of the graph's results: no other node takes it
  record Measured(String node, Reading reading, boolean result) implements NodeOutput {}

  record Spectral(String node, Spectrum spectrum) implements NodeOutput {}

  record Levelled(String node, Level level) implements NodeOutput {}

  record Powered(String node, Density density) implements NodeOutput {}

  /// The strongest tone of a block; NaN where none stood out.
  ///
  /// @param complete false where a sample of the block is missing
  /// @param amplitude peak, full-scale units
  /// @param phaseDeg of a cosine at the block's first sample, degrees
  record Peaked(
      String node,
      long startIndex,
      long endIndex,
      boolean complete,
      double frequencyHz,
      double frequencyUncertaintyHz,
      double amplitude,
      double amplitudeUncertainty,
      double phaseDeg)
      implements NodeOutput {}
}
