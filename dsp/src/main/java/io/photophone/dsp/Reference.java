package io.photophone.dsp;

/// A frequency as a phase over the absolute sample index: it never restarts, at no frame's edge and
/// after no gap.
///
/// Contract: M5.
public final class Reference {
  private final double high;
  private final double low;

  /// @param frequencyHz above 0 and below half the rate
  public Reference(double frequencyHz, double rateHz) {
    if (!(frequencyHz > 0 && frequencyHz < rateHz / 2)) {
      throw new IllegalArgumentException(
          "frequency is %s Hz, allowed: above 0, below %s Hz".formatted(frequencyHz, rateHz / 2));
    }
    high = frequencyHz / rateHz;
    // What the quotient lost in rounding: over 1e12 samples it would add up to millidegrees.
    low = Math.fma(-high, rateHz, frequencyHz) / rateHz;
  }

  public double cyclesPerSample() {
    return high;
  }

  /// The phase at sample n as a fraction of a cycle, in about [0, 1); to 1e-12 for n up to 1e15.
  public double cycles(long n) {
    double product = n * high;
    double rest = Math.fma((double) n, high, -product) + n * low;
    return product - Math.floor(product) + rest;
  }
}
