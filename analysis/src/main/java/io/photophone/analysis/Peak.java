package io.photophone.analysis;

import io.photophone.dsp.Tone;
import org.jspecify.annotations.Nullable;

/// The strongest tone of a band in one block of samples.
///
/// @param startIndex absolute index of the block's first sample, where the tone's phase is told;
///   negative where the block would have begun before the stream
/// @param endIndex index behind its last sample
/// @param complete false where a sample of the block is missing; then there is no tone
/// @param tone null where none stands out of the noise beside it
public record Peak(long startIndex, long endIndex, boolean complete, @Nullable Tone tone) {
  public Peak {
    if (!complete && tone != null) {
      throw new IllegalArgumentException("a tone from a block with missing samples: " + tone);
    }
  }

  /// Amplitude over its standard uncertainty; NaN without a tone.
  public double signalToNoise() {
    return tone == null
        ? Double.NaN
        : tone.amplitude().value() / tone.amplitude().standardUncertainty();
  }
}
