package io.photophone.app.cli;

import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.calibration.CalibrationFit;
import io.photophone.analysis.calibration.CalibrationPoint;
import io.photophone.analysis.calibration.CalibrationRecord;
import io.photophone.analysis.calibration.Calibrations;
import io.photophone.analysis.calibration.GasBottle;
import io.photophone.analysis.calibration.Response;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Calibrations as tables for people.
final class CalibrationText {
  private CalibrationText() {}

  static void print(PrintWriter out, CalibrationFit fit) {
    String unit = fit.unit().wireName();
    TextTable points =
        new TextTable("point", unit, "signal", "uncertainty", "readings", "residual " + unit);
    for (int i = 0; i < fit.points().size(); i++) {
      CalibrationPoint point = fit.points().get(i);
      points.add(
          Integer.toString(i + 1),
          number(point.concentration()),
          number(point.signal().projectedOn(fit.phaseDeg())),
          number(point.signal().standardUncertainty()),
          Integer.toString(point.readings()),
          number(fit.residuals().get(i)));
    }
    points.print(out);
    out.println();
    Response response = fit.response();
    TextTable line = new TextTable("", "value", "uncertainty", "");
    line.add(
        "sensitivity",
        number(response.sensitivity()),
        number(response.sensitivityUncertainty()),
        "1/" + unit);
    line.add("offset", number(response.offset()), number(response.offsetUncertainty()), "");
    line.add("phase", number(fit.phaseDeg()), number(fit.phaseUncertaintyDeg()), "°");
    line.add("R²", orNone(fit.rSquared()), "", "");
    line.add("reduced χ²", orNone(fit.reducedChiSquared()), "", "");
    line.print(out);
    fit.warnings().forEach(warning -> out.println("warning: " + warning));
  }

  static void print(PrintWriter out, Calibrations calibrations, Instant now) {
    TextTable table =
        new TextTable(
            "",
            "id",
            "gas",
            "kind",
            "from",
            "until",
            "sensitivity",
            "R²",
            "who",
            "bottle",
            "comment");
    Map<String, Calibration> configured = new TreeMap<>(calibrations.configured());
    configured.forEach((gas, calibration) ->
        table.add(
            mark(calibrations, gas, calibration, now),
            calibration.id(),
            gas,
            "configured",
            "-",
            time(calibration.validUntil()),
            number(calibration.response().sensitivity()),
            "-",
            "-",
            "-",
            ""));
    for (CalibrationRecord record : calibrations.records()) {
      Calibration calibration = record.calibration();
      GasBottle bottle = record.bottle();
      CalibrationFit fit = record.fit();
      table.add(
          mark(calibrations, record.gas(), calibration, now),
          calibration.id(),
          record.gas(),
          record.kind().wireName(),
          time(record.validFrom()),
          time(calibration.validUntil()),
          number(calibration.response().sensitivity()),
          fit == null ? "-" : orNone(fit.rSquared()),
          record.who(),
          bottle == null ? "-" : bottle.label(),
          record.comment());
    }
    table.print(out);
  }

  private static String mark(
      Calibrations calibrations, String gas, Calibration calibration, Instant now) {
    List<String> marks =
        List.of(
            calibration.equals(calibrations.inForce(gas, null)) ? "in force" : "",
            calibration.isExpired(now) ? "expired" : "");
    return String.join(", ", marks.stream().filter(mark -> !mark.isEmpty()).toList());
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "-" : time.toString();
  }

  private static String orNone(@Nullable Double value) {
    return value == null ? "-" : number(value);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }
}
