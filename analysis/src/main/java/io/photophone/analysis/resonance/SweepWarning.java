package io.photophone.analysis.resonance;

import java.util.Locale;

/// A reason to distrust the resonance of a sweep, or why there is none.
public enum SweepWarning {
  FEW_POINTS("too few usable points for a fit, needed: " + SweepResult.FEWEST_POINTS),
  NO_RESONANCE("the points show no resonance within the span: sweep another or a wider one"),
  PEAK_AT_EDGE(
      "the peak is at the edge of the span or beyond: sweep further, from half a width below the"
          + " resonance to half a width above it at least"),
  POOR_FIT(
      "the points scatter around the fit by more than their uncertainties: there is a second mode,"
          + " or the phase of the modulation isn't that of the plan (then fit the magnitudes), or"
          + " the gas changed"),
  NARROW_RESONANCE(
      "the quality is higher than the plan expected: the steps had too little time to settle"),
  UNSETTLED("points that had not settled were left out: hold each step longer"),
  CLIPPED("points at which a microphone reached its full scale were left out"),
  GAPS("points with missing samples were left out");

  private final String text;

  SweepWarning(String text) {
    this.text = text;
  }

  /// For people.
  public String text() {
    return text;
  }

  /// The name in files and answers, as in `peak_at_edge`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
