package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("M1")
class WindowTest {
  static Stream<List<String>> golden() {
    return Golden.lines("windows.csv").stream();
  }

  @ParameterizedTest
  @MethodSource("golden")
  void values_gain_and_noise_bandwidth_equal_the_golden_ones(List<String> row) {
    Window window = Window.valueOf(row.get(0).toUpperCase(Locale.ROOT));
    assertEquals(row.get(0), window.wireName());
    assertEquals(Double.parseDouble(row.get(2)), window.coherentGain(), 1e-12);
    assertEquals(Double.parseDouble(row.get(3)), window.enbwBins(), 1e-12);
    if (row.size() > 4) {
      double[] expected = Golden.numbers(row.subList(4, row.size()));
      assertArrayEquals(expected, window.values(expected.length), 1e-12);
    }
  }

  @ParameterizedTest
  @EnumSource(Window.class)
  void gain_and_noise_bandwidth_are_those_of_the_values(Window window) {
    double[] values = window.values(256);
    double sum = Arrays.stream(values).sum();
    double squares = Arrays.stream(values).map(v -> v * v).sum();
    assertEquals(sum / 256, window.coherentGain(), 1e-12);
    assertEquals(256 * squares / (sum * sum), window.enbwBins(), 1e-12);
  }

  @Test
  void a_rectangular_window_changes_nothing() {
    double[] ones = new double[100];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, Window.RECTANGULAR.values(100));
  }

  @Test
  void a_size_too_small_for_its_cosines_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> Window.HANN.values(15));
  }
}
