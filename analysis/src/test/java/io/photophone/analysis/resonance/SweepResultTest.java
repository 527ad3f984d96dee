package io.photophone.analysis.resonance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.dsp.Complex;
import io.photophone.dsp.Resonance;
import io.photophone.model.Phasor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M10")
class SweepResultTest {
  private static final SweptTone CELL = new SweptTone(2003, 80, 0.4, 33);
  private static final double NOISE = 0.002;

  /// Points of a resonance with noise of the uncertainty that they tell.
  private static List<SweepPoint> points(SweptTone cell, double from, double to, long seed) {
    Random random = new Random(seed);
    return DoubleStream.iterate(from, hz -> hz <= to, hz -> hz + (to - from) / 30)
        .mapToObj(hz -> {
          Complex signal = cell.signalAt(hz);
          return point(
              hz,
              signal.re() + NOISE * random.nextGaussian(),
              signal.im() + NOISE * random.nextGaussian());
        })
        .toList();
  }

  private static SweepPoint point(double hz, double x, double y) {
    return new SweepPoint(hz, new Phasor(x, y, NOISE), true, false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void frequency_and_quality_come_with_their_uncertainties(boolean byPhasors) {
    SweepResult result = SweepResult.of(points(CELL, 1930, 2080, 1), byPhasors);
    Resonance fit = result.resonance();
    assertNotNull(fit);
    assertEquals(2003, fit.frequencyHz().value(), 3 * fit.frequencyHz().standardUncertainty());
    assertEquals(80, fit.quality().value(), 3 * fit.quality().standardUncertainty());
    assertTrue(fit.frequencyHz().standardUncertainty() < 0.2);
    assertEquals(Set.of(), result.warnings());
    int freedom = byPhasors ? 2 * 31 - 6 : 31 - 4;
    assertEquals(1, result.reducedChiSquare(), 3 * Math.sqrt(2.0 / freedom));
  }

  @Test
  void residuals_are_the_distances_from_the_fit() {
    List<SweepPoint> points = new ArrayList<>(points(CELL, 1930, 2080, 2));
    SweepResult result = SweepResult.of(points, true);
    double squares = points.stream().mapToDouble(result::residual).map(r -> r * r).sum();
    assertNotNull(result.resonance());
    assertEquals(
        result.resonance().residualDeviation(),
        Math.sqrt(squares / (2 * points.size() - 6)),
        1e-12);
  }

  @Test
  void noise_shows_no_resonance() {
    SweepResult result = SweepResult.of(points(new SweptTone(2003, 80, 0, 0), 1930, 2080, 3), true);
    assertNull(result.resonance());
    assertTrue(Double.isNaN(result.reducedChiSquare()));
    assertTrue(Double.isNaN(result.residual(result.points().getFirst())));
  }

  @ParameterizedTest
  @CsvSource({"1800, 1990", "2015, 2200", "1900, 2004", "2001, 2100"})
  void a_peak_at_the_edge_or_beyond_is_told(double from, double to) {
    SweepResult result = SweepResult.of(points(CELL, from, to, 4), true);
    assertTrue(result.warnings().contains(SweepWarning.PEAK_AT_EDGE), result::toString);
  }

  @Test
  void two_modes_are_a_poor_fit() {
    List<SweepPoint> one = points(CELL, 1930, 2080, 5);
    SweptTone second = new SweptTone(2050, 150, 0.1, 100);
    List<SweepPoint> both =
        one.stream()
            .map(p -> {
              Complex more = second.signalAt(p.frequencyHz());
              return point(
                  p.frequencyHz(),
                  p.phasor().inPhase() + more.re(),
                  p.phasor().quadrature() + more.im());
            })
            .toList();
    assertEquals(Set.of(SweepWarning.POOR_FIT), SweepResult.of(both, true).warnings());
  }

  @Test
  void points_that_can_not_be_used_are_told_and_left_out() {
    List<SweepPoint> points = new ArrayList<>(points(CELL, 1930, 2080, 6));
    points.set(3, new SweepPoint(1950, Phasor.NONE, false, false));
    points.set(9, new SweepPoint(1980, new Phasor(1, 1, NOISE), false, false));
    points.set(20, new SweepPoint(2030, new Phasor(1, 1, NOISE), true, true));
    SweepResult result = SweepResult.of(points, true);
    assertEquals(
        EnumSet.of(SweepWarning.GAPS, SweepWarning.UNSETTLED, SweepWarning.CLIPPED),
        result.warnings());
    assertEquals(points, result.points());
    assertNotNull(result.resonance());
    assertEquals(2003, result.resonance().frequencyHz().value(), 0.5);
  }

  @Test
  void fewer_than_seven_frequencies_are_too_few() {
    List<SweepPoint> few = points(CELL, 1930, 2080, 7).subList(10, 16);
    List<SweepPoint> twice = new ArrayList<>(few);
    twice.addAll(few);
    for (List<SweepPoint> points : List.of(few, twice, List.<SweepPoint>of())) {
      SweepResult result = SweepResult.of(points, true);
      assertNull(result.resonance());
      assertEquals(Set.of(SweepWarning.FEW_POINTS), result.warnings());
    }
  }

  @Test
  void a_quality_above_the_one_that_was_planned_for_is_told() {
    List<SweepPoint> points = points(CELL, 1930, 2080, 8);
    Duration dwell = Duration.ofSeconds(1);
    assertEquals(
        Set.of(SweepWarning.NARROW_RESONANCE),
        SweepResult.of(new SweepPlan(1930, 2080, 31, dwell, 40), points, true).warnings());
    assertEquals(
        Set.of(),
        SweepResult.of(new SweepPlan(1930, 2080, 31, dwell, 100), points, true).warnings());
  }

  @Test
  void without_uncertainties_the_rest_is_compared_with_the_amplitude() {
    List<SweepPoint> points =
        points(CELL, 1930, 2080, 9).stream()
            .map(p ->
                new SweepPoint(
                    p.frequencyHz(),
                    new Phasor(p.phasor().amplitude(), 0, Double.NaN),
                    true,
                    false))
            .toList();
    SweepResult result = SweepResult.of(points, false);
    assertTrue(Double.isNaN(result.reducedChiSquare()));
    assertEquals(Set.of(), result.warnings());
  }
}
