package io.photophone.server;

import java.time.Instant;

/// What somebody wants explained.
public sealed interface WhyQuestion {

  /// What happened about this time.
  record At(Instant time) implements WhyQuestion {}

  /// How a reading came about.
  ///
  /// @param fromSample the reading's first sample, as its field `from_sample` tells
  record OfReading(long fromSample) implements WhyQuestion {}

  /// The newest disturbance.
  record Newest() implements WhyQuestion {}
}
