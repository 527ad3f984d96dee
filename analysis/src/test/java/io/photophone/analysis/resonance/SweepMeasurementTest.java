package io.photophone.analysis.resonance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.dsp.Complex;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Phasor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M10")
class SweepMeasurementTest {
  private static final int RATE = SweptTone.RATE;
  private static final SweepPlan PLAN =
      new SweepPlan(1931.7, 2068.3, 15, Duration.ofMillis(251), 80);
  private static final SweptTone CELL = new SweptTone(2003, 80, 0.4, 33);

  private static List<SweepPoint> measured(float[][] samples, long startSample, int frameLength) {
    SweepMeasurement sweep = new SweepMeasurement(PLAN, RATE, startSample);
    SweptTone.frames(samples, startSample, frameLength).forEach(sweep::process);
    assertTrue(sweep.isComplete());
    return sweep.points();
  }

  @Test
  void each_step_has_the_amplitude_and_phase_of_the_resonance_against_the_laser() {
    List<SweepPoint> points = measured(CELL.samples(PLAN, 0, 1), 0, 1000);
    assertEquals(15, points.size());
    for (int step = 0; step < 15; step++) {
      SweepPoint point = points.get(step);
      assertEquals(PLAN.frequencyHz(step), point.frequencyHz());
      Complex truth = CELL.signalAt(point.frequencyHz());
      assertEquals(truth.re(), point.phasor().inPhase(), 1e-7);
      assertEquals(truth.im(), point.phasor().quadrature(), 1e-7);
      assertTrue(point.usable());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 37, 1600, 1_000_000})
  @Tag("M12")
  void frames_of_any_length_give_the_same_bits(int frameLength) {
    float[][] samples = CELL.samples(PLAN, 0.01, 2);
    assertEquals(measured(samples, 0, 999), measured(samples, 0, frameLength));
  }

  @Test
  void a_sweep_may_begin_anywhere_in_the_stream() {
    float[][] samples = CELL.samples(PLAN, 0.01, 3);
    assertEquals(measured(samples, 0, 1600), measured(samples, 123_456_789L, 1600));
    float[][] later = new float[2][];
    for (int channel = 0; channel < 2; channel++) {
      later[channel] = new float[samples[channel].length + 777];
      Arrays.fill(later[channel], 1);
      System.arraycopy(samples[channel], 0, later[channel], 500, samples[channel].length);
    }
    SweepMeasurement sweep = new SweepMeasurement(PLAN, RATE, 500);
    SweptTone.frames(later, 0, 1600).forEach(sweep::process);
    assertEquals(measured(samples, 0, 1600), sweep.points());
  }

  @Test
  void the_uncertainty_of_a_point_is_its_scatter() {
    double squares = 0;
    double reported = 0;
    int runs = 40;
    for (int run = 0; run < runs; run++) {
      for (SweepPoint point : measured(CELL.samples(PLAN, 0.02, 10 + run), 0, 1600)) {
        Complex truth = CELL.signalAt(point.frequencyHz());
        Phasor phasor = point.phasor();
        squares += Math.pow(phasor.inPhase() - truth.re(), 2);
        squares += Math.pow(phasor.quadrature() - truth.im(), 2);
        reported += 2 * Math.pow(phasor.standardUncertainty(), 2);
      }
    }
    // 1200 numbers tell a variance to 4 %.
    assertEquals(1, squares / reported, 0.16);
  }

  @Test
  void missing_samples_leave_their_step_without_a_phasor_and_no_other() {
    float[][] samples = CELL.samples(PLAN, 0, 1);
    SweepMeasurement sweep = new SweepMeasurement(PLAN, RATE, 0);
    int lostFrom = (int) PLAN.firstSample(4, RATE) + 3500;
    for (AudioFrame frame : SweptTone.frames(samples, 0, 100)) {
      if (frame.firstSampleIndex() <= lostFrom - 100 || frame.firstSampleIndex() > lostFrom) {
        sweep.process(frame);
      }
    }
    List<SweepPoint> points = sweep.points();
    for (int step = 0; step < 15; step++) {
      assertEquals(step == 4, Double.isNaN(points.get(step).phasor().inPhase()), "step " + step);
    }
    assertFalse(points.get(4).usable());
  }

  @Test
  void a_sample_that_is_no_number_is_missing() {
    float[][] samples = CELL.samples(PLAN, 0, 1);
    samples[1][(int) PLAN.firstSample(6, RATE) - 500] = Float.NaN;
    List<SweepPoint> points = measured(samples, 0, 1600);
    assertTrue(Double.isNaN(points.get(5).phasor().inPhase()));
    assertTrue(points.get(6).usable());
  }

  @Test
  void full_scale_makes_a_point_unusable() {
    float[][] samples = CELL.samples(PLAN, 0, 1);
    samples[0][(int) PLAN.firstSample(7, RATE) + 3500] = -1;
    List<SweepPoint> points = measured(samples, 0, 1600);
    assertEquals(
        List.of(7),
        IntStream.range(0, 15).filter(step -> points.get(step).clipped()).boxed().toList());
    assertFalse(points.get(7).usable());
  }

  @Test
  void a_signal_that_still_rises_has_not_settled() {
    float[][] samples = CELL.samples(PLAN, 1e-4, 5);
    int begin = (int) PLAN.firstSample(3, RATE);
    int end = (int) PLAN.firstSample(4, RATE);
    for (int n = begin; n < end; n++) {
      float gain = 0.9f + 0.1f * (n - begin) / (end - begin);
      samples[0][n] *= gain;
      samples[1][n] *= gain;
    }
    List<SweepPoint> points = measured(samples, 0, 1600);
    for (int step = 0; step < 15; step++) {
      assertEquals(step != 3, points.get(step).settled(), "step " + step);
    }
  }

  @Test
  void noise_alone_hardly_ever_looks_unsettled() {
    SweptTone silence = new SweptTone(2003, 80, 0, 0);
    Random seeds = new Random(7);
    for (int run = 0; run < 20; run++) {
      List<SweepPoint> points = measured(silence.samples(PLAN, 0.01, seeds.nextLong()), 0, 1600);
      assertTrue(points.stream().allMatch(SweepPoint::settled));
    }
  }

  @Test
  void a_frame_of_another_rate_is_refused() {
    SweepMeasurement sweep = new SweepMeasurement(PLAN, RATE, 0);
    AudioFrame frame =
        new AudioFrame(new float[10], new float[10], 48_000, 3, 0, CaptureTime.UNKNOWN);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> sweep.process(frame));
    assertEquals("frame 3 has a rate of 48000 Hz in a sweep at 16000 Hz", refusal.getMessage());
  }

  @Test
  void a_recording_that_is_too_short_is_not_complete() {
    float[][] samples = CELL.samples(PLAN, 0, 1);
    SweepMeasurement sweep = new SweepMeasurement(PLAN, RATE, 0);
    SweptTone.frames(samples, 0, 1600).stream()
        .filter(frame -> frame.endSampleIndex() < samples[0].length)
        .forEach(sweep::process);
    assertFalse(sweep.isComplete());
    assertEquals(14, sweep.points().size());
  }
}
