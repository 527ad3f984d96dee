package io.photophone.analysis.calibration;

import io.photophone.model.Range;

/// The signal that a concentration gives along the calibrated phase: offset + sensitivity ·
/// concentration; and, whatever the concentration, the offset across it.
///
/// @param sensitivity full-scale units (peak) for one unit of concentration
/// @param offset signal at zero gas, full-scale units (peak)
/// @param relativeUncertainty standard uncertainty of the sensitivity over the sensitivity
/// @param offsetUncertainty standard uncertainty of the offset, full-scale units
/// @param correlation of the errors of offset and sensitivity; negative where both come from one
///   fit
/// @param offsetAcross signal at zero gas a quarter of a turn ahead of the gas's phase, full-scale
///   units: that of windows and walls need not have the gas's phase
public record Response(
    double sensitivity,
    double offset,
    double relativeUncertainty,
    double offsetUncertainty,
    double correlation,
    double offsetAcross) {
  public static final Range SENSITIVITY = Range.above(0, 1e6);
  public static final Range OFFSET = Range.closed(-2, 2);
  public static final Range RELATIVE_UNCERTAINTY = Range.closed(0, 1);
  public static final Range OFFSET_UNCERTAINTY = Range.closed(0, 2);
  public static final Range CORRELATION = Range.closed(-1, 1);

  public Response {
    SENSITIVITY.check("sensitivity", sensitivity);
    OFFSET.check("offset", offset);
    RELATIVE_UNCERTAINTY.check("relative_uncertainty", relativeUncertainty);
    OFFSET_UNCERTAINTY.check("offset_uncertainty", offsetUncertainty);
    CORRELATION.check("correlation", correlation);
    OFFSET.check("offset_across", offsetAcross);
  }

  /// One whose signal at zero gas has the phase of the gas.
  public Response(
      double sensitivity,
      double offset,
      double relativeUncertainty,
      double offsetUncertainty,
      double correlation) {
    this(sensitivity, offset, relativeUncertainty, offsetUncertainty, correlation, 0);
  }

  /// Standard uncertainty of the sensitivity.
  public double sensitivityUncertainty() {
    return sensitivity * relativeUncertainty;
  }

  /// Of offset and sensitivity.
  public double covariance() {
    return correlation * offsetUncertainty * sensitivityUncertainty();
  }
}
