package io.photophone.dsp;

/// A complex number, for designs and for results of whole blocks; loops over samples work on plain
/// doubles.
public record Complex(double re, double im) {
  public static final Complex ZERO = new Complex(0, 0);

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

  /// The root in the right half plane.
  public Complex squareRoot() {
    double magnitude = StrictMath.hypot(re, im);
    double rootIm = StrictMath.sqrt((magnitude - re) / 2);
    return new Complex(StrictMath.sqrt((magnitude + re) / 2), im < 0 ? -rootIm : rootIm);
  }

  public double squaredMagnitude() {
    return re * re + im * im;
  }
}
