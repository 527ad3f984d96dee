package io.photophone.analysis.calibration;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What a calibration determines anew.
public enum CalibrationKind {
  /// The signal without gas; one point.
  ZERO,
  /// The sensitivity, above a zero that is known; one point.
  SPAN,
  /// The whole line and its phase; two points or more.
  MULTI_POINT,
  /// Nothing: an older calibration is in force again.
  RESTORED;

  /// Those that are measured.
  public static final List<CalibrationKind> MEASURED = List.of(ZERO, SPAN, MULTI_POINT);

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /// The name in files and answers, as in `multi_point`.
  public String wireName() {
    return wireName;
  }

  /// The kind of that name.
  ///
  /// @throws IllegalArgumentException for any other name
  public static CalibrationKind named(String wireName) {
    return Stream.of(values())
        .filter(kind -> kind.wireName.equals(wireName))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "kind is %s, allowed: %s"
                    .formatted(
                        wireName,
                        String.join(
                            ", ", MEASURED.stream().map(CalibrationKind::wireName).toList()))));
  }
}
