package io.photophone.acquisition.source;

/// Independent Gaussian values of mean 0 and variance 1: the same seed and stream give the same
/// values on every machine and JDK.
///
/// Uniform values are SplitMix64 (Steele, Lea, Flood: *Fast Splittable Pseudorandom Number
/// Generators*, 2014), Gaussian ones Marsaglia's polar method (Marsaglia, Bray: *A Convenient
/// Method for Generating Normal Variables*, 1964). `Math.sqrt` and `StrictMath.log` are exact to
/// the bit by specification.
final class WhiteNoise {
  private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

  private long state;
  private double spare = Double.NaN;

  /// @param stream tells apart the noises that share a seed
  WhiteNoise(long seed, int stream) {
    state = mix(seed + GOLDEN_GAMMA) ^ mix(~stream);
  }

  double next() {
    if (!Double.isNaN(spare)) {
      double value = spare;
      spare = Double.NaN;
      return value;
    }
    double x;
    double y;
    double square;
    do {
      x = uniform();
      y = uniform();
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
    spare = y * scale;
    return x * scale;
  }

  /// In [-1, 1).
  private double uniform() {
    state += GOLDEN_GAMMA;
    return (mix(state) >> 11) * 0x1p-52;
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return mixed ^ (mixed >>> 31);
  }
}
