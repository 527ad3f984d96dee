package io.photophone.analysis.resonance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.dsp.Complex;
import io.photophone.dsp.Estimate;
import io.photophone.model.Phasor;
import io.photophone.model.ResonanceTrack;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M10")
class ResonanceTrackerTest {
  private static final double LASER_HZ = 2000;
  private static final ResonanceTracker TRACKER =
      new ResonanceTracker(new Estimate(80, 0), new Estimate(170, 0));

  private static Phasor phasor(double resonanceHz, double amplitude, double uncertainty) {
    Complex signal = new SweptTone(resonanceHz, 80, amplitude, 170).signalAt(LASER_HZ);
    return new Phasor(signal.re(), signal.im(), uncertainty);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1980, 1990, 1999.9, 2000, 2000.8, 2010, 2025})
  void the_phase_tells_where_the_resonance_is(double resonanceHz) {
    ResonanceTrack track = TRACKER.track(phasor(resonanceHz, 0.1, 1e-5), LASER_HZ);
    assertNotNull(track);
    assertEquals(resonanceHz, track.frequencyHz(), 1e-9);
    assertEquals(80, track.quality());
  }

  @Test
  void a_calibrated_phase_off_resonance_is_referred_to_it() {
    Phasor calibrated = phasor(2000.8, 0.1, 1e-5);
    ResonanceTracker tracker =
        ResonanceTracker.ofCalibrated(
            new Estimate(2000.8, 0.05), new Estimate(80, 0.5), LASER_HZ, calibrated.phaseDeg());
    assertEquals(0, Math.IEEEremainder(tracker.phaseAtResonanceDeg().value() - 170, 360), 1e-9);
    ResonanceTrack then = tracker.track(calibrated, LASER_HZ);
    assertNotNull(then);
    assertEquals(2000.8, then.frequencyHz(), 1e-9);
    ResonanceTrack later = tracker.track(phasor(2007, 0.1, 1e-5), LASER_HZ);
    assertNotNull(later);
    assertEquals(2007, later.frequencyHz(), 1e-9);
    assertEquals(0.05, then.frequencyUncertaintyHz(), 0.005);
  }

  @Test
  void the_uncertainty_is_the_scatter() {
    Random random = new Random(5);
    double uncertainty = 0.002;
    double squares = 0;
    int runs = 2000;
    for (int run = 0; run < runs; run++) {
      Phasor clean = phasor(2006, 0.1, uncertainty);
      Phasor noisy =
          new Phasor(
              clean.inPhase() + uncertainty * random.nextGaussian(),
              clean.quadrature() + uncertainty * random.nextGaussian(),
              uncertainty);
      // Quality and phase are as uncertain as they claim.
      ResonanceTracker tracker =
          new ResonanceTracker(
              new Estimate(80 + random.nextGaussian(), 1),
              new Estimate(170 + 0.5 * random.nextGaussian(), 0.5));
      ResonanceTrack track = tracker.track(noisy, LASER_HZ);
      assertNotNull(track);
      double score = (track.frequencyHz() - 2006) / track.frequencyUncertaintyHz();
      squares += score * score / runs;
    }
    // 2000 runs tell a variance to 3.2 %.
    assertEquals(1, squares, 0.13);
  }

  @Test
  void a_weak_signal_tells_nothing() {
    assertNotNull(TRACKER.track(phasor(2000, 0.1, 0.0099), LASER_HZ));
    assertNull(TRACKER.track(phasor(2000, 0.1, 0.0101), LASER_HZ));
    assertNull(TRACKER.track(Phasor.NONE, LASER_HZ));
  }

  @Test
  void a_resonance_far_off_or_a_signal_of_opposite_sign_tells_nothing() {
    assertNull(TRACKER.track(phasor(2100, 0.1, 1e-5), LASER_HZ));
    assertNull(TRACKER.track(phasor(1900, 0.1, 1e-5), LASER_HZ));
    assertNull(TRACKER.track(phasor(2000, -0.1, 1e-5), LASER_HZ));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void a_quality_that_is_none_is_refused(double quality) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ResonanceTracker(new Estimate(quality, 0), new Estimate(0, 0)));
    assertEquals("quality is %s, allowed: above 0".formatted(quality), refusal.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new ResonanceTracker(new Estimate(80, 0), new Estimate(Double.NaN, 0)));
  }
}
