package io.photophone.analysis.calibration;

import io.photophone.model.Range;

/// The certified gas that a calibration was made with.
///
/// @param label which bottle, as its certificate says
/// @param relativeUncertainty standard uncertainty of the certified concentration over that
///   concentration; all points share its error, so that more points don't lessen it
public record GasBottle(String label, double relativeUncertainty) {
  public static final Range RELATIVE_UNCERTAINTY = Range.closed(0, 1);

  public GasBottle {
    if (label.isBlank()) {
      throw new IllegalArgumentException("bottle has no label");
    }
    RELATIVE_UNCERTAINTY.check("bottle_relative_uncertainty", relativeUncertainty);
  }
}
