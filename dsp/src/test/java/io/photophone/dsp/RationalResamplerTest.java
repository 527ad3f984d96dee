package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M2")
class RationalResamplerTest {
  record Resampling(int fromHz, int toHz, float[] input, double[] output) {
    @Override
    public String toString() {
      return fromHz + " to " + toHz + " Hz";
    }
  }

  static Stream<Resampling> references() {
    List<double[]> lines = Golden.lines("resample.csv").stream().map(Golden::numbers).toList();
    return IntStream.range(0, lines.size() / 3)
        .mapToObj(i ->
            new Resampling(
                (int) lines.get(3 * i)[0],
                (int) lines.get(3 * i)[1],
                floats(lines.get(3 * i + 1)),
                lines.get(3 * i + 2)));
  }

  @ParameterizedTest
  @MethodSource("references")
  void the_output_equals_the_reference(Resampling reference) {
    RationalResampler resampler = new RationalResampler(reference.fromHz(), reference.toHz());
    // Zeros behind the end let the filter's second half come out.
    float[] input =
        Arrays.copyOf(reference.input(), reference.input().length + resampler.latencySamples());
    float[] output = resampled(resampler, input);
    assertTrue(output.length >= reference.output().length, output.length + " outputs");
    for (int j = 0; j < reference.output().length; j++) {
      // Half the last bit of a float below 2.
      assertEquals(reference.output()[j], output[j], 0x1p-24, "output " + j);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "44100, 48000, 2000.3",
    "48000, 44100, 19800",
    "48000, 16000, 7000",
    "96000, 48000, 100",
    "8000, 48000, 3500",
    "48000, 48000, 21000"
  })
  void a_tone_below_the_transition_keeps_amplitude_and_phase_at_its_own_time(
      int fromHz, int toHz, double toneHz) {
    float[] input = signal(8000, n -> Math.cos(2 * Math.PI * toneHz / fromHz * n + 0.4));
    float[] output = resampled(new RationalResampler(fromHz, toHz), input);
    int settled = output.length / 4;
    for (int j = settled; j < output.length; j++) {
      assertEquals(Math.cos(2 * Math.PI * toneHz / toHz * j + 0.4), output[j], 1.1e-5);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "48000, 16000, 8000",
    "48000, 16000, 17000",
    "48000, 44100, 22060",
    "96000, 8000, 40000"
  })
  void a_tone_above_half_the_new_rate_does_not_fold_back(int fromHz, int toHz, double toneHz) {
    float[] input = signal(30_000, n -> Math.cos(2 * Math.PI * toneHz / fromHz * n + 0.4));
    float[] output = resampled(new RationalResampler(fromHz, toHz), input);
    for (int j = output.length / 4; j < output.length; j++) {
      assertEquals(0, output[j], 1.1e-5);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {71, 72, 73})
  void frame_by_frame_equals_one_pass_bit_for_bit(long seed) {
    Random random = new Random(seed);
    float[] input = signal(20_000, n -> random.nextGaussian());
    float[] whole = resampled(new RationalResampler(44_100, 48_000), input);
    RationalResampler resampler = new RationalResampler(44_100, 48_000);
    resampler.resample(input, 0, 1000, new float[2000]);
    resampler.reset();
    float[] pieces = new float[whole.length];
    int count = 0;
    for (int from = 0; from < input.length; ) {
      int to = Math.min(input.length, from + random.nextInt(400));
      float[] outputs = new float[resampler.mostOutputs(to - from)];
      int made = resampler.resample(input, from, to, outputs);
      System.arraycopy(outputs, 0, pieces, count, made);
      count += made;
      from = to;
    }
    assertEquals(whole.length, count);
    assertArrayEquals(whole, pieces);
  }

  @Test
  void an_output_comes_no_later_than_the_latency_says() {
    RationalResampler resampler = new RationalResampler(48_000, 16_000);
    float[] impulse = new float[resampler.latencySamples() + 1];
    impulse[0] = 1;
    assertEquals(1, resampled(resampler, impulse).length);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void a_sample_that_is_no_finite_number_spoils_only_what_is_near(float sample) {
    RationalResampler resampler = new RationalResampler(44_100, 48_000);
    float[] input = new float[4000];
    input[2000] = sample;
    float[] output = resampled(resampler, input);
    int near = resampler.latencySamples() * 48_000 / 44_100 + 2;
    int centre = 2000 * 480 / 441;
    assertFalse(Float.isFinite(output[centre]));
    for (int j = 0; j < output.length; j++) {
      assertTrue(Float.isFinite(output[j]) || Math.abs(j - centre) <= near, "output " + j);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 48000", "48000, 0", "-1, 1", "48000, 44101", "1, 10001"})
  void rates_without_a_small_ratio_are_refused(int fromHz, int toHz) {
    assertThrows(IllegalArgumentException.class, () -> new RationalResampler(fromHz, toHz));
  }

  @Test
  void an_array_too_short_for_the_outputs_is_refused() {
    RationalResampler resampler = new RationalResampler(16_000, 48_000);
    assertEquals(30, resampler.mostOutputs(10));
    assertThrows(
        IllegalArgumentException.class,
        () -> resampler.resample(new float[10], 0, 10, new float[29]));
  }

  private static float[] resampled(RationalResampler resampler, float[] input) {
    float[] outputs = new float[resampler.mostOutputs(input.length)];
    return Arrays.copyOf(outputs, resampler.resample(input, 0, input.length, outputs));
  }

  private static float[] signal(int length, IntToDoubleFunction value) {
    return floats(IntStream.range(0, length).mapToDouble(value).toArray());
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int n = 0; n < values.length; n++) {
      floats[n] = (float) values[n];
    }
    return floats;
  }
}
