package io.photophone.app.cli;

import io.photophone.analysis.resonance.SweepPoint;
import io.photophone.model.Phasor;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A sweep that somebody else measured: a table with the columns `frequency_hz`, `amplitude` and,
/// if phases are known, `phase_deg`; others are left out.
///
/// @param hasPhases whether there is a column of phases
record SweepCsv(List<SweepPoint> points, boolean hasPhases) {
  private static final String COLUMNS = "frequency_hz, amplitude and perhaps phase_deg";

  /// @throws IOException with the file, the line and the value if it isn't such a table
  static SweepCsv read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": there is no such file", e);
    } catch (MalformedInputException e) {
      throw new IOException(file + ": is no text in UTF-8", e);
    }
    if (lines.isEmpty()) {
      throw new IOException(file + ": is empty, allowed: a table with the columns " + COLUMNS);
    }
    List<String> names = cells(lines.getFirst());
    int frequency = names.indexOf("frequency_hz");
    int amplitude = names.indexOf("amplitude");
    int phase = names.indexOf("phase_deg");
    if (frequency < 0 || amplitude < 0) {
      throw new IOException(
          "%s:1: the columns are %s, allowed: %s"
              .formatted(file, String.join(", ", names), COLUMNS));
    }
    List<SweepPoint> points = new ArrayList<>();
    for (int line = 1; line < lines.size(); line++) {
      if (lines.get(line).isBlank()) {
        continue;
      }
      String place = "%s:%d".formatted(file, line + 1);
      List<String> cells = cells(lines.get(line));
      double degrees = phase < 0 ? 0 : number(cells, phase, "phase_deg", place);
      double peak = number(cells, amplitude, "amplitude", place);
      if (peak < 0) {
        throw new IOException("%s: amplitude is %s, allowed: 0 or above".formatted(place, peak));
      }
      double radians = Math.toRadians(degrees);
      Phasor phasor = new Phasor(peak * Math.cos(radians), peak * Math.sin(radians), Double.NaN);
      try {
        points.add(
            new SweepPoint(number(cells, frequency, "frequency_hz", place), phasor, true, false));
      } catch (IllegalArgumentException e) {
        throw new IOException(place + ": " + e.getMessage(), e);
      }
    }
    return new SweepCsv(points, phase >= 0);
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
  }

  private static double number(List<String> cells, int column, String name, String place)
      throws IOException {
    Double value = column < cells.size() ? parsed(cells.get(column)) : null;
    if (value == null) {
      throw new IOException(
          "%s: %s is %s, allowed: a finite number"
              .formatted(place, name, column < cells.size() ? cells.get(column) : "missing"));
    }
    return value;
  }

  private static @Nullable Double parsed(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? value : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
