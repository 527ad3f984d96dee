package io.photophone.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.dsp.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PeakTrackerTest {
  private static final int SIZE = 4096;
  private static final int INTERVAL = 4800;

  @Test
  @Tag("M3")
  void frequency_amplitude_and_phase_are_those_of_the_tone() {
    double hz = 1987.654;
    List<Peak> peaks =
        Cuts.run(tracker(1000, 3000)::process, 0, Cuts.tone(0, 14_400, hz, 0.3, 20), n -> 1600);
    assertEquals(3, peaks.size());
    Peak peak = peaks.get(1);
    assertEquals(2 * INTERVAL, peak.endIndex());
    assertEquals(2 * INTERVAL - SIZE, peak.startIndex());
    Tone tone = tone(peak);
    assertEquals(hz, tone.frequencyHz().value(), 1e-6);
    assertEquals(0.3, tone.amplitude().value(), 0.3e-6);
    double phase = 2 * Math.PI * (hz * peak.startIndex() / 48_000) + Math.toRadians(20);
    assertEquals(
        0, Math.IEEEremainder(phase - tone.phaseRad().value(), 2 * Math.PI), Math.toRadians(1e-3));
  }

  @Test
  void a_stronger_tone_outside_the_band_does_not_count() {
    double[] samples =
        Cuts.sum(Cuts.tone(0, INTERVAL, 2000, 0.01, 0), Cuts.tone(0, INTERVAL, 4000, 0.5, 0));
    Peak peak = Cuts.run(tracker(1900, 2100)::process, 0, samples, n -> 1600).getFirst();
    assertEquals(2000, tone(peak).frequencyHz().value(), 0.01);
  }

  @Test
  void the_signal_to_noise_ratio_is_the_amplitude_over_its_uncertainty_seed_1() {
    double rms = 0.001;
    double[] samples =
        Cuts.sum(Cuts.tone(0, 100 * INTERVAL, 2000, 0.02, 0), Cuts.white(100 * INTERVAL, rms, 1));
    double mean =
        Cuts.run(tracker(1000, 3000)::process, 0, samples, n -> 1600).stream()
            .mapToDouble(Peak::signalToNoise)
            .average()
            .orElseThrow();
    // Hann weights lose a factor of 1.5 in variance against equal ones.
    double expected = 0.02 / (rms * Math.sqrt(2 * 1.5 / SIZE));
    assertEquals(expected, mean, 0.05 * expected);
  }

  @Test
  void noise_alone_has_no_tone_seed_2() {
    double[] samples = Cuts.white(500 * INTERVAL, 0.1, 2);
    List<Peak> peaks = Cuts.run(tracker(0, 24_000)::process, 0, samples, n -> 1600);
    assertEquals(500, peaks.size());
    for (Peak peak : peaks) {
      assertTrue(peak.complete());
      assertNull(peak.tone());
      assertTrue(Double.isNaN(peak.signalToNoise()));
    }
  }

  @Test
  void silence_has_no_tone() {
    Peak peak =
        Cuts.run(tracker(0, 24_000)::process, 0, new double[INTERVAL], n -> 1600).getFirst();
    assertTrue(peak.complete());
    assertNull(peak.tone());
  }

  @Test
  void a_missing_sample_leaves_the_blocks_it_is_part_of_without_a_tone() {
    double[] samples = Cuts.tone(0, 5 * INTERVAL, 2000, 0.5, 0);
    samples[INTERVAL - SIZE - 1] = Double.NaN;
    samples[2 * INTERVAL - SIZE] = Double.NaN;
    samples[3 * INTERVAL - 1] = Double.POSITIVE_INFINITY;
    List<Boolean> complete =
        Cuts.run(tracker(1000, 3000)::process, 0, samples, n -> 1600).stream()
            .map(Peak::complete)
            .toList();
    assertEquals(List.of(true, false, false, true, true), complete);
  }

  @Test
  void lost_samples_leave_the_blocks_they_are_part_of_without_a_tone() {
    double[] samples = Cuts.tone(0, 5 * INTERVAL, 2000, 0.5, 0);
    PeakTracker tracker = tracker(1000, 3000);
    List<Peak> peaks = new ArrayList<>();
    tracker.process(0, samples, INTERVAL + 10, peaks::add);
    double[] rest = Cuts.tone(INTERVAL + 11, 5 * INTERVAL, 2000, 0.5, 0);
    tracker.process(INTERVAL + 11, rest, 2 * INTERVAL - 11, peaks::add);
    tracker.process(6L * INTERVAL - 1000, rest, 1000, peaks::add);
    assertEquals(4, peaks.size());
    assertTrue(peaks.get(0).complete());
    assertTrue(peaks.get(1).complete(), "the block begins behind the gap");
    assertTrue(peaks.get(2).complete());
    assertFalse(peaks.get(3).complete());
    assertEquals(6L * INTERVAL, peaks.get(3).endIndex());
  }

  @Test
  void an_interval_that_lost_its_end_has_no_tone() {
    double[] samples = Cuts.tone(0, 2 * INTERVAL, 2000, 0.5, 0);
    PeakTracker tracker = tracker(1000, 3000);
    List<Peak> peaks = new ArrayList<>();
    tracker.process(0, samples, INTERVAL - 1, peaks::add);
    tracker.process(INTERVAL, samples, 1, peaks::add);
    assertEquals(1, peaks.size());
    assertFalse(peaks.getFirst().complete());
  }

  @Test
  @Tag("M12")
  void peaks_are_the_same_bits_however_the_samples_are_cut_seed_3() {
    double[] samples = Cuts.sum(Cuts.tone(0, 40_000, 2000, 0.1, 0), Cuts.white(40_000, 0.001, 3));
    samples[21_000] = Double.NaN;
    List<Peak> expected = Cuts.run(tracker(1000, 3000)::process, 777, samples, n -> samples.length);
    assertEquals(8, expected.size());
    for (IntUnaryOperator lengthOf : Cuts.LENGTHS) {
      assertEquals(expected, Cuts.run(tracker(1000, 3000)::process, 777, samples, lengthOf));
    }
  }

  @Test
  void a_band_that_cannot_be_searched_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> tracker(100, 100));
    assertThrows(IllegalArgumentException.class, () -> tracker(100, 24_001));
    assertThrows(IllegalArgumentException.class, () -> tracker(Double.NaN, 200));
  }

  private static PeakTracker tracker(double lowHz, double highHz) {
    return new PeakTracker(SIZE, INTERVAL, lowHz, highHz, 48_000);
  }

  private static Tone tone(Peak peak) {
    Tone tone = peak.tone();
    assertNotNull(tone);
    return tone;
  }
}
