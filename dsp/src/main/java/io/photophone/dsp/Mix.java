package io.photophone.dsp;

/// Gain and mix over arrays: loops of one kind of number and one operation, of which the compiler
/// makes vector instructions where the processor has them, and scalar ones where not.
/// `MixBenchmark` tells how wide. Contract: B32.
public final class Mix {
  private Mix() {}

  /// The first `length` elements of `to` become gain · `from`.
  public static void gain(double gain, double[] from, double[] to, int length) {
    for (int n = 0; n < length; n++) {
      to[n] = gain * from[n];
    }
  }

  /// To the first `length` elements of `to`, gain · `from` is added.
  public static void add(double gain, double[] from, double[] to, int length) {
    for (int n = 0; n < length; n++) {
      to[n] += gain * from[n];
    }
  }

  /// The first `length` elements of `to` get the bits of those of `from` as well.
  public static void union(byte[] from, byte[] to, int length) {
    for (int n = 0; n < length; n++) {
      to[n] |= from[n];
    }
  }
}
