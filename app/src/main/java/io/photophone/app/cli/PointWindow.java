package io.photophone.app.cli;

import io.photophone.analysis.calibration.CalibrationPoint;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where in a recording a known gas was in the cell.
///
/// @param concentrationUncertainty its standard uncertainty without the bottle's
/// @param fromS seconds since the recording's start
/// @param toS end, likewise
record PointWindow(
    double concentration, double concentrationUncertainty, double fromS, double toS) {
  private static final String NUMBER = "[0-9]+(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]+)?";
  private static final Pattern WINDOW =
      Pattern.compile("\\s*(?<c>%s)(?:±(?<u>%s))?:(?<from>%s)-(?<to>%s)\\s*".replace("%s", NUMBER));
  private static final String HEADING = "concentration,uncertainty,from_s,to_s";

  PointWindow {
    if (!(fromS < toS)) {
      throw new IllegalArgumentException(
          "the point %s is from %s s to %s s, allowed: an end after the beginning"
              .formatted(concentration, fromS, toS));
    }
  }

  /// Refuses windows of which two overlap, or one ends after the recording.
  ///
  /// @param lengthS of the recording, s
  static void check(List<PointWindow> windows, double lengthS) {
    List<PointWindow> inTime =
        windows.stream().sorted(Comparator.comparingDouble(PointWindow::fromS)).toList();
    for (int i = 0; i < inTime.size(); i++) {
      PointWindow window = inTime.get(i);
      if (window.toS > lengthS) {
        throw new IllegalArgumentException(
            "the point %s, allowed: until the recording's end at %s s".formatted(window, lengthS));
      }
      if (i > 0 && window.fromS < inTime.get(i - 1).toS) {
        throw new IllegalArgumentException(
            "the point %s overlaps the point %s, allowed: windows that share no time"
                .formatted(window, inTime.get(i - 1)));
      }
    }
  }

  /// As in `100.0 from 12.0 s to 19.0 s`.
  @Override
  public String toString() {
    return "%s from %s s to %s s".formatted(concentration, fromS, toS);
  }

  /// Reads `0:2-9,100:12-19`, or a CSV file with the columns of [#HEADING].
  static List<PointWindow> all(String text) throws IOException {
    return text.endsWith(".csv") ? ofFile(Path.of(text)) : ofText(text);
  }

  private static List<PointWindow> ofText(String text) {
    List<PointWindow> windows = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher window = WINDOW.matcher(part);
      if (!window.matches()) {
        throw new IllegalArgumentException(
            "--points has \"%s\", allowed: CONCENTRATION[±UNCERTAINTY]:FROM-TO in seconds, as in"
                    .formatted(part)
                + " 0:2-9,100:12-19, or a file that ends in .csv");
      }
      String uncertainty = window.group("u");
      windows.add(
          new PointWindow(
              Double.parseDouble(window.group("c")),
              uncertainty == null ? 0 : Double.parseDouble(uncertainty),
              Double.parseDouble(window.group("from")),
              Double.parseDouble(window.group("to"))));
    }
    return windows;
  }

  private static List<PointWindow> ofFile(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().replace(" ", "").equals(HEADING)) {
      throw new IllegalArgumentException(
          "%s begins with \"%s\", allowed: %s"
              .formatted(file, lines.isEmpty() ? "" : lines.getFirst(), HEADING));
    }
    List<PointWindow> windows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank()) {
        continue;
      }
      String[] cells = line.split(",", -1);
      try {
        if (cells.length != 4) {
          throw new NumberFormatException();
        }
        windows.add(
            new PointWindow(
                Double.parseDouble(cells[0]),
                Double.parseDouble(cells[1]),
                Double.parseDouble(cells[2]),
                Double.parseDouble(cells[3])));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "%s:%d: \"%s\", allowed: four numbers, %s".formatted(file, i + 1, line, HEADING), e);
      }
    }
    return windows;
  }

  /// The mean of the readings that lie within and are whole.
  ///
  /// @throws IllegalArgumentException if there is none
  CalibrationPoint measured(List<Reading> readings, ConcentrationUnit unit) {
    List<Reading> within =
        readings.stream()
            .filter(reading -> reading.fromSeconds() >= fromS && reading.toSeconds() <= toS)
            .toList();
    List<Reading> whole = within.stream().filter(CalibrationPoint::counts).toList();
    if (whole.isEmpty()) {
      throw new IllegalArgumentException(
          ("the point %s %s has no reading to rest on: %d readings lie in %s s to %s s, all of them"
                  + " settling, with a gap, or clipped")
              .formatted(concentration, unit.wireName(), within.size(), fromS, toS));
    }
    return CalibrationPoint.of(concentration, concentrationUncertainty, unit, whole);
  }
}
