package io.photophone.acquisition.source;

import java.nio.ByteOrder;

/// How samples lie in bytes: one of each channel after the other, and no gap between.
///
/// @param order of the bytes of one sample
/// @param channels 1 to 65535
public record PcmFormat(SampleEncoding encoding, ByteOrder order, int channels, int sampleRateHz) {

  public PcmFormat {
    if (channels < 1 || channels > 0xFFFF) {
      throw new IllegalArgumentException(
          "channel count is %d, allowed: [1, 65535]".formatted(channels));
    }
    if (sampleRateHz < 1) {
      throw new IllegalArgumentException("sample rate is not positive: " + sampleRateHz + " Hz");
    }
  }

  /// One sample of every channel.
  public int blockBytes() {
    return channels * encoding.bytes();
  }
}
