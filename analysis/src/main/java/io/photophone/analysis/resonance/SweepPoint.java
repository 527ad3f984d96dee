package io.photophone.analysis.resonance;

import io.photophone.model.Phasor;

/// What one step of a sweep gave.
///
/// @param phasor against the laser's phase; its uncertainty is NaN where nothing tells it, and it
///   is [Phasor#NONE] where samples are missing
/// @param settled whether the signal had become steady
/// @param clipped whether a microphone reached its full scale
public record SweepPoint(double frequencyHz, Phasor phasor, boolean settled, boolean clipped) {

  public SweepPoint {
    if (!(frequencyHz > 0 && frequencyHz < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "frequency_hz is %s, allowed: above 0".formatted(frequencyHz));
    }
  }

  /// Whether a fit may use it.
  public boolean usable() {
    return settled
        && !clipped
        && Double.isFinite(phasor.inPhase())
        && Double.isFinite(phasor.quadrature());
  }
}
