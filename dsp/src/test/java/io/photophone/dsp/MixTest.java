package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B32")
final class MixTest {

  /// Lengths around the widths of vectors, and the loop run often enough to be compiled.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 63, 64, 65, 1600})
  void every_element_is_mixed_and_none_behind_the_length(int length) {
    Random random = new Random(20_260_104);
    double[] a = random.doubles(length + 3).toArray();
    double[] b = random.doubles(length + 3).toArray();
    double[] to = new double[length + 3];
    for (int round = 0; round < 2000; round++) {
      Mix.gain(2, a, to, length);
      Mix.add(-1, b, to, length);
    }
    for (int n = 0; n < length; n++) {
      assertEquals(2 * a[n] - b[n], to[n]);
    }
    for (int n = length; n < to.length; n++) {
      assertEquals(0, to[n]);
    }
  }

  @Test
  void a_sample_that_is_no_number_stays_one() {
    double[] to = {1, 1};
    Mix.add(0, new double[] {Double.NaN, Double.POSITIVE_INFINITY}, to, 2);
    assertArrayEquals(new double[] {Double.NaN, Double.NaN}, to);
  }

  @Test
  void marks_of_both_are_kept() {
    byte[] to = {1, 0, 2, 4};
    Mix.union(new byte[] {2, 0, 2, 1}, to, 3);
    assertArrayEquals(new byte[] {3, 0, 2, 4}, to);
  }
}
