package io.photophone.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.analysis.resonance.SweepPoint;
import io.photophone.app.wiring.SweepReport;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.Resonance;
import io.photophone.model.Field;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A sweep as text: a table with the curve for people, CSV and JSON for programs.
final class SweepText {
  private static final int PLOT_WIDTH = 48;
  private static final String POINT = "●";
  private static final String UNUSED = "○";
  private static final String FIT = "·";

  private SweepText() {}

  static void write(PrintWriter out, ReadingsText.Format format, SweepReport report) {
    switch (format) {
      case TABLE -> writeTable(out, report);
      case CSV -> writeCsv(out, report);
      case JSON -> out.println(new String(report.json(), UTF_8));
    }
    out.flush();
  }

  private static void writeTable(PrintWriter out, SweepReport report) {
    List<SweepPoint> points = report.result().points();
    double highest =
        points.stream()
            .mapToDouble(point -> point.phasor().amplitude())
            .filter(Double::isFinite)
            .max()
            .orElse(0);
    out.println(
        "%12s %12s %10s %12s  amplitude %s, fit %s"
            .formatted("frequency_hz", "amplitude", "phase_deg", "residual", POINT, FIT));
    for (SweepPoint point : points) {
      out.println(
          "%12s %12s %10s %12s  %s"
              .formatted(
                  "%.3f".formatted(point.frequencyHz()),
                  cell(point.phasor().amplitude()),
                  cell(point.phasor().phaseDeg()),
                  cell(report.result().residual(point)),
                  plotted(report, point, highest))
              .stripTrailing());
    }
    Resonance resonance = report.result().resonance();
    if (resonance != null) {
      out.println();
      out.println("resonance  " + measured(resonance.frequencyHz()) + " Hz");
      out.println("quality    " + measured(resonance.quality()));
      out.println("amplitude  " + measured(resonance.amplitude()));
      if (report.result().byPhasors()) {
        out.println(
            "phase      "
                + measured(
                    new Estimate(
                        Math.toDegrees(resonance.phaseRad().value()),
                        Math.toDegrees(resonance.phaseRad().standardUncertainty())))
                + "°");
      }
      if (Double.isFinite(report.result().reducedChiSquare())) {
        out.println("reduced chi-square  " + cell(report.result().reducedChiSquare()));
      }
    }
  }

  /// The fit's mark gives way to the point's.
  private static String plotted(SweepReport report, SweepPoint point, double highest) {
    var fit = report.result().fitAt(point.frequencyHz());
    int atFit = fit == null ? -1 : column(fit.magnitude(), highest);
    int atPoint = column(point.phasor().amplitude(), highest);
    StringBuilder row = new StringBuilder(" ".repeat(PLOT_WIDTH + 1));
    if (atFit >= 0) {
      row.replace(atFit, atFit + 1, FIT);
    }
    if (atPoint >= 0) {
      row.replace(atPoint, atPoint + 1, point.usable() ? POINT : UNUSED);
    }
    return row.toString();
  }

  private static int column(double amplitude, double highest) {
    return highest > 0 && Double.isFinite(amplitude)
        ? Math.clamp(Math.round(amplitude / highest * PLOT_WIDTH), 0, PLOT_WIDTH)
        : -1;
  }

  private static String cell(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.5g", value) : "-";
  }

  /// A value with the decimals of its uncertainty, which has two digits.
  static String measured(Estimate estimate) {
    double uncertainty = estimate.standardUncertainty();
    if (!(uncertainty > 0 && uncertainty < Double.POSITIVE_INFINITY)) {
      return cell(estimate.value()) + " ± " + cell(uncertainty);
    }
    BigDecimal rounded = new BigDecimal(uncertainty).round(new MathContext(2));
    return new BigDecimal(estimate.value())
            .setScale(rounded.scale(), RoundingMode.HALF_EVEN)
            .toPlainString()
        + " ± "
        + rounded.toPlainString();
  }

  private static void writeCsv(PrintWriter out, SweepReport report) {
    List<Field<SweepPoint>> fields = report.pointFields();
    out.println(fields.stream().map(Field::name).collect(Collectors.joining(",")));
    for (SweepPoint point : report.result().points()) {
      out.println(
          fields.stream()
              .map(field -> csv(field.value().apply(point)))
              .collect(Collectors.joining(",")));
    }
  }

  private static String csv(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }
}
