package io.photophone.app.wiring;

import io.photophone.analysis.resonance.SweepPlan;
import io.photophone.analysis.resonance.SweepPoint;
import io.photophone.analysis.resonance.SweepResult;
import io.photophone.analysis.resonance.SweepWarning;
import io.photophone.dsp.Complex;
import io.photophone.dsp.Resonance;
import io.photophone.model.Field;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A sweep with what is to be known about it later: the form in which it is kept and handed on.
///
/// @param time when it was evaluated
/// @param source of the samples
/// @param plan null for points that came as a table
public record SweepReport(
    String instrument, Instant time, String source, @Nullable SweepPlan plan, SweepResult result) {

  /// The named values of each point.
  public List<Field<SweepPoint>> pointFields() {
    return List.of(
        Field.number("frequency_hz", "frequency of the step, Hz", SweepPoint::frequencyHz),
        Field.number("amplitude", "full-scale units (peak)", point -> point.phasor().amplitude()),
        Field.number(
            "amplitude_uncertainty",
            "standard uncertainty of the amplitude",
            point -> point.phasor().standardUncertainty()),
        Field.number("phase_deg", "against the laser, degrees", point -> point.phasor().phaseDeg()),
        Field.number(
            "phase_uncertainty_deg",
            "standard uncertainty of the phase, degrees",
            point -> point.phasor().phaseUncertaintyDeg()),
        Field.number(
            "fit_amplitude", "amplitude of the fit", point -> fit(point, Complex::magnitude)),
        Field.number(
            "fit_phase_deg",
            "phase of the fit, degrees",
            point ->
                result.byPhasors()
                    ? fit(point, fit -> Math.toDegrees(fit.phaseRad()))
                    : Double.NaN),
        Field.number("residual", "distance from the fit, full-scale units", result::residual),
        Field.text("used", "whether the fit used it", point -> point.usable() ? "yes" : "no"));
  }

  private double fit(SweepPoint point, ToDoubleFunction<Complex> value) {
    Complex fit = result.fitAt(point.frequencyHz());
    return fit == null ? Double.NaN : value.applyAsDouble(fit);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /// As JSON in UTF-8, a value that isn't known as null.
  public byte[] json() {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(map());
  }

  private Map<String, @Nullable Object> map() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("instrument", instrument);
    map.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
    map.put("source", source);
    map.put("plan", plan == null ? null : planMap(plan));
    map.put("fitted", result.byPhasors() ? "phasors" : "magnitudes");
    Resonance resonance = result.resonance();
    map.put("resonance", resonance == null ? null : resonanceMap(resonance));
    map.put("reduced_chi_square", finite(result.reducedChiSquare()));
    map.put(
        "warnings",
        result.warnings().stream()
            .map(warning -> Map.of("name", warning.wireName(), "text", warning.text()))
            .toList());
    map.put("points", result.points().stream().map(this::pointMap).toList());
    return map;
  }

  private static Map<String, Object> planMap(SweepPlan plan) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("from_hz", plan.fromHz());
    map.put("to_hz", plan.toHz());
    map.put("steps", plan.steps());
    map.put("dwell_s", plan.dwell().toNanos() / 1e9);
    map.put("expected_quality", plan.expectedQuality());
    return map;
  }

  private static Map<String, @Nullable Object> resonanceMap(Resonance resonance) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("frequency_hz", resonance.frequencyHz().value());
    map.put("frequency_uncertainty_hz", resonance.frequencyHz().standardUncertainty());
    map.put("quality", resonance.quality().value());
    map.put("quality_uncertainty", resonance.quality().standardUncertainty());
    map.put("amplitude", resonance.amplitude().value());
    map.put("amplitude_uncertainty", resonance.amplitude().standardUncertainty());
    map.put("phase_deg", Math.toDegrees(resonance.phaseRad().value()));
    map.put("phase_uncertainty_deg", Math.toDegrees(resonance.phaseRad().standardUncertainty()));
    map.put("offset_x", resonance.offset().re());
    map.put("offset_y", resonance.offset().im());
    map.put("residual_deviation", resonance.residualDeviation());
    return map;
  }

  private Map<String, @Nullable Object> pointMap(SweepPoint point) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    pointFields().forEach(field -> map.put(field.name(), field.value().apply(point)));
    return map;
  }

  /// Why to distrust it, for people.
  public List<String> warnings() {
    return result.warnings().stream().map(SweepWarning::text).toList();
  }
}
