package io.photophone.dsp;

/// A dual-phase lock-in's multiplier and adder for one stretch of samples: S = Σ x\[n\] · e^(−iωn),
/// n being the absolute sample index.
///
/// The stretches' sums add up to the sum over a window, and [#signal] turns that into the signal.
/// Inside a stretch the reference is turned on by one complex multiplication for each sample, which
/// is off by about 1e-16 for each; [#start] sets it anew. Allocates nothing per sample; for one
/// thread.
///
/// Contract: M5.
public final class LockIn {
  private final Reference reference;
  private final double stepCos;
  private final double stepSin;
  private double cos;
  private double sin;
  private double sumRe;
  private double sumIm;

  public LockIn(Reference reference) {
    this.reference = reference;
    Complex step = Complex.atCycles(reference.cyclesPerSample());
    stepCos = step.re();
    stepSin = step.im();
    start(0);
  }

  /// Sets the sum to zero and the reference to the phase of the sample that comes next.
  public void start(long index) {
    Complex phase = Complex.atCycles(reference.cycles(index));
    cos = phase.re();
    sin = phase.im();
    sumRe = 0;
    sumIm = 0;
  }

  public void add(double sample) {
    sumRe += sample * cos;
    sumIm -= sample * sin;
    double turned = cos * stepCos - sin * stepSin;
    sin = sin * stepCos + cos * stepSin;
    cos = turned;
  }

  /// S since the start.
  public Complex sum() {
    return new Complex(sumRe, sumIm);
  }

  /// Σ e^(−2iωn) over the samples from `from` to `to`, `to` excluded: what the signal's own image
  /// at twice its frequency adds up to. It vanishes over whole periods.
  public Complex image(long from, long to) {
    double sine = Complex.atCycles(reference.cycles(to - from)).im();
    double sineOfStep = Complex.atCycles(reference.cyclesPerSample()).im();
    return Complex.atCycles(-reference.cycles(from + to - 1)).times(sine / sineOfStep);
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
