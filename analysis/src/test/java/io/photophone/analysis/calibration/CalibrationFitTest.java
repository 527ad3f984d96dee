package io.photophone.analysis.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M8")
class CalibrationFitTest {
  private static final double SENSITIVITY = 0.0018;
  private static final double PHASE_DEG = 30;

  /// Along 30°, with 0.002 at zero and 0.003 across.
  private static final double OFFSET = 0.002;

  private static final double ACROSS = 0.003;

  @Test
  void the_line_is_that_of_an_independent_fit() {
    List<CalibrationPoint> points =
        List.of(
            measured(0, 0.0031, -0.0012, 2e-4),
            measured(10, 0.0190, 0.0079, 2e-4),
            measured(50, 0.0812, 0.0440, 3e-4),
            measured(100, 0.1600, 0.0893, 4e-4));
    CalibrationFit fit = multiPoint(points, null);
    // By NumPy's linear algebra, with the phase of its complex slope.
    assertEquals(30.00650404263702, fit.phaseDeg(), 1e-10);
    assertEquals(0.0018086819815494584, fit.response().sensitivity(), 1e-14);
    assertEquals(0.002162505071473241, fit.response().offset(), 1e-14);
    assertEquals(4.003303055889021e-06, fit.response().sensitivityUncertainty(), 1e-15);
    assertEquals(0.0001485716101328375, fit.response().offsetUncertainty(), 1e-14);
    assertEquals(-3.403552251135895e-10, fit.response().covariance(), 1e-19);
    assertEquals(List.of(), fit.warnings());
    double[] residuals = {
      -0.04319181345280459, 0.0856180808152286, -0.15239006676397548, 0.10121060479746619
    };
    for (int i = 0; i < residuals.length; i++) {
      assertEquals(residuals[i], fit.residuals().get(i), 1e-9);
    }
    assertNotNull(fit.rSquared());
    assertEquals(0.9999911542473611, fit.rSquared(), 1e-12);
    assertNotNull(fit.reducedChiSquared());
    assertEquals(0.9028095089439875, fit.reducedChiSquared(), 1e-9);
    assertEquals(0, fit.lowest());
    assertEquals(100, fit.highest());
  }

  @Test
  void a_background_of_another_phase_moves_only_the_offset() {
    CalibrationFit fit = multiPoint(List.of(exact(0), exact(10), exact(100)), null);
    assertEquals(PHASE_DEG, fit.phaseDeg(), 1e-9);
    assertEquals(SENSITIVITY, fit.response().sensitivity(), 1e-12);
    assertEquals(OFFSET, fit.response().offset(), 1e-12);
    assertEquals(ACROSS, fit.response().offsetAcross(), 1e-12);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void two_in_three_calibrations_are_within_their_uncertainty(long seed) {
    Random random = new Random(seed);
    int sensitivities = 0;
    int offsets = 0;
    int values = 0;
    int runs = 1000;
    for (int run = 0; run < runs; run++) {
      List<CalibrationPoint> points = new ArrayList<>();
      for (double concentration : new double[] {0, 20, 50, 100}) {
        // Mixed to 0.5 % of its value, and told as if it were exact.
        double own = 0.005 * concentration;
        points.add(
            point(concentration, own, concentration + own * random.nextGaussian(), 2e-4, random));
      }
      CalibrationFit fit = multiPoint(points, null);
      Response response = fit.response();
      if (Math.abs(response.sensitivity() - SENSITIVITY) < response.sensitivityUncertainty()) {
        sensitivities++;
      }
      if (Math.abs(response.offset() - OFFSET) < response.offsetUncertainty()) {
        offsets++;
      }
      Concentration value =
          calibration(fit)
              .concentration(point(30, 0, 30, 2e-4, random).signal(), Environment.UNKNOWN);
      assertNotNull(value);
      if (Math.abs(value.value() - 30) < value.standardUncertainty()) {
        values++;
      }
    }
    // 683 ± 15; one batch in 700 is further off than 48, if the uncertainties are right.
    assertEquals(683, sensitivities, 48, "sensitivities, seed " + seed);
    assertEquals(683, offsets, 48, "offsets, seed " + seed);
    assertEquals(683, values, 48, "values, seed " + seed);
  }

  @Test
  void more_points_do_not_lessen_what_the_bottle_does_not_tell() {
    List<CalibrationPoint> points = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      points.add(point(i, 0, i, 1e-6, random));
    }
    CalibrationFit fit = multiPoint(points, new GasBottle("B1", 0.02));
    assertEquals(0.02, fit.response().relativeUncertainty(), 1e-5);
  }

  @Test
  void a_curve_is_warned_of_and_widens_the_uncertainties() {
    List<CalibrationPoint> points =
        List.of(measured(0, 0, 0, 1e-5), measured(50, 0.110, 0, 1e-5), measured(100, 0.2, 0, 1e-5));
    CalibrationFit fit = multiPoint(points, null);
    assertEquals(1, fit.warnings().size());
    assertTrue(
        fit.warnings().getFirst().startsWith("the line doesn't fit: reduced χ² is 6.67e+05,"));
    // Of three such points, at the ends and in the middle, the slope's is 1e-5 / √5000.
    assertEquals(
        1e-5 / Math.sqrt(5000) * Math.sqrt(2 / 3.0 * 1e6),
        fit.response().sensitivityUncertainty(),
        1e-6);
  }

  @Test
  void points_that_make_no_line_are_refused_with_the_one_that_is_furthest_off() {
    assertRefused(
        "the points don't make a line: reduced χ² is 7.58e+08; furthest off is point 1 (0.0 ppm),"
            + " by 138 ppm; was it that gas?",
        () ->
            multiPoint(
                List.of(
                    measured(0, 0.17, 0, 3e-6),
                    measured(100, 0.17, 0, 3e-6),
                    measured(50, 0.087, 0, 3e-6),
                    measured(10, 0.02, 0, 3e-6)),
                null));
  }

  @Test
  void signals_are_brought_to_the_reference_conditions() {
    ReferenceConditions conditions = new ReferenceConditions(20, 0, 1000, 1);
    List<CalibrationPoint> points =
        List.of(
            at(0, new Phasor(0.001, 0, 1e-5), 1000, 0),
            // 5 % less gas in the cell
            at(100, new Phasor(0.001 + 0.95 * 0.2, 0, 1e-5), 950, 0));
    CalibrationFit fit = CalibrationFit.multiPoint(points, ConcentrationUnit.PPM, null, conditions);
    assertEquals(0.002, fit.response().sensitivity(), 1e-12);
    assertEquals(conditions, fit.conditions());
  }

  @Test
  void a_point_without_a_pressure_that_is_needed_is_refused() {
    ReferenceConditions conditions = new ReferenceConditions(20, 0, 1000, 1);
    assertRefused(
        "point 1 (0.0 ppm) has temperature NaN °C and pressure NaN hPa, needed: those with an"
            + " exponent",
        () ->
            CalibrationFit.multiPoint(
                List.of(exact(0), exact(10)), ConcentrationUnit.PPM, null, conditions));
  }

  @Test
  void points_in_other_units_are_converted() {
    CalibrationPoint ppb =
        new CalibrationPoint(
            100_000, 0, ConcentrationUnit.PPB, exact(100).signal(), 10, Environment.UNKNOWN);
    CalibrationFit fit = multiPoint(List.of(exact(0), ppb), null);
    assertEquals(SENSITIVITY, fit.response().sensitivity(), 1e-12);
    assertEquals(100, fit.highest(), 1e-9);
  }

  @Test
  void units_that_do_not_match_are_refused() {
    CalibrationPoint mass =
        new CalibrationPoint(
            100, 0, ConcentrationUnit.MG_PER_M3, exact(100).signal(), 10, Environment.UNKNOWN);
    assertRefused(
        "point 2 (100.0 mg/m³): mg/m³ can't be told in ppm without the gas's molar mass",
        () -> multiPoint(List.of(exact(0), mass), null));
  }

  @Test
  void fewer_than_two_points_are_refused() {
    assertRefused("1 points, needed: two or more", () -> multiPoint(List.of(exact(5)), null));
  }

  @Test
  void one_concentration_is_refused() {
    Random random = new Random(4);
    assertRefused(
        "all 2 points have 5.0 ppm, needed: two different concentrations",
        () ->
            multiPoint(List.of(point(5, 0, 5, 1e-4, random), point(5, 0, 5, 1e-4, random)), null));
  }

  @Test
  void identical_points_are_refused() {
    assertRefused(
        "point 2 (5.0 ppm) and 3 are identical, allowed: a measurement of its own for each",
        () -> multiPoint(List.of(exact(0), exact(5), exact(5)), null));
  }

  @Test
  void points_whose_signals_do_not_differ_are_refused() {
    assertRefused(
        "the points don't span: from 0.0 to 100.0 ppm the signal rises by 0.000100, 0.7 of its"
            + " standard uncertainties, needed: 3.65; take points further apart or more readings",
        () ->
            multiPoint(List.of(measured(0, 0.01, 0, 1e-4), measured(100, 0.0101, 0, 1e-4)), null));
  }

  @Test
  void one_in_800_calibrations_without_a_gas_signal_seems_to_span() {
    Random random = new Random(6);
    int spanned = 0;
    int runs = 40_000;
    for (int run = 0; run < runs; run++) {
      List<CalibrationPoint> points =
          List.of(point(0, 0, 0, 1e-4, random), point(100, 0, 0, 1e-4, random));
      try {
        multiPoint(points, null);
        spanned++;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().startsWith("the points don't span"), e.getMessage());
      }
    }
    // 51 ± 7; at 3 standard uncertainties there would be 444.
    assertEquals(51, spanned, 29);
  }

  @Test
  void a_sensor_that_is_off_is_off_for_all_points() {
    ReferenceConditions conditions = new ReferenceConditions(20, 0, 1000, 1);
    List<CalibrationPoint> points = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      points.add(at(i, new Phasor(0.001 + 0.002 * i, 0, 1e-6), 1000, 30));
    }
    CalibrationFit fit =
        CalibrationFit.multiPoint(
            points, ConcentrationUnit.PPM, new GasBottle("B1", 0.04), conditions);
    assertEquals(0.05, fit.response().relativeUncertainty(), 1e-5);
  }

  @Test
  void a_sensor_that_is_off_at_the_span_is_off_by_as_much_in_the_sensitivity() {
    Calibration before =
        new Calibration(
            "before",
            ConcentrationUnit.PPM,
            new Response(0.002, 0.001, 0.01, 0, 0),
            0,
            0,
            100,
            new ReferenceConditions(20, 0, 1000, 1),
            null,
            null);
    CalibrationFit fit =
        CalibrationFit.span(
            at(50, new Phasor(0.101, 0, 1e-9), 1000, 30), before, new GasBottle("B", 0.04));
    assertEquals(0.05, fit.response().relativeUncertainty(), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({
    "NaN, 0, 0, 1e-4, 'concentration is NaN, allowed: [0, 1000000000000]'",
    "-1, 0, 0, 1e-4, 'concentration is -1, allowed: [0, 1000000000000]'",
    "1, NaN, 0, 1e-4, 'signal of 1.0 ppm is (NaN, 0.0), allowed: finite numbers'",
    "1, 0, Infinity, 1e-4, 'signal of 1.0 ppm is (0.0, Infinity), allowed: finite numbers'",
    "1, 0, 0, 0, 'signal of 1.0 ppm has the standard uncertainty 0.0, allowed: above 0'"
  })
  void a_point_of_no_numbers_is_refused(
      double concentration, double x, double y, double uncertainty, String message) {
    assertRefused(message, () -> measured(concentration, x, y, uncertainty));
  }

  @Test
  void a_zero_moves_the_offset_and_leaves_the_sensitivity() {
    CalibrationPoint point = measured(0, 0.0013, 0.4, 2e-4);
    CalibrationFit fit = CalibrationFit.zero(point, before());
    assertEquals(new Response(0.002, 0.0013, 0.01, 2e-4, 0, 0.4), fit.response());
    assertEquals(List.of(), fit.warnings());
  }

  @Test
  void a_zero_that_moved_clearly_is_warned_of() {
    CalibrationFit fit = CalibrationFit.zero(measured(0, 0.0018, 0, 2e-4), before());
    assertEquals(
        List.of(
            "the zero moved by 0.000800, 4.00 of its standard uncertainties, since the calibration"
                + " before"),
        fit.warnings());
  }

  @Test
  void a_span_moves_the_sensitivity_and_leaves_the_offset() {
    CalibrationFit fit =
        CalibrationFit.span(measured(50, 0.111, 0, 3e-4), before(4e-4), new GasBottle("B", 0.01));
    Response response = fit.response();
    assertEquals(0.0022, response.sensitivity(), 1e-15);
    assertEquals(0.001, response.offset());
    // 5e-4 of 0.11, and the bottle's 1 %
    assertEquals(Math.hypot(5e-4 / 0.11, 0.01), response.relativeUncertainty(), 1e-12);
    // An offset too high by 4e-4 makes the sensitivity too low by 4e-4 / 50.
    assertEquals(-4e-4 * 4e-4 / 50, response.covariance(), 1e-18);
    assertEquals(
        List.of(
            "the signal at the span moved by 0.0100, 20.0 of its standard uncertainties, since the"
                + " calibration before"),
        fit.warnings());
  }

  @Test
  void a_span_of_another_phase_is_warned_of() {
    CalibrationFit fit = CalibrationFit.span(measured(50, 0.101, 0.02, 1e-2), before(), null);
    assertEquals(List.of(), fit.warnings());
    fit = CalibrationFit.span(measured(50, 0.101, 0.02, 1e-3), before(), null);
    assertEquals(
        List.of(
            "the phase is 11.2°, calibrated: 0.00°; a multi-point calibration finds the phase"
                + " anew"),
        fit.warnings());
  }

  @ParameterizedTest
  @CsvSource({"0.0011, 0.5", "-0.1, -505.0"})
  void a_span_without_gas_is_refused(double signal, String sigmas) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> CalibrationFit.span(measured(50, signal, 0, 2e-4), before(), null));
    assertTrue(
        refusal.getMessage().contains(sigmas + " of its standard uncertainties, needed: 3"),
        refusal.getMessage());
  }

  @Test
  void a_zero_with_gas_and_a_span_without_are_refused() {
    assertRefused(
        "a zero has a concentration of 5.0 ppm, allowed: 0",
        () -> CalibrationFit.zero(exact(5), before()));
    assertRefused(
        "a span has a concentration of 0, allowed: above 0",
        () -> CalibrationFit.span(exact(0), before(), null));
  }

  private static void assertRefused(String message, Runnable what) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, what::run);
    assertEquals(message, refusal.getMessage());
  }

  private static CalibrationFit multiPoint(
      List<CalibrationPoint> points, @Nullable GasBottle bottle) {
    return CalibrationFit.multiPoint(
        points, ConcentrationUnit.PPM, bottle, ReferenceConditions.NONE);
  }

  private static Calibration calibration(CalibrationFit fit) {
    return new Calibration(
        "c",
        fit.unit(),
        fit.response(),
        fit.phaseDeg(),
        fit.lowest(),
        fit.highest(),
        fit.conditions(),
        null,
        null);
  }

  private static Calibration before() {
    return before(0);
  }

  private static Calibration before(double offsetUncertainty) {
    return new Calibration(
        "before",
        ConcentrationUnit.PPM,
        new Response(0.002, 0.001, 0.01, offsetUncertainty, 0),
        0,
        0,
        100,
        ReferenceConditions.NONE,
        null,
        null);
  }

  private static CalibrationPoint exact(double concentration) {
    return point(concentration, 0, concentration, 0, 1e-6, new Random(0));
  }

  private static CalibrationPoint point(
      double told, double own, double real, double noise, Random random) {
    return point(told, own, real, noise, noise, random);
  }

  private static CalibrationPoint point(
      double told, double own, double real, double noise, double toldNoise, Random random) {
    double phase = Math.toRadians(PHASE_DEG);
    double along = OFFSET + SENSITIVITY * real;
    Phasor signal =
        new Phasor(
            along * Math.cos(phase) - ACROSS * Math.sin(phase) + noise * random.nextGaussian(),
            along * Math.sin(phase) + ACROSS * Math.cos(phase) + noise * random.nextGaussian(),
            toldNoise);
    return new CalibrationPoint(told, own, ConcentrationUnit.PPM, signal, 10, Environment.UNKNOWN);
  }

  private static CalibrationPoint measured(
      double concentration, double x, double y, double uncertainty) {
    return new CalibrationPoint(
        concentration,
        0,
        ConcentrationUnit.PPM,
        new Phasor(x, y, uncertainty),
        10,
        Environment.UNKNOWN);
  }

  private static CalibrationPoint at(
      double concentration, Phasor signal, double pressureHpa, double pressureUncertaintyHpa) {
    return new CalibrationPoint(
        concentration,
        0,
        ConcentrationUnit.PPM,
        signal,
        10,
        new Environment(20, 0, pressureHpa, pressureUncertaintyHpa));
  }
}
