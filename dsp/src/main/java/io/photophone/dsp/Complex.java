package io.photophone.dsp;

/// A complex number, for designs and for results of whole blocks; loops over samples work on plain
/// doubles.
public record Complex(double re, double im) {
  public static final Complex ZERO = new Complex(0, 0);
  public static final Complex ONE = new Complex(1, 0);

  /// On the unit circle, at a fraction of a turn. The same bits on every machine.
  public static Complex atCycles(double cycles) {
    double angle = 2 * Math.PI * cycles;
    return new Complex(StrictMath.cos(angle), StrictMath.sin(angle));
  }

  public Complex plus(Complex other) {
    return new Complex(re + other.re, im + other.im);
  }

  public Complex minus(Complex other) {
    return new Complex(re - other.re, im - other.im);
  }

  public Complex times(Complex other) {
    return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
  }

  public Complex times(double factor) {
    return new Complex(re * factor, im * factor);
  }

  public Complex dividedBy(Complex other) {
    return times(other.conjugate()).times(1 / other.squaredMagnitude());
  }

  public Complex conjugate() {
    return new Complex(re, -im);
  }

  /// The root in the right half plane; the larger of its parts is computed first and the other from
  /// it, as their difference from the magnitude would lose digits.
  public Complex squareRoot() {
    double larger = StrictMath.sqrt((magnitude() + Math.abs(re)) / 2);
    if (larger == 0) {
      return ZERO;
    }
    double smaller = Math.abs(im) / (2 * larger);
    double rootRe = re >= 0 ? larger : smaller;
    double rootIm = re >= 0 ? smaller : larger;
    return new Complex(rootRe, im < 0 ? -rootIm : rootIm);
  }

  public double magnitude() {
    return StrictMath.hypot(re, im);
  }

  /// In (−π, π].
  public double phaseRad() {
    return StrictMath.atan2(im, re);
  }

  public double squaredMagnitude() {
    return re * re + im * im;
  }
}
