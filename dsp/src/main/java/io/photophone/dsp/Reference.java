package io.photophone.dsp;

/// A frequency as a phase over the absolute sample index: it never restarts, at no frame's edge and
/// after no gap. It is zero at the origin, which is sample 0 unless [#from] says otherwise.
///
/// Contract: M5.
public final class Reference {
  private final double rateHz;
  private final double high;
  private final double low;
  private final long origin;

  /// @param frequencyHz above 0 and below half the rate
  public Reference(double frequencyHz, double rateHz) {
    if (!(rateHz > 0 && rateHz < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate is %s Hz, allowed: above 0 Hz".formatted(rateHz));
    }
    checkFrequency(frequencyHz, rateHz);
    this.rateHz = rateHz;
    high = frequencyHz / rateHz;
    // What the quotient lost in rounding: over 1e12 samples it would add up to millidegrees.
    low = Math.fma(-high, rateHz, frequencyHz) / rateHz;
    origin = 0;
  }

  private Reference(double rateHz, double high, double low, long origin) {
    this.rateHz = rateHz;
    this.high = high;
    this.low = low;
    this.origin = origin;
  }

  private static void checkFrequency(double frequencyHz, double rateHz) {
    if (!(frequencyHz > 0 && frequencyHz < rateHz / 2)) {
      throw new IllegalArgumentException(
          "frequency is %s Hz, allowed: above 0, below %s Hz".formatted(frequencyHz, rateHz / 2));
    }
  }

  /// The reference whose phase is `factor` times this one's at every sample: 1 for the modulation
  /// itself, 2 for 2f.
  ///
  /// @throws IllegalArgumentException if its frequency isn't below half the rate
  public Reference harmonic(int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("harmonic is %d, allowed: from 1".formatted(factor));
    }
    checkFrequency(factor * high * rateHz, rateHz);
    double product = factor * high;
    return new Reference(rateHz, product, Math.fma(factor, high, -product) + factor * low, origin);
  }

  /// The same frequency with a phase of zero at this sample.
  public Reference from(long origin) {
    return new Reference(rateHz, high, low, origin);
  }

  public double rateHz() {
    return rateHz;
  }

  public double cyclesPerSample() {
    return high;
  }

  /// The phase at sample n as a fraction of a cycle, in about [0, 1); to 1e-12 for samples up to
  /// 1e15 from the origin.
  public double cycles(long n) {
    return cyclesOver(n - origin);
  }

  private double cyclesOver(long n) {
    double product = n * high;
    double rest = Math.fma((double) n, high, -product) + n * low;
    return product - Math.floor(product) + rest;
  }

  /// Σ e^(−2iωn) over the samples from `from` to `to`, `to` excluded.
  Complex image(long from, long to) {
    double sine = Complex.atCycles(cyclesOver(to - from)).im();
    double sineOfStep = Complex.atCycles(cyclesPerSample()).im();
    return Complex.atCycles(-cyclesOver(from + to - 1 - 2 * origin)).times(sine / sineOfStep);
  }
}
