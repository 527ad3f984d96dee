package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M8")
class LineFitTest {
  record Reference(double[] x, double[] y, double[] uncertainties, double[] expected) {
    @Override
    public String toString() {
      return "%d points, %s".formatted(x.length, uncertainties.length > 0 ? "weighted" : "equal");
    }
  }

  static Stream<Reference> references() {
    List<List<String>> lines = Golden.lines("lines.csv");
    return IntStream.range(0, lines.size() / 4)
        .mapToObj(i ->
            new Reference(
                Golden.numbers(lines.get(4 * i)),
                Golden.numbers(lines.get(4 * i + 1)),
                lines.get(4 * i + 2).equals(List.of("none"))
                    ? new double[0]
                    : Golden.numbers(lines.get(4 * i + 2)),
                Golden.numbers(lines.get(4 * i + 3))));
  }

  @ParameterizedTest
  @MethodSource("references")
  void the_line_equals_the_reference(Reference reference) {
    LineFit fit =
        reference.uncertainties().length > 0
            ? LineFit.weighted(reference.x(), reference.y(), reference.uncertainties())
            : LineFit.unweighted(reference.x(), reference.y());
    double[] expected = reference.expected();
    assertEquals(1, fit.offset().value() / expected[0], 1e-9);
    assertEquals(1, fit.slope().value() / expected[1], 1e-9);
    assertEquals(1, square(fit.offset().standardUncertainty()) / expected[2], 1e-9);
    assertEquals(1, square(fit.slope().standardUncertainty()) / expected[3], 1e-9);
    assertEquals(1, fit.covariance() / expected[4], 1e-9);
    assertEquals(expected[5], fit.rSquared(), 1e-9);
    assertEquals(1, fit.reducedChiSquared() / expected[6], 1e-9);
    for (int i = 0; i < reference.x().length; i++) {
      double line = fit.at(reference.x()[i]).value();
      assertEquals(reference.y()[i] - line, fit.residuals()[i], 1e-12 * Math.abs(line) + 1e-18);
    }
  }

  @Test
  void points_on_a_line_give_the_line() {
    LineFit fit = LineFit.unweighted(new double[] {0, 1, 2, 5}, new double[] {3, 1, -1, -7});
    assertEquals(3, fit.offset().value(), 1e-14);
    assertEquals(-2, fit.slope().value(), 1e-14);
    assertEquals(1, fit.rSquared(), 1e-14);
    assertEquals(0, fit.slope().standardUncertainty(), 1e-14);
  }

  @Test
  void two_points_of_known_uncertainty_are_a_calibration() {
    LineFit fit =
        LineFit.weighted(new double[] {0, 100}, new double[] {0.1, 5.1}, new double[] {0.01, 0.02});
    assertEquals(0.05, fit.slope().value(), 1e-15);
    assertEquals(Math.hypot(0.01, 0.02) / 100, fit.slope().standardUncertainty(), 1e-15);
    assertEquals(0.01, fit.at(0).standardUncertainty(), 1e-15);
    assertEquals(0.02, fit.at(100).standardUncertainty(), 1e-15);
    assertEquals(Double.NaN, fit.reducedChiSquared());
  }

  @Test
  void a_level_line_explains_no_variance_as_there_is_none() {
    LineFit fit = LineFit.unweighted(new double[] {0, 1, 2}, new double[] {4, 4, 4});
    assertEquals(0, fit.slope().value());
    assertEquals(Double.NaN, fit.rSquared());
  }

  @Test
  void the_uncertainty_is_the_scatter_of_repeated_fits() {
    Random random = new Random(91);
    double[] x = {0, 10, 20, 50, 100};
    double[] sigma = {0.1, 0.1, 0.2, 0.3, 0.5};
    double[] y = new double[x.length];
    double squares = 0;
    double chi = 0;
    for (int run = 0; run < 5000; run++) {
      for (int i = 0; i < x.length; i++) {
        y[i] = 1 + 0.2 * x[i] + sigma[i] * random.nextGaussian();
      }
      LineFit fit = LineFit.weighted(x, y, sigma);
      squares += square((fit.at(30).value() - 7) / fit.at(30).standardUncertainty());
      chi += fit.reducedChiSquared();
    }
    // 5000 runs tell a variance to 2 %.
    assertEquals(1, squares / 5000, 0.06);
    assertEquals(1, chi / 5000, 0.06);
  }

  @Test
  void points_above_one_another_are_refused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> LineFit.unweighted(new double[] {2, 2, 2}, new double[] {1, 2, 3}));
    assertEquals("all 3 points have x = 2.0, needed: two different x", refusal.getMessage());
  }

  @Test
  void too_few_points_are_refused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> LineFit.unweighted(new double[] {1, 2}, new double[] {1, 2}));
    assertEquals("2 points, needed: 3", refusal.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> LineFit.weighted(new double[1], new double[1], new double[] {1}));
    assertThrows(
        IllegalArgumentException.class, () -> LineFit.unweighted(new double[3], new double[4]));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void a_point_that_is_no_finite_number_is_refused_with_its_place(double value) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> LineFit.unweighted(new double[] {0, 1, 2}, new double[] {1, value, 3}));
    assertEquals(
        "point 1 is (1.0, %s), allowed: finite numbers".formatted(value), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void an_uncertainty_that_is_none_is_refused_with_its_place(double uncertainty) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                LineFit.weighted(
                    new double[] {0, 1}, new double[2], new double[] {1, uncertainty}));
    assertEquals(
        "uncertainty of point 1 is %s, allowed: above 0".formatted(uncertainty),
        refusal.getMessage());
  }

  private static double square(double value) {
    return value * value;
  }
}
