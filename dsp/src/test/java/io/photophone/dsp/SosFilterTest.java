package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M4")
class SosFilterTest {
  record Design(List<String> header, double[] input, double[] output) {
    SosFilter filter() {
      return SosFilter.of(
          new FilterShape.Butterworth(Integer.parseInt(header.get(1))),
          Bands.named(header.get(0), Golden.numbers(header.subList(3, header.size()))),
          Double.parseDouble(header.get(2)));
    }

    @Override
    public String toString() {
      return String.join(" ", header);
    }
  }

  static Stream<Design> golden() {
    List<List<String>> lines = Golden.lines("butterworth.csv");
    return IntStream.range(0, lines.size() / 3)
        .mapToObj(i ->
            new Design(
                lines.get(3 * i),
                Golden.numbers(lines.get(3 * i + 1)),
                Golden.numbers(lines.get(3 * i + 2))));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void the_output_equals_the_golden_one(Design design) {
    SosFilter filter = design.filter();
    double[] output = new double[design.input().length];
    for (int n = 0; n < output.length; n++) {
      output[n] = filter.next(design.input()[n]);
    }
    assertArrayEquals(design.output(), output, 1e-10);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1900, 2100, 48000",
    "2, 1800, 2200, 48000",
    "2, 1800, 2200, 44100",
    "3, 20, 20000, 48000",
    "4, 1990, 2010, 48000",
    "8, 40000, 90000, 192000"
  })
  void both_edges_lie_at_half_the_power(int order, double low, double high, double rate) {
    SosFilter filter = butterworth(order, low, high, rate);
    assertEquals(0.5, filter.response(low / rate).squaredMagnitude(), 1e-7);
    assertEquals(0.5, filter.response(high / rate).squaredMagnitude(), 1e-7);
  }

  @Test
  void the_response_falls_with_the_order_as_the_formula_of_butterworth_says() {
    double rate = 48_000;
    for (int order = 1; order <= 8; order++) {
      SosFilter filter = butterworth(order, 1500, 2500, rate);
      double low = Math.tan(Math.PI * 1500 / rate);
      double high = Math.tan(Math.PI * 2500 / rate);
      double at = Math.tan(Math.PI * 3000 / rate);
      double detuning = (at * at - low * high) / (at * (high - low));
      assertEquals(
          1 / (1 + Math.pow(detuning, 2 * order)),
          filter.response(3000 / rate).squaredMagnitude(),
          1e-9);
    }
  }

  @Test
  void a_tone_comes_out_as_the_response_says() {
    SosFilter filter = butterworth(2, 1800, 2200, 48_000);
    double frequency = 1850.0 / 48_000;
    Complex response = filter.response(frequency);
    for (int n = 0; n < 20_000; n++) {
      double output = filter.next(Math.cos(2 * Math.PI * frequency * n));
      if (n >= 10_000) {
        Complex turned = response.times(Complex.atCycles(frequency * n));
        assertEquals(turned.re(), output, 1e-11);
      }
    }
  }

  @Test
  void a_filter_that_was_reset_equals_a_new_one_bit_for_bit() {
    Random random = new Random(11);
    double[] input = random.doubles(5000, -1, 1).toArray();
    SosFilter whole = butterworth(2, 1800, 2200, 48_000);
    SosFilter used = butterworth(2, 1800, 2200, 48_000);
    for (int n = 0; n < 1000; n++) {
      used.next(random.nextDouble());
    }
    used.reset();
    for (double sample : input) {
      assertEquals(
          Double.doubleToRawLongBits(whole.next(sample)),
          Double.doubleToRawLongBits(used.next(sample)));
    }
  }

  static Stream<SosFilter> filters() {
    FilterBand band = new FilterBand.BandPass(1800, 2200);
    return Stream.of(
            new FilterShape.Butterworth(4),
            new FilterShape.ChebyshevOne(5, 0.5),
            new FilterShape.ChebyshevTwo(6, 60),
            new FilterShape.Elliptic(5, 0.5, 80))
        .map(shape -> SosFilter.of(shape, band, 44_100));
  }

  @ParameterizedTest(name = "seed 12")
  @MethodSource("filters")
  void frame_by_frame_equals_one_pass_bit_for_bit(SosFilter filter) {
    Random random = new Random(12);
    double[] input = random.doubles(20_000, -1, 1).toArray();
    double[] whole = new double[input.length];
    filter(filter, input, whole, 0, input.length);
    filter.reset();
    double[] frames = new double[input.length];
    for (int from = 0; from < input.length; ) {
      int to = Math.min(input.length, from + 1 + random.nextInt(4096));
      filter(filter, input, frames, from, to);
      from = to;
    }
    for (int n = 0; n < input.length; n++) {
      assertEquals(Double.doubleToRawLongBits(whole[n]), Double.doubleToRawLongBits(frames[n]));
    }
  }

  private static void filter(SosFilter filter, double[] input, double[] output, int from, int to) {
    for (int n = from; n < to; n++) {
      output[n] = filter.next(input[n]);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void a_sample_that_is_no_finite_number_stays_until_the_next_reset(double sample) {
    SosFilter filter = butterworth(2, 1800, 2200, 48_000);
    filter.next(sample);
    for (int n = 0; n < 10_000; n++) {
      assertFalse(Double.isFinite(filter.next(0.5)));
    }
    filter.reset();
    assertEquals(0, filter.next(0));
  }

  @ParameterizedTest
  @CsvSource({"2, 1800, 2200", "2, 1999, 2001", "1, 500, 20000"})
  void a_jump_is_forgotten_after_the_settling_time_and_not_long_before(
      int order, double low, double high) {
    SosFilter filter = butterworth(order, low, high, 48_000);
    int settling = filter.settlingSamples(1e-6);
    double peak = 0;
    double lateHalf = 0;
    double after = 0;
    for (int n = 0; n < 2 * settling; n++) {
      double output = Math.abs(filter.next(n == 0 ? 1 : 0));
      peak = Math.max(peak, output);
      lateHalf = n < settling / 2 ? lateHalf : Math.max(lateHalf, output);
      after = n < settling ? after : Math.max(after, output);
    }
    assertTrue(after < 1e-5 * peak, "%s of %s".formatted(after, peak));
    assertTrue(lateHalf > 1e-5 * peak, "%s of %s".formatted(lateHalf, peak));
  }

  @ParameterizedTest
  @CsvSource({"0, 1800, 2200", "13, 1800, 2200", "2, 0, 2200", "2, 2200, 1800", "2, 1800, 24000"})
  void a_band_that_is_none_is_refused(int order, double low, double high) {
    assertThrows(IllegalArgumentException.class, () -> butterworth(order, low, high, 48_000));
  }

  @Test
  void a_filter_that_is_not_stable_is_refused() {
    assertThrows(
        IllegalArgumentException.class, () -> new SosFilter(new double[][] {{1, 0, 0, -2, 1}}));
    assertThrows(
        IllegalArgumentException.class, () -> new SosFilter(new double[][] {{1, 0, 0, 0.5, -0.5}}));
  }

  private static SosFilter butterworth(int order, double low, double high, double rate) {
    return SosFilter.of(
        new FilterShape.Butterworth(order), new FilterBand.BandPass(low, high), rate);
  }
}
