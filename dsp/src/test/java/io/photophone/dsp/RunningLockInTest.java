package io.photophone.dsp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M5")
class RunningLockInTest {
  private static final double RATE = 48_000;
  private static final Reference REFERENCE = new Reference(1999.7, RATE);

  static Stream<double[]> golden() {
    return Golden.lines("lockin_rc.csv").stream().map(Golden::numbers);
  }

  static Stream<RunningLockIn> lockIns() {
    return Stream.of(
        new RcLockIn(REFERENCE, new RcLowPass(1, 0.01)),
        new RcLockIn(REFERENCE, new RcLowPass(4, 0.005)),
        new RcLockIn(REFERENCE, new RcLowPass(8, 0.002)),
        new BoxcarLockIn(REFERENCE, 1),
        new BoxcarLockIn(REFERENCE, 97));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void the_figures_of_the_low_pass_are_the_golden_ones(double[] row) {
    RcLowPass lowPass = new RcLowPass((int) row[0], 0.3);
    assertEquals(row[1], lowPass.bandwidthHz() * 2 * Math.PI * 0.3, 1e-12);
    // The golden numbers are rounded, to seven digits and to three.
    assertEquals(row[2], lowPass.noiseBandwidthHz() * 0.3, 0.5e-7);
    assertEquals(row[3], lowPass.settlingSeconds(0.01) / 0.3, 0.5e-3);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void a_jump_has_settled_when_the_golden_time_has_passed(double[] row) {
    RunningLockIn lockIn = new RcLockIn(new Reference(8000, RATE), new RcLowPass((int) row[0], 1));
    long settling = Math.round(row[3] * RATE);
    for (long n = 0; n < settling; n++) {
      lockIn.add(Math.cos(2 * Math.PI * 8000 / RATE * n));
    }
    // The golden time is rounded (5e-6 here), and the image at 16 kHz is 1e-5.
    assertEquals(0.99, lockIn.signal().re(), 2e-5);
    assertEquals(row[3] * RATE, (double) lockIn.settlingSamples(0.01), 0.5e-3 * RATE + 1);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void a_signal_beside_the_reference_falls_to_half_its_power_at_the_golden_bandwidth(double[] row) {
    double timeConstant = 0.02;
    double offsetHz = row[1] / (2 * Math.PI * timeConstant);
    RunningLockIn lockIn =
        new RcLockIn(new Reference(8000, RATE), new RcLowPass((int) row[0], timeConstant));
    Reference beside = new Reference(8000 + offsetHz, RATE);
    double power = 0;
    int from = 40_000;
    int to = from + (int) Math.round(8 * RATE / offsetHz);
    for (int n = 0; n < to; n++) {
      lockIn.add(Math.cos(2 * Math.PI * beside.cycles(n)));
      power += n < from ? 0 : lockIn.signal().squaredMagnitude() / (to - from);
    }
    assertEquals(0.5, power, 1e-3);
  }

  @ParameterizedTest(name = "seed 51")
  @MethodSource("lockIns")
  void noise_comes_through_as_the_noise_bandwidth_says(RunningLockIn lockIn) {
    Random random = new Random(51);
    double squares = 0;
    int count = 2_000_000;
    lockIn.start(0);
    for (int n = 0; n < count; n++) {
      lockIn.add(random.nextGaussian());
      if (n >= 100_000) {
        squares += lockIn.signal().squaredMagnitude() / (count - 100_000);
      }
    }
    double density = 2 / RATE;
    double expected = 2 * 2 * density * lockIn.noiseBandwidthHz();
    // X and Y are each the mean of some 2B · 40 s independent values.
    double independent = 2 * lockIn.noiseBandwidthHz() * count / RATE;
    assertEquals(1, squares / expected, 4 / Math.sqrt(independent) + 0.01);
  }

  @ParameterizedTest
  @MethodSource("lockIns")
  void a_settled_signal_is_that_of_the_samples(RunningLockIn lockIn) {
    long from = 1_000_000_000_123L;
    lockIn.start(from);
    long settling = lockIn.settlingSamples(1e-9);
    for (long n = from; n < from + settling; n++) {
      lockIn.add(0.3 * Math.cos(2 * Math.PI * REFERENCE.cycles(n) + 0.7));
    }
    Complex expected = new Complex(0.3 * Math.cos(0.7), 0.3 * Math.sin(0.7));
    double tolerance = lockIn instanceof BoxcarLockIn ? 1e-11 : 1e-9;
    assertEquals(0, lockIn.signal().minus(expected).magnitude(), tolerance);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.0001", "1, 0.001", "2, 0.0005", "4, 0.01"})
  void the_image_that_a_low_pass_leaves_is_solved_for_at_every_sample(
      int order, double timeConstant) {
    // One stage of 0.1 ms leaves two fifths of it.
    RunningLockIn lockIn = new RcLockIn(REFERENCE, new RcLowPass(order, timeConstant));
    lockIn.start(0);
    long settling = lockIn.settlingSamples(1e-13);
    for (long n = 0; n < settling + 100; n++) {
      lockIn.add(Math.cos(2 * Math.PI * REFERENCE.cycles(n) - 0.4));
      if (n >= settling) {
        assertEquals(1, lockIn.signal().magnitude(), 1e-11);
        assertEquals(-0.4, lockIn.signal().phaseRad(), 1e-11);
      }
    }
  }

  @Test
  void a_harmonic_is_measured_beside_a_stronger_fundamental() {
    RunningLockIn second = new BoxcarLockIn(REFERENCE.harmonic(2), 2 * 1999);
    RunningLockIn first = new BoxcarLockIn(REFERENCE, 1999);
    for (long n = 0; n < RATE * 2; n++) {
      double phase = 2 * Math.PI * REFERENCE.cycles(n);
      double sample = 0.5 * Math.cos(phase + 0.1) + 0.001 * Math.cos(2 * phase - 0.4);
      first.add(sample);
      second.add(sample);
    }
    // The window is whole periods to half a sample in 48 000.
    assertEquals(0.001, second.signal().magnitude(), 2e-5);
    assertEquals(-0.4, second.signal().phaseRad(), 2e-2);
    assertEquals(0.5, first.signal().magnitude(), 2e-5);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 77, 48_000, 123_456_789_012_345L})
  void a_harmonics_phase_is_its_multiple_at_every_sample(long n) {
    double twice = REFERENCE.harmonic(2).cycles(n) - 2 * REFERENCE.cycles(n);
    double thrice = REFERENCE.harmonic(3).cycles(n) - 3 * REFERENCE.cycles(n);
    assertEquals(0, twice - Math.rint(twice), 1e-11);
    assertEquals(0, thrice - Math.rint(thrice), 1e-11);
  }

  @ParameterizedTest(name = "seed 61")
  @MethodSource("lockIns")
  void the_signal_depends_on_the_last_samples_alone_bit_for_bit(RunningLockIn lockIn) {
    double[] samples = new Random(61).doubles(5000, -1, 1).toArray();
    Complex[] signals = new Complex[samples.length];
    lockIn.start(7000);
    for (int n = 0; n < samples.length; n++) {
      lockIn.add(samples[n]);
      signals[n] = lockIn.signal();
    }
    lockIn.add(Double.NaN);
    lockIn.start(7000);
    Complex[] again = new Complex[samples.length];
    for (int n = 0; n < samples.length; n++) {
      lockIn.add(samples[n]);
      again[n] = lockIn.signal();
    }
    assertArrayEquals(signals, again);
  }

  @Test
  void a_boxcar_slides_over_its_window_without_piling_up_rounding() {
    Reference reference = new Reference(2000, RATE);
    BoxcarLockIn lockIn = new BoxcarLockIn(reference, 10);
    assertEquals(240, lockIn.length());
    for (int n = 0; n < 10_000; n++) {
      lockIn.add(1e9 * Math.cos(n));
    }
    for (int n = 10_000; n < 10_000 + 240; n++) {
      lockIn.add(1e-3 * Math.cos(2 * Math.PI * reference.cycles(n)));
    }
    assertEquals(1e-3, lockIn.signal().re(), 1e-15);
  }

  @Test
  void a_boxcar_forgets_a_sample_that_was_no_number_with_its_window_and_an_rc_keeps_it() {
    BoxcarLockIn boxcar = new BoxcarLockIn(REFERENCE, 10);
    RcLockIn rc = new RcLockIn(REFERENCE, new RcLowPass(2, 1e-4));
    for (int n = 0; n < 100; n++) {
      boxcar.add(0.5);
      rc.add(0.5);
    }
    boxcar.add(Double.NaN);
    rc.add(Double.POSITIVE_INFINITY);
    for (int n = 1; n < boxcar.length(); n++) {
      boxcar.add(0.5);
      rc.add(0.5);
      assertFalse(Double.isFinite(boxcar.signal().re()));
    }
    boxcar.add(0.5);
    assertEquals(0, boxcar.signal().re(), 0.01);
    assertFalse(Double.isFinite(rc.signal().re()));
    rc.start(0);
    rc.add(0);
    assertEquals(Complex.ZERO.magnitude(), rc.signal().magnitude());
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "9, 1", "2, 0", "2, -1", "2, NaN", "2, Infinity"})
  void a_low_pass_that_is_none_is_refused(int order, double timeConstant) {
    assertThrows(IllegalArgumentException.class, () -> new RcLowPass(order, timeConstant));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
  void a_remainder_that_is_none_is_refused(double remainder) {
    RcLowPass lowPass = new RcLowPass(2, 1);
    assertThrows(IllegalArgumentException.class, () -> lowPass.settlingSeconds(remainder));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MAX_VALUE})
  void a_window_without_a_period_or_too_long_is_refused(int periods) {
    assertThrows(IllegalArgumentException.class, () -> new BoxcarLockIn(REFERENCE, periods));
  }

  @Test
  void a_harmonic_above_half_the_rate_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> REFERENCE.harmonic(13));
    assertThrows(IllegalArgumentException.class, () -> REFERENCE.harmonic(0));
    assertEquals(
        List.of(12 * REFERENCE.cyclesPerSample()),
        List.of(REFERENCE.harmonic(12).cyclesPerSample()));
  }
}
