package io.photophone.dsp;

/// The Fourier sum of a block at one frequency, which need not be on a bin: Σ x\[n\] · e^(−iωn), n
/// from the block's first sample.
///
/// Two additions and a multiplication for each sample; a [LockIn] costs more and is exact over any
/// number of samples. In Reinsch's form, whose error stays near 1e-16 for each sample at all
/// frequencies, also where the plain recursion loses digits near 0 and half the rate. A sample that
/// is no finite number spoils its block. Allocates nothing per sample; for one thread.
///
/// Source: Stoer and Bulirsch, "Introduction to Numerical Analysis", section 2.3.4.
///
/// Contract: M2.
public final class Goertzel {
  private final double cyclesPerSample;
  private final double sign;
  private final double factor;
  private double value;
  private double change;
  private long count;

  /// @param frequencyHz from 0 to half the rate
  public Goertzel(double frequencyHz, double rateHz) {
    if (!(frequencyHz >= 0
        && rateHz > 0
        && rateHz < Double.POSITIVE_INFINITY
        && frequencyHz <= rateHz / 2)) {
      throw new IllegalArgumentException(
          "frequency is %s Hz at a rate of %s Hz, allowed: 0 to half the rate"
              .formatted(frequencyHz, rateHz));
    }
    cyclesPerSample = frequencyHz / rateHz;
    sign = cyclesPerSample < 0.25 ? 1 : -1;
    double half =
        cyclesPerSample < 0.25
            ? StrictMath.sin(Math.PI * cyclesPerSample)
            : StrictMath.cos(Math.PI * cyclesPerSample);
    factor = -sign * 4 * half * half;
  }

  /// Begins a new block.
  public void reset() {
    value = 0;
    change = 0;
    count = 0;
  }

  public void add(double sample) {
    change = sample + factor * value + sign * change;
    value = change + sign * value;
    count++;
  }

  /// The sum over the block so far; 0 before its first sample.
  public Complex sum() {
    // s[N] − e^(−iω)·s[N−1], where s[N−1] = ±(s[N] − change).
    Complex turn = Complex.atCycles(-cyclesPerSample);
    Complex last = new Complex(value, 0).minus(turn.times(sign * (value - change)));
    double turns = cyclesPerSample * (count - 1);
    return last.times(Complex.atCycles(-(turns - Math.floor(turns))));
  }
}
