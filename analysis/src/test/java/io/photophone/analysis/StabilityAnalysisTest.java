package io.photophone.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.Stability;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("M9")
class StabilityAnalysisTest {

  private static List<Reading> readings(int count, IntFunction<Reading> each) {
    return IntStream.range(0, count).mapToObj(each).toList();
  }

  /// Its first line is the series, its second mean and scatter, and then comes a line for each
  /// averaging time.
  private static List<double[]> reference() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            StabilityAnalysisTest.class.getResourceAsStream("/golden/stability.csv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("^[a-z]+,", ""))
          .map(line -> Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble))
          .map(numbers -> numbers.toArray())
          .toList();
    }
  }

  @Test
  void deviations_equal_those_computed_by_the_definition() throws IOException {
    List<double[]> reference = reference();
    double[] values = reference.getFirst();
    Stability stability =
        StabilityAnalysis.of(readings(values.length, i -> TestReadings.ppm(i, values[i])));
    assertEquals(300, stability.readings());
    assertEquals(0, stability.leftOut());
    assertEquals(1, stability.intervalS(), 1e-12);
    assertEquals(reference.get(1)[0], stability.mean(), 1e-12);
    assertEquals(reference.get(1)[1], stability.standardDeviation(), 1e-12);
    assertEquals(reference.size() - 2, stability.points().size());
    for (int i = 0; i < stability.points().size(); i++) {
      Stability.Point point = stability.points().get(i);
      double[] expected = reference.get(i + 2);
      assertEquals(expected[0], point.averaged());
      assertEquals(expected[0], point.averagingS(), 1e-12);
      assertEquals(1, point.deviation() / expected[1], 1e-11);
      assertEquals(3, point.detectionLimit() / expected[1], 1e-10);
    }
  }

  @Test
  void white_noise_falls_by_the_root_of_ten_in_a_decade_of_averaging_time() {
    Random random = new Random(91);
    Stability stability =
        StabilityAnalysis.of(
            readings(1 << 15, i -> TestReadings.ppm(i, 50 + 2 * random.nextGaussian())));
    double logTime = 0;
    double logDeviation = 0;
    List<Stability.Point> points = stability.points().subList(0, 10);
    for (Stability.Point point : points) {
      logTime += Math.log(point.averagingS()) / points.size();
      logDeviation += Math.log(point.deviation()) / points.size();
      assertEquals(1, point.whiteNoise() / (2 / Math.sqrt(point.averagingS())), 0.02, "seed 91");
    }
    double slope = 0;
    double squares = 0;
    for (Stability.Point point : points) {
      double time = Math.log(point.averagingS()) - logTime;
      slope += time * (Math.log(point.deviation()) - logDeviation);
      squares += time * time;
    }
    assertEquals(-0.5, slope / squares, 0.02, "seed 91");
  }

  @Test
  void the_best_averaging_time_is_where_drift_takes_over_from_noise() {
    Random random = new Random(92);
    // Noise 1/√τ meets drift 0.001·τ/√2 at τ = 126 s.
    Stability stability =
        StabilityAnalysis.of(
            readings(20_000, i -> TestReadings.ppm(i, 0.001 * i + random.nextGaussian())));
    assertTrue(
        stability.best().averagingS() >= 32 && stability.best().averagingS() <= 128,
        () -> "seed 92: " + stability.best());
    assertTrue(stability.points().getLast().deviation() > 10 * stability.best().deviation());
  }

  @Test
  void the_scatter_of_zero_gas_is_a_limit_and_that_of_gas_is_none() {
    Random random = new Random(93);
    double[] noise = random.doubles(500, -1, 1).toArray();
    Stability zero = StabilityAnalysis.of(readings(500, i -> TestReadings.ppm(i, noise[i])));
    Stability gas = StabilityAnalysis.of(readings(500, i -> TestReadings.ppm(i, 100 + noise[i])));
    assertEquals(3 / Math.sqrt(3), Objects.requireNonNull(zero.zeroGasLimit()), 0.1, "seed 93");
    assertNull(gas.zeroGasLimit());
    assertEquals(zero.best().deviation(), gas.best().deviation(), 1e-12);
  }

  @ParameterizedTest
  @EnumSource(
      value = ReadingFlag.class,
      names = {"GAP", "CLIPPED", "SETTLING"})
  void a_reading_with_this_flag_ends_a_run_and_the_longest_run_counts(ReadingFlag flag) {
    Stability stability =
        StabilityAnalysis.of(
            readings(50, i -> i == 12 ? TestReadings.ppm(i, 1e6, flag) : TestReadings.ppm(i, i)));
    assertEquals(37, stability.readings());
    assertEquals(13, stability.leftOut());
    assertEquals(13, stability.fromS());
    assertEquals(31, stability.mean(), 1e-12);
  }

  @ParameterizedTest
  @EnumSource(
      value = ReadingFlag.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"GAP", "CLIPPED", "SETTLING"})
  void a_reading_with_another_flag_counts(ReadingFlag flag) {
    assertEquals(
        50, StabilityAnalysis.of(readings(50, i -> TestReadings.ppm(i, i, flag))).readings());
  }

  @Test
  void a_missing_reading_another_unit_and_another_calibration_end_a_run() {
    Concentration ppb = new Concentration(1, 1, ConcentrationUnit.PPB, "test");
    Concentration other = new Concentration(1, 1, ConcentrationUnit.PPM, "other");
    List<Reading> readings = new ArrayList<>();
    readings.addAll(readings(11, i -> TestReadings.ppm(i, i)));
    readings.addAll(readings(12, i -> TestReadings.ppm(12 + i, i)));
    readings.addAll(readings(13, i -> TestReadings.of("gas", 24 + i, ppb)));
    readings.addAll(readings(14, i -> TestReadings.of("gas", 37 + i, other)));
    for (int end : new int[] {11, 23, 36, 50}) {
      Stability stability = StabilityAnalysis.of(readings.subList(0, end));
      assertEquals(end, stability.readings() + stability.leftOut());
    }
    assertEquals(11, StabilityAnalysis.of(readings.subList(0, 11)).readings());
    assertEquals(12, StabilityAnalysis.of(readings.subList(0, 23)).readings());
    assertEquals("ppb", StabilityAnalysis.of(readings.subList(0, 36)).unit());
    assertEquals(14, StabilityAnalysis.of(readings).readings());
  }

  @Test
  void too_few_readings_are_refused_with_their_number() {
    List<Reading> nine = readings(9, i -> TestReadings.ppm(i, i));
    assertEquals(
        "9 of 9 readings have a concentration and follow each other without a break, needed: 10",
        refusal(nine));
    assertEquals(
        "0 of 20 readings have a concentration and follow each other without a break, needed: 10",
        refusal(readings(20, i -> TestReadings.of("gas", i, null, ReadingFlag.UNCALIBRATED))));
    assertEquals(
        "0 of 20 readings have a concentration and follow each other without a break, needed: 10",
        refusal(readings(20, i -> TestReadings.ppm(i, Double.NaN))));
    assertEquals(
        "0 of 0 readings have a concentration and follow each other without a break, needed: 10",
        refusal(List.of()));
    assertEquals(10, StabilityAnalysis.of(readings(10, i -> TestReadings.ppm(i, i))).readings());
  }

  @Test
  void readings_of_several_gases_are_refused() {
    List<Reading> mixed = new ArrayList<>(readings(20, i -> TestReadings.ppm(i, i)));
    mixed.add(TestReadings.of("NO2", 20, null));
    assertEquals("readings of gas, NO2, allowed: of one gas", refusal(mixed));
  }

  private static String refusal(List<Reading> readings) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> StabilityAnalysis.of(readings))
            .getMessage());
  }
}
