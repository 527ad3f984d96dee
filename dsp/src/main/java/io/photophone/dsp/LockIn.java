package io.photophone.dsp;

/// A dual-phase lock-in's multiplier and adder for one stretch of samples: S = Σ x\[n\] · e^(−iωn),
/// n being the absolute sample index.
///
/// The stretches' sums add up to the sum over a window, and [#signal] turns that into the signal; a
/// value after every sample is what a [RunningLockIn] has. A sample that is no finite number spoils
/// the sum of its stretch. Allocates nothing per sample; for one thread.
///
/// Contract: M5.
public final class LockIn {
  private final Reference reference;
  private final Oscillator oscillator;
  private double sumRe;
  private double sumIm;

  public LockIn(Reference reference) {
    this.reference = reference;
    oscillator = new Oscillator(reference);
  }

  /// Sets the sum to zero and the reference to the phase of the sample that comes next.
  public void start(long index) {
    oscillator.start(index);
    sumRe = 0;
    sumIm = 0;
  }

  public void add(double sample) {
    sumRe += sample * oscillator.cos();
    sumIm -= sample * oscillator.sin();
    oscillator.turn();
  }

  /// S since the start.
  public Complex sum() {
    return new Complex(sumRe, sumIm);
  }

  /// Σ e^(−2iωn) over the samples from `from` to `to`, `to` excluded: what the signal's own image
  /// at twice its frequency adds up to. It vanishes over whole periods.
  public Complex image(long from, long to) {
    return reference.image(from, to);
  }

  /// The Z for which the samples Re(Z · e^(iωn)) have this sum: S = count / 2 · Z + image / 2 · Z*.
  ///
  /// @param sum over any set of samples
  /// @param image over the same samples
  /// @param count how many they are, more than two
  public static Complex signal(Complex sum, Complex image, long count) {
    double half = count / 2.0;
    Complex halfImage = image.times(0.5);
    return sum.times(half)
        .minus(halfImage.times(sum.conjugate()))
        .times(1 / (half * half - halfImage.squaredMagnitude()));
  }

  /// The sum that the samples Re(signal · e^(iωn)) have: the inverse of [#signal].
  public static Complex expectedSum(Complex signal, Complex image, long count) {
    return signal.times(count / 2.0).plus(signal.conjugate().times(image).times(0.5));
  }
}
