package io.photophone.server;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/// What a client asks of a calibration. A value that the client left out is null.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CalibrationCommand.Begin.class, name = "begin"),
  @JsonSubTypes.Type(value = CalibrationCommand.Point.class, name = "point"),
  @JsonSubTypes.Type(value = CalibrationCommand.Fit.class, name = "fit"),
  @JsonSubTypes.Type(value = CalibrationCommand.Accept.class, name = "accept"),
  @JsonSubTypes.Type(value = CalibrationCommand.Cancel.class, name = "cancel"),
  @JsonSubTypes.Type(value = CalibrationCommand.Restore.class, name = "restore")
})
public sealed interface CalibrationCommand {

  /// Begins a calibration.
  ///
  /// @param kind `zero`, `span` or `multi_point`
  /// @param gas may be left out where the instrument measures one
  /// @param bottle label of the certified gas
  /// @param bottleRelativeUncertainty standard uncertainty of its concentration over that
  ///   concentration
  /// @param unit of the concentrations
  /// @param validForDays absent for no end
  /// @param settledOver readings without a trend that show that a gas has settled
  /// @param readings whose mean is a point
  /// @param patience readings after which a point is given up
  record Begin(
      @Nullable String kind,
      @Nullable String gas,
      @Nullable String who,
      @Nullable String bottle,
      @Nullable Double bottleRelativeUncertainty,
      @Nullable String unit,
      @Nullable Double validForDays,
      @Nullable String comment,
      @Nullable Integer settledOver,
      @Nullable Integer readings,
      @Nullable Integer patience)
      implements CalibrationCommand {}

  /// The gas was switched.
  ///
  /// @param concentrationUncertainty its standard uncertainty without the bottle's
  record Point(@Nullable Double concentration, @Nullable Double concentrationUncertainty)
      implements CalibrationCommand {}

  /// Fits the line to the points.
  record Fit() implements CalibrationCommand {}

  /// Puts the reviewed calibration in force.
  record Accept() implements CalibrationCommand {}

  /// Gives the calibration up.
  record Cancel() implements CalibrationCommand {}

  /// Puts an older calibration in force again.
  record Restore(@Nullable String id, @Nullable String who, @Nullable String comment)
      implements CalibrationCommand {}
}
