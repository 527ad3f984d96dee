package io.photophone.app.cli;

import io.photophone.model.Field;
import io.photophone.model.Stability;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Allan deviations as text: a table with a plot for people, CSV and JSON for programs.
final class StabilityText {
  private static final int PLOT_WIDTH = 40;
  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private static final List<Field<Stability.Point>> COLUMNS =
      List.of(
          Field.whole("averaged", "readings in an average", p -> (long) p.averaged()),
          Field.number("averaging_s", "averaging time, s", Stability.Point::averagingS),
          Field.number("deviation", "Allan deviation, in the unit", Stability.Point::deviation),
          Field.number("lower", "lower bound, 68.3 % with the upper", Stability.Point::lower),
          Field.number("upper", "upper bound, 68.3 % with the lower", Stability.Point::upper),
          Field.number("detection_limit", "3 deviations", Stability.Point::detectionLimit),
          Field.number("white_noise", "the deviation of white noise", Stability.Point::whiteNoise));

  private StabilityText() {}

  /// What the readings of one gas in one recording tell.
  record Found(String file, Stability stability) {}

  static void write(PrintWriter out, ReadingsText.Format format, List<Found> all) {
    boolean severalFiles = all.stream().map(Found::file).distinct().count() > 1;
    switch (format) {
      case TABLE -> all.forEach(found -> writeTable(out, found, severalFiles));
      case CSV -> writeCsv(out, all, severalFiles);
      case JSON -> writeJson(out, all, severalFiles);
    }
    out.flush();
  }

  private static void writeTable(PrintWriter out, Found found, boolean severalFiles) {
    Stability all = found.stability();
    if (severalFiles) {
      out.println(found.file());
    }
    out.println(
        "%s: %d readings of %s s from %s s on, %d left out; mean %s %s, standard deviation %s %s"
            .formatted(
                all.gas(),
                all.readings(),
                shown(all.intervalS()),
                shown(all.fromS()),
                all.leftOut(),
                shown(all.mean()),
                all.unit(),
                shown(all.standardDeviation()),
                all.unit()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(COLUMNS.stream().map(Field::name).toList());
    for (Stability.Point point : all.points()) {
      rows.add(
          COLUMNS.stream().map(column -> ReadingsText.cell(column.value().apply(point))).toList());
    }
    int[] widths = new int[COLUMNS.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(("%" + widths[i] + "s  ").formatted(rows.get(r).get(i)));
      }
      line.append(
          r == 0 ? "● deviation ─ its bounds · white noise" : plot(all, all.points().get(r - 1)));
      out.println(line.toString().stripTrailing());
    }
    out.println(
        "best: %s s, Allan deviation %s %s, detection limit (3σ) %s %s%s"
            .formatted(
                shown(all.best().averagingS()),
                shown(all.best().deviation()),
                all.unit(),
                shown(all.best().detectionLimit()),
                all.unit(),
                all.best().equals(all.points().getLast())
                    ? "; a longer recording may tell a lower one"
                    : ""));
    if (all.zeroGasLimit() != null) {
      out.println(
          "if this is zero gas: detection limit of one reading (3 standard deviations) %s %s"
              .formatted(shown(all.zeroGasLimit()), all.unit()));
    }
  }

  /// The deviation with its bounds on a logarithmic axis.
  private static String plot(Stability all, Stability.Point point) {
    double low =
        Math.log(
            all.points().stream()
                .mapToDouble(Stability.Point::lower)
                .filter(value -> value > 0)
                .min()
                .orElse(1));
    double high =
        Math.log(
            all.points().stream()
                .mapToDouble(p -> Math.max(p.upper(), p.whiteNoise()))
                .max()
                .orElse(1));
    if (!(high > low)) {
      return "";
    }
    char[] line = new char[PLOT_WIDTH];
    Arrays.fill(line, ' ');
    int from = place(point.lower(), low, high);
    int to = place(point.upper(), low, high);
    Arrays.fill(line, from, to + 1, '─');
    line[place(point.whiteNoise(), low, high)] = '·';
    line[place(point.deviation(), low, high)] = '●';
    return new String(line);
  }

  private static int place(double value, double low, double high) {
    double fraction = value > 0 ? (Math.log(value) - low) / (high - low) : 0;
    return (int) Math.round(Math.clamp(fraction, 0, 1) * (PLOT_WIDTH - 1));
  }

  private static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private static void writeCsv(PrintWriter out, List<Found> all, boolean severalFiles) {
    String names = COLUMNS.stream().map(Field::name).collect(Collectors.joining(","));
    out.println("gas,unit," + names + (severalFiles ? ",file" : ""));
    for (Found found : all) {
      for (Stability.Point point : found.stability().points()) {
        out.println(
            ReadingsText.csv(found.stability().gas())
                + ","
                + ReadingsText.csv(found.stability().unit())
                + ","
                + COLUMNS.stream()
                    .map(column -> ReadingsText.csv(column.value().apply(point)))
                    .collect(Collectors.joining(","))
                + (severalFiles ? "," + ReadingsText.csv(found.file()) : ""));
      }
    }
  }

  private static void writeJson(PrintWriter out, List<Found> all, boolean severalFiles) {
    ArrayNode list = JSON.createArrayNode();
    for (Found found : all) {
      ObjectNode one = JSON.valueToTree(found.stability());
      if (severalFiles) {
        one.put("file", found.file());
      }
      list.add(one);
    }
    out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list));
  }
}
