package io.photophone.model;

/// How strong both microphones were over one interval.
///
/// @param startIndex absolute index of the interval's first sample
/// @param endIndex index behind its last sample
public record Level(long startIndex, long endIndex, Channel a, Channel b) {
  /// A sample from here on is at its converter's end, with 16 bits or more.
  public static final double FULL_SCALE = 1 - 0x1p-15;

  /// One microphone, in full-scale units; NaN where every sample is missing.
  ///
  /// @param rms root mean square, the offset included
  /// @param peak largest magnitude
  /// @param mean the offset
  /// @param clipped samples at full scale
  /// @param missing samples that were lost or are no finite number; the values are of the others
  public record Channel(double rms, double peak, double mean, int clipped, int missing) {
    /// The rms in decibels of that of a sine at full scale (AES17): such a sine is 0, silence is
    /// negative infinity.
    public double dbfs() {
      return 20 * Math.log10(rms * Math.sqrt(2));
    }
  }
}
