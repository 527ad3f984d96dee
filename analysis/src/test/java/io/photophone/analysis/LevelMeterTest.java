package io.photophone.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.model.AudioFrame;
import io.photophone.model.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LevelMeterTest {
  private static final int INTERVAL = 4800;

  private final TestSignal signal = new TestSignal(48_000, 3 * INTERVAL);

  @Test
  void rms_peak_and_offset_are_those_of_a_sine_on_an_offset() {
    signal.tone(1000, 0.8, 0).offset(0.01, -0.02);
    List<Level> levels = levels(signal.frames());
    assertEquals(3, levels.size());
    Level level = levels.get(1);
    assertEquals(INTERVAL, level.startIndex());
    assertEquals(2 * INTERVAL, level.endIndex());
    assertEquals(Math.sqrt(0.4 * 0.4 / 2 + 0.01 * 0.01), level.a().rms(), 1e-8);
    assertEquals(0.41, level.a().peak(), 1e-7);
    assertEquals(0.01, level.a().mean(), 1e-8);
    assertEquals(0.42, level.b().peak(), 1e-7);
    assertEquals(-0.02, level.b().mean(), 1e-8);
    assertEquals(0, level.a().clipped());
    assertEquals(0, level.a().missing());
  }

  @Test
  void a_sine_at_full_scale_is_0_dbfs_and_silence_is_below_everything() {
    signal.tone(1000, 2, 0);
    Arrays.fill(signal.b, 0);
    Level level = levels(signal.frames()).getFirst();
    assertEquals(0, level.a().dbfs(), 1e-6);
    assertEquals(Double.NEGATIVE_INFINITY, level.b().dbfs());
  }

  @Test
  void samples_at_either_end_of_the_converter_are_clipped() {
    signal.a[5] = 1 - 0x1p-15f;
    signal.a[6] = -1;
    signal.a[7] = 1 - 0x1p-14f;
    signal.b[INTERVAL] = 1;
    List<Level> levels = levels(signal.frames());
    assertEquals(2, levels.get(0).a().clipped());
    assertEquals(0, levels.get(0).b().clipped());
    assertEquals(0, levels.get(1).a().clipped());
    assertEquals(1, levels.get(1).b().clipped());
  }

  @Test
  void a_sample_that_is_no_number_is_missing_in_its_channel_alone() {
    signal.offset(0.5, 0.25);
    signal.a[0] = Float.NaN;
    signal.a[9] = Float.POSITIVE_INFINITY;
    Level level = levels(signal.frames()).getFirst();
    assertEquals(2, level.a().missing());
    assertEquals(0.5, level.a().rms());
    assertEquals(0, level.b().missing());
  }

  @Test
  void lost_samples_are_missing_where_they_would_have_been() {
    signal.offset(0.5, 0.5);
    List<Level> levels =
        levels(List.of(signal.frame(0, 1000, 4000), signal.frame(1, 10_000, 3 * INTERVAL)));
    assertEquals(2, levels.size());
    assertEquals(0, levels.get(0).startIndex());
    assertEquals(INTERVAL - 3000, levels.get(0).a().missing());
    assertEquals(0.5, levels.get(0).b().mean());
    assertEquals(2 * INTERVAL, levels.get(1).startIndex());
    assertEquals(400, levels.get(1).b().missing());
  }

  @Test
  void without_any_sample_there_is_no_level() {
    Arrays.fill(signal.a, Float.NaN);
    Level level = levels(signal.frames()).getFirst();
    assertEquals(INTERVAL, level.a().missing());
    assertTrue(Double.isNaN(level.a().rms()));
    assertTrue(Double.isNaN(level.a().peak()));
    assertTrue(Double.isNaN(level.a().dbfs()));
    assertEquals(0, level.b().rms());
  }

  @Test
  @Tag("M12")
  void levels_are_the_same_bits_however_the_samples_are_cut_seed_1() {
    signal.white(0.3, 1);
    signal.a[7000] = Float.NaN;
    List<Level> expected = levels(signal.frames(signal.a.length));
    assertEquals(3, expected.size());
    for (IntUnaryOperator lengthOf : Cuts.LENGTHS) {
      assertEquals(expected, levels(signal.frames(lengthOf)));
    }
  }

  @Test
  void frames_that_go_back_and_empty_intervals_are_refused() {
    LevelMeter meter = new LevelMeter(INTERVAL);
    meter.process(signal.frame(0, 0, 100), level -> {});
    assertEquals(
        "samples begin at 99, which has passed: next is 100",
        assertThrows(
                IllegalArgumentException.class,
                () -> meter.process(signal.frame(1, 99, 200), level -> {}))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new LevelMeter(0));
  }

  private static List<Level> levels(List<AudioFrame> frames) {
    LevelMeter meter = new LevelMeter(INTERVAL);
    List<Level> levels = new ArrayList<>();
    frames.forEach(frame -> meter.process(frame, levels::add));
    return levels;
  }
}
