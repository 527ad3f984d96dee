package io.photophone.dsp;

import java.util.ArrayList;
import java.util.List;

/// An analog low-pass with its edge at 1 rad/s: poles, zeros and the gain at 0.
///
/// Sources: Oppenheim and Schafer, "Discrete-Time Signal Processing", appendix B (Butterworth,
/// Chebyshev); Antoniou, "Digital Filters", chapter 10 (elliptic), with the elliptic functions of
/// the Digital Library of Mathematical Functions (DLMF), chapters 19, 20 and 22. The same bits on
/// every machine.
record Prototype(List<Stage> stages, double gainAtZero) {

  /// Two conjugate poles, given by one, and two conjugate zeros at ± `zero` rad/s on the imaginary
  /// axis, both at infinity if `zero` is infinite; or, if the pole is real, just this pole and one
  /// zero at infinity.
  record Stage(Complex pole, double zero) {
    static Stage withoutZeros(Complex pole) {
      return new Stage(pole, Double.POSITIVE_INFINITY);
    }

    boolean isReal() {
      return pole.im() == 0;
    }
  }

  static Prototype of(FilterShape shape) {
    return switch (shape) {
      case FilterShape.Butterworth(int order) -> butterworth(order);
      case FilterShape.ChebyshevOne(int order, double ripple) -> chebyshevOne(order, ripple);
      case FilterShape.ChebyshevTwo(int order, double attenuation) ->
          chebyshevTwo(order, attenuation);
      case FilterShape.Elliptic(int order, double ripple, double attenuation) ->
          elliptic(order, ripple, attenuation);
    };
  }

  private static Prototype butterworth(int order) {
    List<Stage> stages = new ArrayList<>();
    for (int k = 0; 2 * k < order; k++) {
      stages.add(Stage.withoutZeros(onEllipse(order, k, 1, 1)));
    }
    return new Prototype(stages, 1);
  }

  private static Prototype chebyshevOne(int order, double rippleDb) {
    double v = inverseSinh(1 / rippleFactor(rippleDb)) / order;
    List<Stage> stages = new ArrayList<>();
    for (int k = 0; 2 * k < order; k++) {
      stages.add(Stage.withoutZeros(onEllipse(order, k, StrictMath.sinh(v), StrictMath.cosh(v))));
    }
    return new Prototype(stages, gainAtZero(order, rippleDb));
  }

  private static Prototype chebyshevTwo(int order, double attenuationDb) {
    double v = inverseSinh(rippleFactor(attenuationDb)) / order;
    List<Stage> stages = new ArrayList<>();
    for (int k = 0; 2 * k < order; k++) {
      Complex inverse = onEllipse(order, k, StrictMath.sinh(v), StrictMath.cosh(v));
      Complex pole = Complex.ONE.dividedBy(inverse);
      stages.add(
          inverse.im() == 0
              ? Stage.withoutZeros(new Complex(pole.re(), 0))
              : new Stage(pole, 1 / Complex.atCycles(0.25 * (2 * k + 1) / order).re()));
    }
    return new Prototype(stages, 1);
  }

  private static Prototype elliptic(int order, double rippleDb, double attenuationDb) {
    double ripple = rippleFactor(rippleDb);
    EllipticModulus discrimination = EllipticModulus.of(ripple / rippleFactor(attenuationDb));
    EllipticModulus selectivity = discrimination.ofDegree(order);
    double v =
        selectivity.quarterPeriod()
            * discrimination.complementInverseSc(1 / ripple)
            / (order * discrimination.quarterPeriod());
    EllipticModulus.Functions onV = selectivity.complement().functionsAt(v);
    List<Stage> stages = new ArrayList<>();
    for (int j = 1 - order % 2; j < order; j += 2) {
      EllipticModulus.Functions onU =
          selectivity.functionsAt(j * selectivity.quarterPeriod() / order);
      double denominator = 1 - onU.dn() * onU.dn() * onV.sn() * onV.sn();
      Complex pole =
          new Complex(-onU.cn() * onU.dn() * onV.sn() * onV.cn(), onU.sn() * onV.dn())
              .times(1 / denominator);
      stages.add(
          j == 0
              ? Stage.withoutZeros(new Complex(pole.re(), 0))
              : new Stage(pole, 1 / (selectivity.k() * onU.sn())));
    }
    return new Prototype(stages, gainAtZero(order, rippleDb));
  }

  /// Pole k, in the second quadrant, of those that share an ellipse around 0; the middle one of an
  /// odd number is real.
  private static Complex onEllipse(int order, int k, double halfWidth, double halfHeight) {
    if (2 * k + 1 == order) {
      return new Complex(-halfWidth, 0);
    }
    Complex direction = Complex.atCycles(0.25 * (2 * k + 1) / order);
    return new Complex(-halfWidth * direction.im(), halfHeight * direction.re());
  }

  /// √(10^(dB/10) − 1)
  private static double rippleFactor(double db) {
    return StrictMath.sqrt(StrictMath.expm1(db / 10 * StrictMath.log(10)));
  }

  /// A pass-band that ripples begins at the top for odd orders, and at the bottom for even ones.
  private static double gainAtZero(int order, double rippleDb) {
    return order % 2 == 1 ? 1 : StrictMath.pow(10, -rippleDb / 20);
  }

  private static double inverseSinh(double x) {
    return StrictMath.log(x + StrictMath.sqrt(x * x + 1));
  }
}
