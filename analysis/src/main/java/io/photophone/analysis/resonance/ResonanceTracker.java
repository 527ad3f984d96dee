package io.photophone.analysis.resonance;

import io.photophone.dsp.Estimate;
import io.photophone.model.Phasor;
import io.photophone.model.ResonanceTrack;
import org.jspecify.annotations.Nullable;

/// Where the resonance is while the laser stays at one frequency f, from the phase of the gas
/// signal.
///
/// A resonance f0 above f leads the phase that it has at resonance by θ = arctan(2Q (f0 − f)/f0),
/// one below lags; so f0 = f / (1 − tan θ / 2Q). Pure; for any thread.
///
/// What it says holds while the signal is the gas's alone: a coherent background of another phase,
/// or a delay that changed, looks like a resonance that moved.
///
/// Contract: M10.
///
/// @param quality of the resonance, from a sweep; taken as constant
/// @param phaseAtResonanceDeg phase of the gas signal if the laser were at the resonance, degrees
public record ResonanceTracker(Estimate quality, Estimate phaseAtResonanceDeg) {
  /// A smaller signal, in its standard uncertainties, has no phase worth following.
  private static final double FEWEST_SIGMAS = 10;

  /// Further out the phase hardly depends on the frequency.
  private static final double LARGEST_PHASE_DEG = 75;

  public ResonanceTracker {
    if (!(quality.value() > 0 && quality.value() < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "quality is %s, allowed: above 0".formatted(quality.value()));
    }
    if (!Double.isFinite(phaseAtResonanceDeg.value())) {
      throw new IllegalArgumentException(
          "phase_at_resonance_deg is %s, allowed: a finite number"
              .formatted(phaseAtResonanceDeg.value()));
    }
  }

  /// A tracker that knows the gas's phase at the laser's frequency from a calibration, and from a
  /// sweep where the resonance was then.
  ///
  /// @param resonanceHz of the sweep
  /// @param quality of the sweep
  /// @param modulationHz the laser's frequency when it was calibrated
  /// @param phaseDeg the calibrated phase at that frequency
  public static ResonanceTracker ofCalibrated(
      Estimate resonanceHz, Estimate quality, double modulationHz, double phaseDeg) {
    double offset = 1 - modulationHz / resonanceHz.value();
    double slope = 2 * quality.value() * offset;
    double shape = 1 / (1 + slope * slope);
    double byResonance =
        2 * quality.value() * modulationHz / (resonanceHz.value() * resonanceHz.value());
    double uncertainty =
        shape
            * Math.hypot(
                byResonance * resonanceHz.standardUncertainty(),
                2 * offset * quality.standardUncertainty());
    return new ResonanceTracker(
        quality,
        new Estimate(
            phaseDeg - Math.toDegrees(StrictMath.atan(slope)), Math.toDegrees(uncertainty)));
  }

  /// The resonance during a window; null where the signal is too weak or too far off to tell.
  ///
  /// @param phasor of the gas signal, with the same phase reference as the tracker's phase
  public @Nullable ResonanceTrack track(Phasor phasor, double modulationHz) {
    if (!(phasor.signalToNoise() >= FEWEST_SIGMAS)) {
      return null;
    }
    double degrees = Math.IEEEremainder(phasor.phaseDeg() - phaseAtResonanceDeg.value(), 360);
    if (Math.abs(degrees) > LARGEST_PHASE_DEG) {
      return null;
    }
    double q = quality.value();
    double tan = StrictMath.tan(Math.toRadians(degrees));
    double ratio = 1 - tan / (2 * q);
    if (!(ratio > 0)) {
      return null;
    }
    double hz = modulationHz / ratio;
    double byTan = hz / ratio / (2 * q);
    double phaseUncertainty =
        Math.toRadians(
            Math.hypot(phasor.phaseUncertaintyDeg(), phaseAtResonanceDeg.standardUncertainty()));
    double uncertainty =
        byTan
            * Math.hypot(
                (1 + tan * tan) * phaseUncertainty, tan / q * quality.standardUncertainty());
    return new ResonanceTrack(hz, uncertainty, q, quality.standardUncertainty());
  }
}
