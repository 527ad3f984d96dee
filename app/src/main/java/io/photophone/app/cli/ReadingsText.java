package io.photophone.app.cli;

import io.photophone.model.Field;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFields;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Readings as text: a table with a bar for people, CSV and JSON for programs.
final class ReadingsText {
  /// What a CSV file begins with.
  private static final List<String> FIRST =
      List.of(
          "from_s",
          "to_s",
          "amplitude",
          "phase_deg",
          "concentration",
          "standard_uncertainty",
          "unit",
          "flags");

  /// What a table shows.
  private static final List<String> SHOWN =
      List.of(
          "from_s",
          "to_s",
          "amplitude",
          "amplitude_uncertainty",
          "phase_deg",
          "concentration",
          "standard_uncertainty",
          "unit",
          "flags");

  private static final List<Field<Reading>> TABLE = ReadingFields.named(SHOWN);
  private static final List<Field<Reading>> ALL = firstThenTheRest();
  private static final int BAR_WIDTH = 20;
  private static final String EIGHTHS = "▏▎▍▌▋▊▉█";

  private ReadingsText() {}

  /// How readings are written.
  enum Format {
    TABLE,
    CSV,
    JSON
  }

  /// The readings of one recording.
  record Recording(String file, List<Reading> readings) {}

  static void write(PrintWriter out, Format format, List<Recording> recordings) {
    switch (format) {
      case TABLE -> recordings.forEach(recording -> writeTable(out, recording, recordings));
      case CSV -> writeCsv(out, recordings);
      case JSON -> writeJson(out, recordings);
    }
    out.flush();
  }

  private static List<Field<Reading>> firstThenTheRest() {
    List<Field<Reading>> fields = new ArrayList<>(ReadingFields.named(FIRST));
    ReadingFields.ALL.stream().filter(field -> !FIRST.contains(field.name())).forEach(fields::add);
    return List.copyOf(fields);
  }

  private static void writeTable(PrintWriter out, Recording recording, List<Recording> recordings) {
    if (recordings.size() > 1) {
      out.println(recording.file());
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(SHOWN);
    for (Reading reading : recording.readings()) {
      rows.add(TABLE.stream().map(field -> cell(field.value().apply(reading))).toList());
    }
    int[] widths = new int[SHOWN.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    double largest =
        recording.readings().stream()
            .mapToDouble(reading -> reading.phasor().amplitude())
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        boolean text = i >= SHOWN.indexOf("unit");
        line.append(("%" + (text ? "-" : "") + widths[i] + "s  ").formatted(rows.get(r).get(i)));
      }
      if (r > 0) {
        line.append(bar(recording.readings().get(r - 1).phasor().amplitude() / largest));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /// Six significant digits are enough to read; files have them all.
  static String cell(@Nullable Object value) {
    return switch (value) {
      case null -> "-";
      case Double number when number == Math.rint(number) && Math.abs(number) < 1e6 ->
          Long.toString(number.longValue());
      case Double number -> String.format(Locale.ROOT, "%.6g", number);
      case Collection<?> flags -> flags.isEmpty() ? "ok" : joined(flags);
      default -> value.toString();
    };
  }

  private static String joined(Collection<?> flags) {
    return flags.stream().map(Object::toString).collect(Collectors.joining("|"));
  }

  private static String bar(double fraction) {
    if (!(fraction > 0)) {
      return "";
    }
    int eighths = (int) Math.max(1, Math.round(fraction * BAR_WIDTH * 8));
    String whole = EIGHTHS.substring(7).repeat(eighths / 8);
    return eighths % 8 == 0 ? whole : whole + EIGHTHS.charAt(eighths % 8 - 1);
  }

  private static void writeCsv(PrintWriter out, List<Recording> recordings) {
    boolean several = recordings.size() > 1;
    String names = ALL.stream().map(Field::name).collect(Collectors.joining(","));
    out.println(several ? names + ",file" : names);
    for (Recording recording : recordings) {
      for (Reading reading : recording.readings()) {
        String row =
            ALL.stream()
                .map(field -> csv(field.value().apply(reading)))
                .collect(Collectors.joining(","));
        out.println(several ? row + "," + csv(recording.file()) : row);
      }
    }
  }

  static String csv(@Nullable Object value) {
    String text =
        switch (value) {
          case null -> "";
          case Collection<?> flags -> joined(flags);
          default -> value.toString();
        };
    return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
  }

  private static void writeJson(PrintWriter out, List<Recording> recordings) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Recording recording : recordings) {
      for (Reading reading : recording.readings()) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        ALL.forEach(field -> row.put(field.name(), field.value().apply(reading)));
        if (recordings.size() > 1) {
          row.put("file", recording.file());
        }
        rows.add(row);
      }
    }
    out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
  }
}
