package io.photophone.app.calibration;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.calibration.CalibrationFit;
import io.photophone.analysis.calibration.CalibrationKind;
import io.photophone.analysis.calibration.CalibrationPoint;
import io.photophone.analysis.calibration.CalibrationRecord;
import io.photophone.analysis.calibration.GasBottle;
import io.photophone.analysis.calibration.ReferenceConditions;
import io.photophone.analysis.calibration.Response;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Calibrations as JSON: in files, and in answers without the file's frame.
///
/// ```
/// {"format": "photophone calibration 1",
///  "instrument", "gas", "kind", "id", "unit",
///  "sensitivity", "offset", "phase_deg", "relative_uncertainty", "offset_uncertainty",
///  "correlation", "offset_across", "lowest", "highest",
///  "conditions": {"temperature_c", "temperature_exponent", "pressure_hpa", "pressure_exponent"},
///  "valid_from", "valid_until", "who", "bottle": {"label", "relative_uncertainty"}, "comment",
///  "fit": {"phase_uncertainty_deg", "r_squared", "reduced_chi_squared", "warnings": [text],
///          "points": [{"concentration", "concentration_uncertainty", "x", "y", "uncertainty",
///                      "readings", "temperature_c", "temperature_uncertainty_c", "pressure_hpa",
///                      "pressure_uncertainty_hpa", "residual"}]},
///  "sha256": of all before it, as JSON without spaces}
/// ```
///
/// What there isn't is null. Amplitudes are full-scale units (peak), concentrations and residuals
/// have the `unit`.
public final class CalibrationJson {
  private static final String FORMAT = "photophone calibration 1";
  private static final String CHECKSUM = "sha256";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private CalibrationJson() {}

  /// The bytes of a record's file.
  static byte[] file(CalibrationRecord record) {
    ObjectNode file = MAPPER.createObjectNode().put("format", FORMAT);
    file.setAll(of(record));
    file.put(CHECKSUM, checksum(file));
    return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(file) + "\n")
        .getBytes(UTF_8);
  }

  /// The record that a file holds.
  ///
  /// @throws IllegalArgumentException if it is damaged or something else, with the reason
  static CalibrationRecord read(byte[] bytes) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!(tree instanceof ObjectNode file) || !file.path("format").asString("").equals(FORMAT)) {
      throw new IllegalArgumentException("it doesn't begin with the format, " + FORMAT);
    }
    JsonNode told = file.remove(CHECKSUM);
    if (told == null || !told.isString() || !told.asString().equals(checksum(file))) {
      throw new IllegalArgumentException("its sha256 isn't that of its content: it was changed");
    }
    return record(file);
  }

  /// The record as it is in answers.
  public static ObjectNode of(CalibrationRecord record) {
    return of(
        record.instrument(), record.gas(), record.kind().wireName(), record.calibration(), record);
  }

  /// A calibration that nobody accepted, since the configuration has it.
  static ObjectNode configured(String instrument, String gas, Calibration calibration) {
    return of(instrument, gas, "configured", calibration, null);
  }

  private static ObjectNode of(
      String instrument,
      String gas,
      String kind,
      Calibration calibration,
      @Nullable CalibrationRecord record) {
    Response response = calibration.response();
    ReferenceConditions conditions = calibration.conditions();
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("instrument", instrument)
            .put("gas", gas)
            .put("kind", kind)
            .put("id", calibration.id())
            .put("unit", calibration.unit().wireName())
            .put("sensitivity", response.sensitivity())
            .put("offset", response.offset())
            .put("phase_deg", calibration.phaseDeg())
            .put("relative_uncertainty", response.relativeUncertainty())
            .put("offset_uncertainty", response.offsetUncertainty())
            .put("correlation", response.correlation())
            .put("offset_across", response.offsetAcross())
            .put("lowest", calibration.lowest())
            .put("highest", calibration.highest());
    json.putObject("conditions")
        .put("temperature_c", conditions.temperatureC())
        .put("temperature_exponent", conditions.temperatureExponent())
        .put("pressure_hpa", conditions.pressureHpa())
        .put("pressure_exponent", conditions.pressureExponent());
    json.put("valid_from", text(calibration.validFrom()));
    json.put("valid_until", text(calibration.validUntil()));
    json.put("who", record == null ? null : record.who());
    GasBottle bottle = record == null ? null : record.bottle();
    if (bottle == null) {
      json.putNull("bottle");
    } else {
      json.putObject("bottle")
          .put("label", bottle.label())
          .put("relative_uncertainty", bottle.relativeUncertainty());
    }
    json.put("comment", record == null ? null : record.comment());
    CalibrationFit fit = record == null ? null : record.fit();
    if (fit == null) {
      json.putNull("fit");
    } else {
      json.set("fit", of(fit));
    }
    return json;
  }

  /// How well a line goes through its points.
  static ObjectNode of(CalibrationFit fit) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("phase_uncertainty_deg", fit.phaseUncertaintyDeg())
            .put("r_squared", fit.rSquared())
            .put("reduced_chi_squared", fit.reducedChiSquared());
    ArrayNode warnings = json.putArray("warnings");
    fit.warnings().forEach(warnings::add);
    ArrayNode points = json.putArray("points");
    for (int i = 0; i < fit.points().size(); i++) {
      points.add(of(fit.points().get(i)).put("residual", fit.residuals().get(i)));
    }
    return json;
  }

  /// A point without its residual.
  static ObjectNode of(CalibrationPoint point) {
    Phasor signal = point.signal();
    Environment environment = point.environment();
    return MAPPER
        .createObjectNode()
        .put("concentration", point.concentration())
        .put("concentration_uncertainty", point.concentrationUncertainty())
        .put("x", signal.inPhase())
        .put("y", signal.quadrature())
        .put("uncertainty", signal.standardUncertainty())
        .put("readings", point.readings())
        .put("temperature_c", unlessUnknown(environment.temperatureC()))
        .put("temperature_uncertainty_c", unlessUnknown(environment.temperatureUncertaintyC()))
        .put("pressure_hpa", unlessUnknown(environment.pressureHpa()))
        .put("pressure_uncertainty_hpa", unlessUnknown(environment.pressureUncertaintyHpa()));
  }

  private static CalibrationRecord record(ObjectNode file) {
    ConcentrationUnit unit = ConcentrationUnit.named(string(file, "unit"));
    JsonNode conditions = member(file, "conditions");
    Calibration calibration =
        new Calibration(
            string(file, "id"),
            unit,
            new Response(
                number(file, "sensitivity"),
                number(file, "offset"),
                number(file, "relative_uncertainty"),
                number(file, "offset_uncertainty"),
                number(file, "correlation"),
                number(file, "offset_across")),
            number(file, "phase_deg"),
            number(file, "lowest"),
            number(file, "highest"),
            new ReferenceConditions(
                number(conditions, "temperature_c"),
                number(conditions, "temperature_exponent"),
                number(conditions, "pressure_hpa"),
                number(conditions, "pressure_exponent")),
            instant(file, "valid_from"),
            instant(file, "valid_until"));
    JsonNode bottle = member(file, "bottle");
    JsonNode fit = member(file, "fit");
    return new CalibrationRecord(
        string(file, "instrument"),
        string(file, "gas"),
        CalibrationKind.named(string(file, "kind")),
        calibration,
        string(file, "who"),
        bottle.isNull()
            ? null
            : new GasBottle(string(bottle, "label"), number(bottle, "relative_uncertainty")),
        string(file, "comment"),
        fit.isNull() ? null : fit(fit, calibration));
  }

  private static CalibrationFit fit(JsonNode fit, Calibration calibration) {
    List<CalibrationPoint> points = new ArrayList<>();
    List<Double> residuals = new ArrayList<>();
    for (JsonNode point : member(fit, "points")) {
      points.add(
          new CalibrationPoint(
              number(point, "concentration"),
              number(point, "concentration_uncertainty"),
              calibration.unit(),
              new Phasor(number(point, "x"), number(point, "y"), number(point, "uncertainty")),
              member(point, "readings").asInt(),
              new Environment(
                  orUnknown(point, "temperature_c"),
                  orUnknown(point, "temperature_uncertainty_c"),
                  orUnknown(point, "pressure_hpa"),
                  orUnknown(point, "pressure_uncertainty_hpa"))));
      residuals.add(number(point, "residual"));
    }
    List<String> warnings = new ArrayList<>();
    for (JsonNode warning : member(fit, "warnings")) {
      warnings.add(warning.asString());
    }
    return new CalibrationFit(
        calibration.unit(),
        points,
        calibration.response(),
        calibration.phaseDeg(),
        number(fit, "phase_uncertainty_deg"),
        calibration.lowest(),
        calibration.highest(),
        calibration.conditions(),
        residuals,
        member(fit, "r_squared").isNull() ? null : number(fit, "r_squared"),
        member(fit, "reduced_chi_squared").isNull() ? null : number(fit, "reduced_chi_squared"),
        warnings);
  }

  private static String checksum(ObjectNode content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(MAPPER.writeValueAsBytes(content)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static @Nullable Double unlessUnknown(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private static JsonNode member(JsonNode block, String name) {
    JsonNode value = block.get(name);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + name);
    }
    return value;
  }

  private static double number(JsonNode block, String name) {
    JsonNode value = member(block, name);
    if (!value.isNumber()) {
      throw new IllegalArgumentException("%s is %s, allowed: a number".formatted(name, value));
    }
    return value.asDouble();
  }

  private static double orUnknown(JsonNode block, String name) {
    return member(block, name).isNull() ? Double.NaN : number(block, name);
  }

  private static String string(JsonNode block, String name) {
    JsonNode value = member(block, name);
    if (!value.isString()) {
      throw new IllegalArgumentException("%s is %s, allowed: a text".formatted(name, value));
    }
    return value.asString();
  }

  private static @Nullable Instant instant(JsonNode block, String name) {
    if (member(block, name).isNull()) {
      return null;
    }
    try {
      return Instant.parse(string(block, name));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: a time such as 2030-01-31T00:00:00Z"
              .formatted(name, string(block, name)),
          e);
    }
  }
}
