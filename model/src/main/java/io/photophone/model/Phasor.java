package io.photophone.model;

/// The modulated signal of one integration window, X + iY, with its noise.
///
/// The signal is `amplitude · cos(2π f n / rate + phase)`, n counted from the stream's first
/// sample, so that X = amplitude · cos(phase) and Y = amplitude · sin(phase).
///
/// @param inPhase X, full-scale units (peak)
/// @param quadrature Y, full-scale units (peak)
/// @param standardUncertainty standard uncertainty of X and likewise of Y, full-scale units
public record Phasor(double inPhase, double quadrature, double standardUncertainty) {
  /// What a window without usable samples has.
  public static final Phasor NONE = new Phasor(Double.NaN, Double.NaN, Double.NaN);

  public double amplitude() {
    return StrictMath.hypot(inPhase, quadrature);
  }

  /// In (-180, 180].
  public double phaseDeg() {
    return Math.toDegrees(StrictMath.atan2(quadrature, inPhase));
  }

  /// Standard uncertainty of the phase, valid while the amplitude is well above its uncertainty.
  public double phaseUncertaintyDeg() {
    return Math.toDegrees(standardUncertainty / amplitude());
  }

  /// Amplitude over its standard uncertainty.
  public double signalToNoise() {
    return amplitude() / standardUncertainty;
  }

  /// The component along a direction given by its phase.
  public double projectedOn(double phaseDeg) {
    double phase = Math.toRadians(phaseDeg);
    return inPhase * StrictMath.cos(phase) + quadrature * StrictMath.sin(phase);
  }
}
