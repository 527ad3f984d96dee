package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.server.Decimator.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@Tag("A43")
final class DecimatorTest {
  private static final int RATE_HZ = 48_000;
  private static final int SAMPLES = 1600;
  private static final int FRAMES = 30;

  /// A tone of amplitude 1 in A, and its quadrature in B, cut into frames.
  private static List<AudioFrame> tone(double hz) {
    List<AudioFrame> frames = new ArrayList<>();
    for (int number = 0; number < FRAMES; number++) {
      float[] a = new float[SAMPLES];
      float[] b = new float[SAMPLES];
      for (int i = 0; i < SAMPLES; i++) {
        double turn = 2 * Math.PI * hz * ((long) number * SAMPLES + i) / RATE_HZ;
        a[i] = (float) Math.cos(turn);
        b[i] = (float) Math.sin(turn);
      }
      frames.add(frame(a, b, number, (long) number * SAMPLES));
    }
    return frames;
  }

  private static AudioFrame frame(float[] a, float[] b, long number, long first) {
    return new AudioFrame(
        a, b, RATE_HZ, number, first, new CaptureTime(first * 1_000_000_000 / RATE_HZ, 0));
  }

  private static List<ResolvedFrame> decimate(Resolution resolution, List<AudioFrame> frames) {
    Decimator decimator = new Decimator(resolution);
    List<ResolvedFrame> all = new ArrayList<>();
    History before = History.NONE;
    for (AudioFrame frame : frames) {
      all.add(decimator.decimate(frame, before));
      before = before.then(frame);
    }
    return all;
  }

  /// Its largest |A + iB|, which is the tone's amplitude.
  private static double[] lowestAndHighestAmplitude(List<ResolvedFrame> frames) {
    double[] bounds = {Double.POSITIVE_INFINITY, 0};
    for (ResolvedFrame frame : frames) {
      for (int i = 0; i < frame.a().length; i++) {
        double amplitude = Math.hypot(frame.a()[i], frame.b()[i]);
        bounds[0] = Math.min(bounds[0], amplitude);
        bounds[1] = Math.max(bounds[1], amplitude);
      }
    }
    return bounds;
  }

  private static double db(double ratio) {
    return 20 * Math.log10(ratio);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FULL")
  void a_tone_that_the_lower_rate_cannot_hold_does_not_fold_back(Resolution resolution) {
    double nyquist = RATE_HZ / 2.0 / resolution.factor();
    for (double hz : new double[] {nyquist + 1, nyquist * 1.01, nyquist + 1000, 1.5 * nyquist}) {
      double highest = lowestAndHighestAmplitude(decimate(resolution, tone(hz)))[1];
      assertTrue(db(highest) < -70, resolution + " at " + hz + " Hz: " + db(highest) + " dB");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FULL")
  void a_tone_that_the_lower_rate_holds_stays_as_it_is(Resolution resolution) {
    double nyquist = RATE_HZ / 2.0 / resolution.factor();
    for (double part : new double[] {0, 0.1, 0.5, 0.7, 0.8}) {
      double[] bounds = lowestAndHighestAmplitude(decimate(resolution, tone(part * nyquist)));
      assertEquals(0, db(bounds[0]), 0.01, resolution + " at " + part);
      assertEquals(0, db(bounds[1]), 0.01, resolution + " at " + part);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FULL")
  void frames_follow_each_other_without_a_hole_and_each_sample_keeps_its_index(
      Resolution resolution) {
    double hz = 100;
    List<ResolvedFrame> frames = decimate(resolution, tone(hz));
    long next = frames.getFirst().firstSample();
    for (ResolvedFrame frame : frames) {
      assertEquals(next, frame.firstSample());
      assertEquals(
          frame.firstSample() * 1e9 / RATE_HZ,
          (double) frame.captured().epochNanos(),
          2,
          "capture time");
      for (int i = 0; i < frame.a().length; i++, next += resolution.factor()) {
        assertEquals(Math.cos(2 * Math.PI * hz * next / RATE_HZ), frame.a()[i], 1e-3);
      }
    }
    long all = (long) FRAMES * SAMPLES;
    assertTrue(next > all - 60L * resolution.factor() && next <= all, next + " of " + all);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FULL")
  void the_same_samples_give_the_same_bits_however_they_are_cut(Resolution resolution) {
    Random random = new Random(43);
    float[] a = new float[20_000];
    float[] b = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) random.nextGaussian();
      b[i] = (float) random.nextGaussian();
    }
    List<AudioFrame> cut = new ArrayList<>();
    for (int from = 0; from < a.length; ) {
      int to = Math.min(a.length, from + 1 + random.nextInt(cut.size() % 2 == 0 ? 7 : 900));
      cut.add(
          frame(
              Arrays.copyOfRange(a, from, to), Arrays.copyOfRange(b, from, to), cut.size(), from));
      from = to;
    }
    assertEquals(
        bits(decimate(resolution, List.of(frame(a, b, 0, 0)))), bits(decimate(resolution, cut)));
  }

  private static List<Integer> bits(List<ResolvedFrame> frames) {
    List<Integer> bits = new ArrayList<>();
    for (ResolvedFrame frame : frames) {
      for (int i = 0; i < frame.a().length; i++) {
        bits.add(Float.floatToRawIntBits(frame.a()[i]));
        bits.add(Float.floatToRawIntBits(frame.b()[i]));
      }
    }
    return bits;
  }

  @Test
  void behind_a_gap_it_begins_with_the_first_sample_whose_surroundings_are_known() {
    Decimator decimator = new Decimator(Resolution.QUARTER);
    List<AudioFrame> tone = tone(100);
    History before = History.NONE.then(tone.get(0));
    AudioFrame late = tone.get(2);
    ResolvedFrame behind = decimator.decimate(late, before);
    int half = 28 * 4;
    assertEquals(Math.ceilDiv(late.firstSampleIndex() + half, 4L) * 4, behind.firstSample());
    ResolvedFrame next = decimator.decimate(tone.get(3), before.then(late));
    assertEquals(behind.firstSample() + 4L * behind.a().length, next.firstSample());
    for (float sample : behind.a()) {
      assertTrue(Math.abs(sample) <= 1.001, "no step at the gap: " + sample);
    }
  }

  @Test
  void a_frame_behind_a_gap_that_is_shorter_than_the_filter_is_empty() {
    AudioFrame frame = frame(new float[10], new float[10], 0, 7000);
    assertEquals(0, new Decimator(Resolution.HALF).decimate(frame, History.NONE).a().length);
  }
}
