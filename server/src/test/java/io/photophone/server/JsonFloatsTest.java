package io.photophone.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("A23")
final class JsonFloatsTest {
  /// Half a unit of the seventh digit, at worst of 1.000000, and the rounding of the parser's
  /// float.
  private static final double TOLERANCE = 0.5e-6;

  private static String json(float... values) {
    return new String(new JsonFloats().array(values, 0, values.length).toBytes(), US_ASCII);
  }

  private static void assertClose(float value) {
    String text = json(value);
    assertClose(value, text.substring(1, text.length() - 1));
  }

  private static void assertClose(float value, String text) {
    if (!Float.isFinite(value)) {
      assertEquals("null", text);
    } else if (Math.abs(value) < 1e-30) {
      assertEquals("0", text, () -> "of " + value);
    } else {
      double error = Math.abs(Double.parseDouble(text) / value - 1);
      assertTrue(error <= TOLERANCE, () -> value + " is written " + text + ", off by " + error);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "1, 1",
    "-1, -1",
    "10, 10",
    "100000, 100000",
    "1000000, 1000000",
    "9999999, 9999999",
    "1e7, 1e7",
    "-1.5e7, -1.5e7",
    "0.1, 0.1",
    "0.01, 0.01",
    "0.00001, 0.00001",
    "0.000012345678, 0.00001234568",
    "0.000001, 1e-6",
    "-0.00000123, -1.23e-6",
    "9.9999995, 9.999999",
    "0.99999994, 0.9999999",
    "0.999999999, 1",
    "99999.996, 99999.99",
    "123.456, 123.456",
    "0.333333333, 0.3333333",
    "16777216, 1.677722e7",
    "3.4028235e38, 3.402823e38",
    "-3.4028235e38, -3.402823e38",
    "1e-30, 1e-30",
    "9.9e-31, 0",
    "1.4e-45, 0",
    "1.17549435e-38, 0",
    "NaN, null",
    "Infinity, null",
    "-Infinity, null"
  })
  void numbers_are_written_short(float value, String text) {
    assertEquals("[" + text + "]", json(value));
  }

  @Test
  void every_exponent_is_written_to_seven_digits() {
    for (int exponent = 0; exponent < 255; exponent++) {
      for (int mantissa : new int[] {0, 1, 0x2AAAAA, 0x400000, 0x555555, 0x7FFFFE, 0x7FFFFF}) {
        float value = Float.intBitsToFloat(exponent << 23 | mantissa);
        assertClose(value);
        assertClose(-value);
      }
    }
  }

  @Test
  void neighbours_of_powers_of_ten_are_written_to_seven_digits() {
    for (int exponent = -45; exponent <= 38; exponent++) {
      float power = Float.parseFloat("1e" + exponent);
      float value = power;
      for (int i = 0; i < 50; i++) {
        assertClose(value);
        value = Math.nextDown(value);
      }
      value = power;
      for (int i = 0; i < 50; i++) {
        assertClose(value);
        value = Math.nextUp(value);
      }
    }
  }

  @Test
  void a_million_random_floats_are_written_to_seven_digits() {
    long seed = 20_260_101;
    Random random = new Random(seed);
    float[] values = new float[1000];
    for (int round = 0; round < 1000; round++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.intBitsToFloat(random.nextInt());
      }
      String[] texts = json(values).substring(1).split("[,\\]]", -1);
      for (int i = 0; i < values.length; i++) {
        assertClose(values[i], texts[i]);
      }
    }
  }

  @Test
  void every_sample_of_sixteen_bits_survives() {
    float[] samples = new float[65_536];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (i - 32_768) / 32_768f;
    }
    String[] texts = json(samples).substring(1).split("[,\\]]", -1);
    for (int i = 0; i < samples.length; i++) {
      assertEquals(i - 32_768, Math.round(Float.parseFloat(texts[i]) * 32_768f), texts[i]);
    }
  }

  @Test
  void any_array_is_valid_json_of_as_many_values() {
    Random random = new Random(1);
    float[] values = new float[20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    values[7] = Float.NaN;
    JsonNode all = JsonMapper.shared().readTree(json(values));
    assertEquals(values.length, all.size());
    assertTrue(all.get(7).isNull());
  }

  @Test
  void a_part_of_an_array_and_none_of_it_can_be_written() {
    float[] values = {1, 2, 3, 4};
    assertEquals(
        "{\"x\":[2,3],\"y\":[]}",
        new String(
            new JsonFloats()
                .raw("{\"x\":")
                .array(values, 1, 3)
                .raw(",\"y\":")
                .array(values, 4, 4)
                .raw("}")
                .toBytes(),
            US_ASCII));
  }
}
