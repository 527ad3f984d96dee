package io.photophone.dsp;

import java.util.ArrayList;
import java.util.List;

/// From a prototype to second-order sections at a sample rate: transformation of the band, then the
/// bilinear transformation with the edges prewarped, so that they lie where they were asked.
///
/// Source: Oppenheim and Schafer, "Discrete-Time Signal Processing", chapter 7. The same bits on
/// every machine.
final class FilterDesign {
  /* A high-pass is a low-pass of 1/s, and a band-stop a band-pass of 1/s; so there are two
   * transformations. Frequencies below are w = tan(π·f/rate), where the bilinear transformation
   * takes iw on the imaginary axis to e^(2πi·f/rate) on the unit circle. Polynomials are of z⁻¹,
   * lowest power first.
   */
  private static final double[] ZEROS_AT_BOTH_ENDS = {1, 0, -1};

  private final List<double[]> sections = new ArrayList<>();

  /// Where each section has gain 1, as z⁻¹.
  private final Complex reference;

  private FilterDesign(Complex reference) {
    this.reference = reference;
  }

  static double[][] sections(FilterShape shape, FilterBand band, double rateHz) {
    Prototype prototype = Prototype.of(shape);
    FilterDesign design =
        switch (band) {
          case FilterBand.LowPass(double edgeHz) ->
              ofOneEdge(prototype, false, prewarped(edgeHz, rateHz));
          case FilterBand.HighPass(double edgeHz) ->
              ofOneEdge(prototype, true, prewarped(edgeHz, rateHz));
          case FilterBand.BandPass(double lowHz, double highHz) ->
              ofTwoEdges(prototype, false, prewarped(lowHz, rateHz), prewarped(highHz, rateHz));
          case FilterBand.BandStop(double lowHz, double highHz) ->
              ofTwoEdges(prototype, true, prewarped(lowHz, rateHz), prewarped(highHz, rateHz));
        };
    double[] first = design.sections.getFirst();
    for (int i = 0; i < 3; i++) {
      first[i] *= prototype.gainAtZero();
    }
    return design.sections.toArray(new double[0][]);
  }

  private static double prewarped(double edgeHz, double rateHz) {
    if (!(edgeHz < rateHz / 2)) {
      throw new IllegalArgumentException(
          "edge is %s Hz, allowed at a rate of %s Hz: below %s Hz"
              .formatted(edgeHz, rateHz, rateHz / 2));
    }
    return StrictMath.tan(Math.PI * edgeHz / rateHz);
  }

  private static FilterDesign ofOneEdge(Prototype prototype, boolean inverted, double edge) {
    FilterDesign design = new FilterDesign(new Complex(inverted ? -1 : 1, 0));
    for (Prototype.Stage stage : prototype.stages()) {
      Complex pole = pole(stage, inverted).times(edge);
      double zero = zero(stage, inverted) * edge;
      if (stage.isReal()) {
        design.add(new double[] {1, inverted ? -1 : 1, 0}, onePole(pole));
      } else {
        design.add(zeros(zero), poles(pole, pole.conjugate()));
      }
    }
    return design;
  }

  private static FilterDesign ofTwoEdges(
      Prototype prototype, boolean inverted, double low, double high) {
    double squaredCentre = low * high;
    double centre = StrictMath.sqrt(squaredCentre);
    FilterDesign design =
        new FilterDesign(inverted ? Complex.ONE : bilinear(new Complex(0, centre)).conjugate());
    for (Prototype.Stage stage : prototype.stages()) {
      Complex half = pole(stage, inverted).times((high - low) / 2);
      Complex root = half.times(half).minus(new Complex(squaredCentre, 0)).squareRoot();
      // The larger of half ± root; the other follows from their product without cancellation.
      boolean away = half.re() * root.re() + half.im() * root.im() >= 0;
      Complex upper = away ? half.plus(root) : half.minus(root);
      Complex lower = new Complex(squaredCentre, 0).dividedBy(upper);
      double halfZero = zero(stage, inverted) * (high - low) / 2;
      double upperZero = halfZero + StrictMath.sqrt(halfZero * halfZero + squaredCentre);
      boolean zerosAtBothEnds = Double.isInfinite(halfZero);
      if (stage.isReal()) {
        boolean conjugate = upper.im() != 0;
        design.add(
            zerosAtBothEnds ? ZEROS_AT_BOTH_ENDS.clone() : zeros(centre),
            poles(upper, conjugate ? upper.conjugate() : lower));
      } else {
        design.add(
            zerosAtBothEnds ? ZEROS_AT_BOTH_ENDS.clone() : zeros(upperZero),
            poles(upper, upper.conjugate()));
        design.add(
            zerosAtBothEnds ? ZEROS_AT_BOTH_ENDS.clone() : zeros(squaredCentre / upperZero),
            poles(lower, lower.conjugate()));
      }
    }
    return design;
  }

  private static Complex pole(Prototype.Stage stage, boolean inverted) {
    return inverted ? Complex.ONE.dividedBy(stage.pole()) : stage.pole();
  }

  private static double zero(Prototype.Stage stage, boolean inverted) {
    return inverted ? 1 / stage.zero() : stage.zero();
  }

  /// Adds a section with gain 1 at the reference.
  private void add(double[] numerator, double[] denominator) {
    double gain =
        StrictMath.sqrt(
            at(reference, denominator).squaredMagnitude()
                / at(reference, numerator).squaredMagnitude());
    sections.add(
        new double[] {
          gain * numerator[0],
          gain * numerator[1],
          gain * numerator[2],
          denominator[1],
          denominator[2]
        });
  }

  private static Complex at(Complex delay, double[] polynomial) {
    return delay
        .times(polynomial[2])
        .plus(new Complex(polynomial[1], 0))
        .times(delay)
        .plus(new Complex(polynomial[0], 0));
  }

  /// Two zeros at ± w, on the unit circle.
  private static double[] zeros(double w) {
    double cosine = Double.isInfinite(w) ? -1 : (1 - w * w) / (1 + w * w);
    return new double[] {1, -2 * cosine, 1};
  }

  private static double[] poles(Complex s, Complex otherS) {
    Complex z = bilinear(s);
    Complex otherZ = bilinear(otherS);
    return new double[] {1, -z.plus(otherZ).re(), z.times(otherZ).re()};
  }

  private static double[] onePole(Complex s) {
    return new double[] {1, -bilinear(s).re(), 0};
  }

  private static Complex bilinear(Complex s) {
    return Complex.ONE.plus(s).dividedBy(Complex.ONE.minus(s));
  }
}
