package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M9")
class AllanDeviationTest {
  /// The nine values of NBS Monograph 140.
  private static final double[] SHORT = {892, 809, 823, 798, 671, 644, 883, 903, 677};

  static Stream<List<String>> references() {
    return Golden.lines("allan.csv").stream();
  }

  @ParameterizedTest
  @MethodSource("references")
  void deviation_and_bounds_equal_the_reference(List<String> row) {
    double[] numbers = Golden.numbers(row.subList(1, row.size()));
    double[] values = row.get(0).equals("short") ? SHORT : lehmer();
    AllanDeviation.Point point = AllanDeviation.overlapping(values, 10, (int) numbers[0]);
    assertEquals(10 * numbers[0], point.averagingSeconds());
    assertEquals(1, point.deviation() / numbers[1], 1e-12);
    assertEquals(1, point.degreesOfFreedom() / numbers[2], 1e-12);
    assertEquals(1, point.lower() / numbers[3], 1e-10);
    assertEquals(1, point.upper() / numbers[4], 1e-10);
  }

  @ParameterizedTest
  @CsvSource({"1, 2.922319e-1", "10, 9.159953e-2", "100, 3.241343e-2"})
  void the_published_series_has_its_published_deviations(int averaged, double published) {
    double deviation = AllanDeviation.overlapping(lehmer(), 1, averaged).deviation();
    assertEquals(published, deviation, 0.5e-6 * published);
  }

  @Test
  void white_noise_falls_with_the_root_of_the_averaging_time() {
    Random random = new Random(81);
    double[] values = random.doubles(1 << 16, -1, 1).toArray();
    double sigma = 1 / Math.sqrt(3);
    int outside = 0;
    List<AllanDeviation.Point> points = AllanDeviation.overlapping(values, 1);
    for (AllanDeviation.Point point : points) {
      double expected = sigma / Math.sqrt(point.averaged());
      boolean inside = expected > point.lower() && expected < point.upper();
      outside += inside ? 0 : 1;
    }
    assertEquals(16, points.size());
    // One in three is expected outside; neighbours are not independent.
    assertTrue(outside <= 10, outside + " of 16");
  }

  @ParameterizedTest(name = "averages of {0}, seed 82")
  @ValueSource(ints = {1, 4, 16})
  void the_bounds_hold_the_true_deviation_of_white_noise_in_68_of_100_series(int averaged) {
    // 2000 runs tell the share to 1 %; the degrees of freedom are an approximation.
    assertEquals(0.683, shareInside(averaged), 0.04);
  }

  @Test
  void the_bounds_are_a_rough_guide_where_averages_are_long_beside_the_series() {
    assertEquals(0.683, shareInside(40), 0.1);
    assertEquals(0.683, shareInside(64), 0.1);
  }

  private static double shareInside(int averaged) {
    Random random = new Random(82);
    int inside = 0;
    for (int run = 0; run < 2000; run++) {
      double[] values = new double[128];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextGaussian();
      }
      AllanDeviation.Point point = AllanDeviation.overlapping(values, 1, averaged);
      double expected = 1 / Math.sqrt(averaged);
      inside += expected > point.lower() && expected < point.upper() ? 1 : 0;
    }
    return inside / 2000.0;
  }

  @Test
  void a_steady_drift_rises_with_the_averaging_time() {
    double[] values = new double[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1e6 + 0.01 * i;
    }
    assertEquals(
        0.01 * 100 / Math.sqrt(2), AllanDeviation.overlapping(values, 1, 100).deviation(), 1e-8);
  }

  @Test
  void a_constant_does_not_deviate() {
    assertEquals(0, AllanDeviation.overlapping(new double[] {5, 5, 5, 5}, 1, 2).deviation());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void a_value_that_is_no_finite_number_is_refused_with_its_place(double value) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> AllanDeviation.overlapping(new double[] {1, 2, value, 4}, 1));
    assertEquals("value 2 is %s, allowed: finite numbers".formatted(value), refusal.getMessage());
  }

  @Test
  void too_few_values_and_too_long_averages_are_refused() {
    assertThrows(
        IllegalArgumentException.class, () -> AllanDeviation.overlapping(new double[2], 1));
    assertThrows(
        IllegalArgumentException.class, () -> AllanDeviation.overlapping(new double[9], 1, 5));
    assertThrows(
        IllegalArgumentException.class, () -> AllanDeviation.overlapping(new double[9], 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> AllanDeviation.overlapping(new double[9], 0));
  }

  /// The thousand values of NIST Special Publication 1065, section 12.4.
  private static double[] lehmer() {
    double[] values = new double[1000];
    long state = 1_234_567_890;
    for (int i = 0; i < values.length; i++) {
      values[i] = state / 2_147_483_647.0;
      state = 16_807 * state % 2_147_483_647;
    }
    return values;
  }
}
