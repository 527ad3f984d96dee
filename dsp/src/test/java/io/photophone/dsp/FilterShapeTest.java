package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M4")
class FilterShapeTest {
  private static final double RATE = 48_000;

  record Response(List<String> header, double[] hz, double[] re, double[] im) {
    @Override
    public String toString() {
      return String.join(" ", header);
    }
  }

  static Stream<Response> references() {
    List<List<String>> lines = Golden.lines("filters.csv");
    return IntStream.range(0, lines.size() / 4)
        .mapToObj(i ->
            new Response(
                lines.get(4 * i),
                Golden.numbers(lines.get(4 * i + 1)),
                Golden.numbers(lines.get(4 * i + 2)),
                Golden.numbers(lines.get(4 * i + 3))));
  }

  @ParameterizedTest
  @MethodSource("references")
  void the_response_equals_the_reference(Response reference) {
    List<String> header = reference.header();
    double[] numbers = Golden.numbers(header.subList(2, header.size()));
    int order = (int) numbers[0];
    FilterShape shape =
        switch (header.get(0)) {
          case "butterworth" -> new FilterShape.Butterworth(order);
          case "chebyshev_one" -> new FilterShape.ChebyshevOne(order, numbers[1]);
          case "chebyshev_two" -> new FilterShape.ChebyshevTwo(order, numbers[2]);
          default -> new FilterShape.Elliptic(order, numbers[1], numbers[2]);
        };
    double[] edges = IntStream.range(4, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    SosFilter filter = SosFilter.of(shape, Bands.named(header.get(1), edges), numbers[3]);
    for (int i = 0; i < reference.hz().length; i++) {
      Complex response = filter.response(reference.hz()[i] / numbers[3]);
      Complex expected = new Complex(reference.re()[i], reference.im()[i]);
      assertEquals(
          0, response.minus(expected).magnitude(), 1e-10, "at " + reference.hz()[i] + " Hz");
    }
  }

  static Stream<FilterShape> shapes() {
    List<FilterShape> shapes = new ArrayList<>();
    for (int order = 1; order <= FilterShape.HIGHEST_ORDER; order++) {
      shapes.add(new FilterShape.Butterworth(order));
      for (double ripple : new double[] {0.01, 0.1, 1, 3}) {
        shapes.add(new FilterShape.ChebyshevOne(order, ripple));
        for (double attenuation : new double[] {20, 60, 120}) {
          shapes.add(new FilterShape.Elliptic(order, ripple, attenuation));
        }
      }
      shapes.add(new FilterShape.ChebyshevTwo(order, 20));
      shapes.add(new FilterShape.ChebyshevTwo(order, 80));
    }
    return shapes.stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void the_edges_lie_where_they_were_asked(FilterShape shape) {
    double expectedDb =
        switch (shape) {
          case FilterShape.Butterworth ignored -> 10 * Math.log10(0.5);
          case FilterShape.ChebyshevOne(int order, double ripple) -> -ripple;
          case FilterShape.ChebyshevTwo(int order, double attenuation) -> -attenuation;
          case FilterShape.Elliptic(int order, double ripple, double attenuation) -> -ripple;
        };
    assertEquals(expectedDb, db(filter(shape, new FilterBand.LowPass(3000)), 3000), 1e-6);
    assertEquals(expectedDb, db(filter(shape, new FilterBand.HighPass(3000)), 3000), 1e-6);
    SosFilter pass = filter(shape, new FilterBand.BandPass(1500, 3000));
    assertEquals(expectedDb, db(pass, 1500), 1e-6);
    assertEquals(expectedDb, db(pass, 3000), 1e-6);
    SosFilter stop = filter(shape, new FilterBand.BandStop(1500, 3000));
    assertEquals(expectedDb, db(stop, 1500), 1e-6);
    assertEquals(expectedDb, db(stop, 3000), 1e-6);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void the_pass_band_stays_within_its_ripple_and_the_stop_band_below_its_attenuation(
      FilterShape shape) {
    double edge = 6000;
    SosFilter filter = filter(shape, new FilterBand.LowPass(edge));
    boolean endsAtEdge = !(shape instanceof FilterShape.ChebyshevTwo);
    double lowestDb =
        switch (shape) {
          case FilterShape.Butterworth ignored -> 10 * Math.log10(0.5);
          case FilterShape.ChebyshevOne(int order, double ripple) -> -ripple;
          case FilterShape.Elliptic(int order, double ripple, double attenuation) -> -ripple;
          case FilterShape.ChebyshevTwo ignored -> Double.NEGATIVE_INFINITY;
        };
    double highestStopDb =
        switch (shape) {
          case FilterShape.ChebyshevTwo(int order, double attenuation) -> -attenuation;
          case FilterShape.Elliptic(int order, double ripple, double attenuation) -> -attenuation;
          default -> 0;
        };
    double top = Double.NEGATIVE_INFINITY;
    boolean inStopBand = false;
    for (int hz = 0; hz < RATE / 2; hz += 10) {
      double gain = db(filter, hz);
      assertTrue(gain < 1e-6, "%s dB at %d Hz".formatted(gain, hz));
      if (hz <= edge && endsAtEdge) {
        assertTrue(gain > lowestDb - 1e-6, "%s dB at %d Hz".formatted(gain, hz));
      }
      top = Math.max(top, gain);
      inStopBand |= hz > edge && gain <= highestStopDb;
      if (inStopBand || (hz >= edge && !endsAtEdge)) {
        assertTrue(gain < highestStopDb + 1e-6, "%s dB at %d Hz".formatted(gain, hz));
      }
    }
    assertEquals(0, top, 0.01, "the pass-band reaches gain 1");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void all_poles_lie_inside_the_unit_circle(FilterShape shape) {
    for (FilterBand band :
        List.of(
            new FilterBand.LowPass(20),
            new FilterBand.HighPass(23_900),
            new FilterBand.BandPass(1999, 2001),
            new FilterBand.BandPass(20, 20_000),
            new FilterBand.BandStop(49, 51))) {
      assertTrue(filter(shape, band).largestPoleRadius() < 1);
    }
  }

  @Test
  void an_elliptic_filter_falls_faster_than_all_others_of_its_order() {
    FilterBand band = new FilterBand.LowPass(6000);
    double elliptic = db(filter(new FilterShape.Elliptic(5, 1, 60), band), 8000);
    double chebyshev = db(filter(new FilterShape.ChebyshevOne(5, 1), band), 8000);
    double butterworth = db(filter(new FilterShape.Butterworth(5), band), 8000);
    assertTrue(elliptic < chebyshev, elliptic + " dB beside " + chebyshev + " dB");
    assertTrue(chebyshev < butterworth, chebyshev + " dB beside " + butterworth + " dB");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 10.5, Double.NaN, Double.POSITIVE_INFINITY})
  void a_ripple_that_is_none_is_refused_with_its_value(double ripple) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> new FilterShape.ChebyshevOne(3, ripple));
    assertEquals(
        "ripple is %s dB, allowed: above 0 to 10.0 dB".formatted(ripple), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 201, Double.NaN})
  void an_elliptic_filter_stops_more_than_it_ripples(double attenuation) {
    assertThrows(IllegalArgumentException.class, () -> new FilterShape.Elliptic(3, 1, attenuation));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -20, Double.NaN, Double.POSITIVE_INFINITY})
  void an_edge_that_is_no_frequency_is_refused(double edge) {
    assertThrows(IllegalArgumentException.class, () -> new FilterBand.LowPass(edge));
    assertThrows(IllegalArgumentException.class, () -> new FilterBand.HighPass(edge));
    assertThrows(IllegalArgumentException.class, () -> new FilterBand.BandStop(10, edge));
  }

  @Test
  void an_edge_that_the_rate_does_not_carry_is_refused_with_what_is_allowed() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> filter(new FilterShape.Butterworth(2), new FilterBand.LowPass(24_000)));
    assertEquals(
        "edge is 24000.0 Hz, allowed at a rate of 48000.0 Hz: below 24000.0 Hz",
        refusal.getMessage());
  }

  private static SosFilter filter(FilterShape shape, FilterBand band) {
    return SosFilter.of(shape, band, RATE);
  }

  private static double db(SosFilter filter, double hz) {
    return 10 * Math.log10(filter.response(hz / RATE).squaredMagnitude());
  }
}
