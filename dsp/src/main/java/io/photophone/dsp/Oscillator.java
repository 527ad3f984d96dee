package io.photophone.dsp;

/// Cosine and sine of a reference's phase, sample after sample.
///
/// Turned on by one complex multiplication for each sample, which is off by about 1e-16 for each,
/// and set anew from the reference wherever the absolute index is a multiple of 1024; so the bits
/// depend on where it was started and on the index alone. For one thread.
final class Oscillator {
  private static final int ANEW_MASK = 1023;

  private final Reference reference;
  private final double stepCos;
  private final double stepSin;
  private long index;
  private double cos;
  private double sin;

  Oscillator(Reference reference) {
    this.reference = reference;
    Complex step = Complex.atCycles(reference.cyclesPerSample());
    stepCos = step.re();
    stepSin = step.im();
    start(0);
  }

  void start(long index) {
    this.index = index;
    Complex phase = Complex.atCycles(reference.cycles(index));
    cos = phase.re();
    sin = phase.im();
  }

  /// Of the present sample.
  double cos() {
    return cos;
  }

  double sin() {
    return sin;
  }

  /// Of the present sample.
  long index() {
    return index;
  }

  /// Goes on to the next sample.
  void turn() {
    long next = index + 1;
    if ((next & ANEW_MASK) == 0) {
      start(next);
    } else {
      double turned = cos * stepCos - sin * stepSin;
      sin = sin * stepCos + cos * stepSin;
      cos = turned;
      index = next;
    }
  }
}
