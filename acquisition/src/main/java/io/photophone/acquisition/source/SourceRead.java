package io.photophone.acquisition.source;

import java.util.OptionalLong;

/// What one read of a source gave.
public sealed interface SourceRead {

  /// Samples of both channels; the arrays pass to the receiver.
  ///
  /// @param lostBefore samples that are known to be missing between the read before and this one
  /// @param captureLagNanos time from the capture of the first of these samples to the return of
  ///   the read, where the source can tell
  record Samples(float[] channelA, float[] channelB, long lostBefore, OptionalLong captureLagNanos)
      implements SourceRead {
    public Samples {
      if (channelA.length != channelB.length) {
        throw new IllegalArgumentException(
            "channels differ in length: A has %d samples, B has %d"
                .formatted(channelA.length, channelB.length));
      }
      if (channelA.length == 0) {
        throw new IllegalArgumentException("no samples: the end is told by End");
      }
      if (lostBefore < 0) {
        throw new IllegalArgumentException("negative loss: " + lostBefore);
      }
    }
  }

  /// There is no more.
  record End() implements SourceRead {}
}
