package io.photophone.server;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of a sweep that is kept, which the program gives as JSON.
record SweepAnswer(
    String instrument,
    Instant time,
    String source,
    @Nullable Plan plan,
    String fitted,
    @Nullable Resonance resonance,
    @Nullable Double reducedChiSquare,
    List<Warning> warnings,
    List<Point> points) {

  /// How it was made.
  record Plan(double fromHz, double toHz, int steps, double dwellS, double expectedQuality) {}

  /// What the fit found.
  record Resonance(
      double frequencyHz,
      double frequencyUncertaintyHz,
      double quality,
      double qualityUncertainty,
      double amplitude,
      double amplitudeUncertainty,
      double phaseDeg,
      double phaseUncertaintyDeg,
      double offsetX,
      double offsetY,
      double residualDeviation) {}

  /// Why to distrust it.
  record Warning(String name, String text) {}

  /// A step.
  record Point(
      @Nullable Double frequencyHz,
      @Nullable Double amplitude,
      @Nullable Double amplitudeUncertainty,
      @Nullable Double phaseDeg,
      @Nullable Double phaseUncertaintyDeg,
      @Nullable Double fitAmplitude,
      @Nullable Double fitPhaseDeg,
      @Nullable Double residual,
      String used) {}
}
