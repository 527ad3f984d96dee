package io.photophone.analysis.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.TestSignal;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.model.AudioFrame;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasuringChainTest {
  private static final int RATE = 48_000;
  private static final Calibration CALIBRATION =
      new Calibration("c1", ConcentrationUnit.PPM, 0.002, 0.001, 30, 0.01, 100, null);

  @Test
  void a_window_is_the_integration_rounded_to_whole_periods() {
    assertEquals(48_000, measure(silence(50_000), config(2000, 1)).getFirst().toSample());
    // 200 periods of 1999.7 Hz
    assertEquals(4801, measure(silence(50_000), config(1999.7, 0.1)).getFirst().toSample());
  }

  @Test
  void readings_follow_one_another_without_a_hole_and_tell_their_time() {
    List<Reading> readings = measure(silence(20_000), config(2000, 0.1));
    assertEquals(4, readings.size());
    for (int i = 0; i < 4; i++) {
      assertEquals(4800L * i, readings.get(i).fromSample());
      assertEquals(4800L * (i + 1), readings.get(i).toSample());
      assertEquals(TestSignal.START.instant().plusMillis(100L * i), readings.get(i).startTime());
    }
  }

  @Test
  void a_reading_carries_what_it_is_of() {
    MeasurementConfig config =
        new MeasurementConfig(
            "left", "CO2", 1234.5, Duration.ofMillis(100), 400, MeasurementConfig.Channel.A);
    Reading reading = measure(silence(5000), config).getFirst();
    assertEquals("left", reading.instrument());
    assertEquals("CO2", reading.gas());
    assertEquals(1234.5, reading.modulationHz());
    assertEquals(RATE, reading.sampleRateHz());
  }

  @ParameterizedTest
  @EnumSource(MeasurementConfig.Channel.class)
  void the_channel_decides_what_is_measured(MeasurementConfig.Channel channel) {
    TestSignal signal = new TestSignal(RATE, 10_000);
    for (int n = 0; n < signal.a.length; n++) {
      signal.a[n] = (float) (0.1 * Math.cos(2 * Math.PI * n / 24));
      signal.b[n] = (float) (0.3 * Math.sin(2 * Math.PI * n / 24));
    }
    MeasurementConfig config =
        new MeasurementConfig("cell", "gas", 2000, Duration.ofMillis(100), 400, channel);
    Phasor phasor = measure(signal, config).get(1).phasor();
    boolean a = channel != MeasurementConfig.Channel.B;
    boolean b = channel != MeasurementConfig.Channel.A;
    assertEquals(a ? 0.1 : 0, phasor.inPhase(), 1e-6);
    assertEquals(!b ? 0 : a ? 0.3 : -0.3, phasor.quadrature(), 1e-6);
  }

  @Test
  void the_first_window_is_settling_and_the_second_is_not() {
    TestSignal signal = new TestSignal(RATE, 96_000).tone(2000, 0.1, 20);
    List<Reading> readings = measure(signal, config(2000, 1));
    assertEquals(Set.of(ReadingFlag.SETTLING, ReadingFlag.UNCALIBRATED), readings.get(0).flags());
    assertEquals(Set.of(ReadingFlag.UNCALIBRATED), readings.get(1).flags());
    assertEquals(0.1, readings.get(0).phasor().amplitude(), 1e-6);
  }

  @Test
  void a_window_in_which_the_filter_never_settles_has_no_value() {
    MeasurementConfig narrow =
        new MeasurementConfig(
            "cell", "gas", 2000, Duration.ofSeconds(1), 8, MeasurementConfig.Channel.DIFFERENCE);
    List<Reading> readings = measure(new TestSignal(RATE, 192_000).tone(2000, 0.1, 0), narrow);
    assertEquals(Phasor.NONE, readings.getFirst().phasor());
    assertTrue(readings.getFirst().has(ReadingFlag.LOW_SIGNAL));
    assertFalse(readings.getLast().has(ReadingFlag.SETTLING));
    assertEquals(0.1, readings.getLast().phasor().amplitude(), 1e-6);
  }

  @ParameterizedTest(name = "from {0} to {1} at {2} s of a window, seed 3")
  @CsvSource({
    "0.1, 0.2, 0.5",
    "0.1, 0.11, 0.02",
    "0.1, 0.11, 0.98",
    "0, 0.001, 0.5",
    "0.001, 0, 0.25"
  })
  void a_change_within_the_window_is_settling(double before, double after, double at) {
    int step = (int) ((2 + at) * RATE);
    TestSignal signal =
        new TestSignal(RATE, 4 * RATE)
            .tone(2000, before, 10, 0, step)
            .tone(2000, after, 10, step, 4 * RATE)
            .white(5e-4, 3)
            .quantised();
    List<Reading> readings = measure(signal, config(2000, 1));
    assertFalse(readings.get(1).has(ReadingFlag.SETTLING));
    assertTrue(readings.get(2).has(ReadingFlag.SETTLING));
    assertFalse(readings.get(3).has(ReadingFlag.SETTLING));
  }

  @Test
  void a_change_of_phase_is_settling() {
    TestSignal signal =
        new TestSignal(RATE, 3 * RATE)
            .tone(2000, 0.1, 10, 0, 120_000)
            .tone(2000, 0.1, 12, 120_000, 3 * RATE)
            .white(5e-4, 5)
            .quantised();
    List<Reading> readings = measure(signal, config(2000, 1));
    assertFalse(readings.get(1).has(ReadingFlag.SETTLING));
    assertTrue(readings.get(2).has(ReadingFlag.SETTLING));
  }

  @Test
  void a_change_below_a_thousandth_is_no_settling() {
    TestSignal signal =
        new TestSignal(RATE, 3 * RATE)
            .tone(2000, 0.1, 10, 0, 120_000)
            .tone(2000, 0.1 * 1.0005, 10, 120_000, 3 * RATE)
            .quantised();
    assertFalse(measure(signal, config(2000, 1)).get(2).has(ReadingFlag.SETTLING));
  }

  @Test
  void lost_samples_flag_their_window_and_spare_its_value() {
    TestSignal signal = new TestSignal(RATE, 5 * RATE).tone(2000, 0.1, 20).white(1e-4, 9);
    List<Reading> readings = new ArrayList<>();
    AnalysisGraph graph = graph(config(2000, 1), null, RATE, false);
    graph.measure(signal.frame(0, 0, 100_000), readings::add);
    graph.measure(signal.frame(1, 110_000, 5 * RATE), readings::add);
    assertEquals(5, readings.size());
    assertTrue(readings.get(2).has(ReadingFlag.GAP));
    assertTrue(readings.get(2).has(ReadingFlag.SETTLING));
    assertEquals(0.1, readings.get(2).phasor().amplitude(), 1e-5);
    assertEquals(20, readings.get(2).phasor().phaseDeg(), 0.01);
    assertFalse(readings.get(1).has(ReadingFlag.GAP));
    assertEquals(Set.of(ReadingFlag.UNCALIBRATED), readings.get(3).flags());
  }

  @Test
  void a_window_that_lost_more_than_half_has_no_value() {
    TestSignal signal = new TestSignal(RATE, 3 * RATE).tone(2000, 0.1, 20);
    List<Reading> readings = new ArrayList<>();
    AnalysisGraph graph = graph(config(2000, 1), CALIBRATION, RATE, false);
    graph.measure(signal.frame(0, 0, 50_000), readings::add);
    graph.measure(signal.frame(1, 76_000, 3 * RATE), readings::add);
    Reading reading = readings.get(1);
    assertEquals(Phasor.NONE, reading.phasor());
    assertNull(reading.concentration());
    assertEquals(
        EnumSet.of(ReadingFlag.GAP, ReadingFlag.SETTLING, ReadingFlag.LOW_SIGNAL), reading.flags());
  }

  @Test
  void a_window_without_any_sample_gives_no_reading() {
    TestSignal signal = new TestSignal(RATE, 6 * RATE).tone(2000, 0.1, 20);
    List<Reading> readings = new ArrayList<>();
    AnalysisGraph graph = graph(config(2000, 1), null, RATE, false);
    graph.measure(signal.frame(0, 0, 72_000), readings::add);
    graph.measure(signal.frame(1, 4 * RATE, 6 * RATE), readings::add);
    assertEquals(
        List.of(0L, 48_000L, 192_000L, 240_000L),
        readings.stream().map(Reading::fromSample).toList());
    assertTrue(readings.get(1).has(ReadingFlag.GAP));
    assertFalse(readings.get(2).has(ReadingFlag.GAP));
    assertTrue(readings.get(2).has(ReadingFlag.SETTLING));
    assertEquals(TestSignal.START.instant().plusSeconds(4), readings.get(2).startTime());
  }

  @Test
  void a_stream_joined_late_keeps_grid_phase_and_time() {
    TestSignal signal = new TestSignal(RATE, 3 * RATE).tone(2000, 0.1, 20);
    List<Reading> readings = new ArrayList<>();
    AnalysisGraph graph = graph(config(2000, 1), null, RATE, false);
    graph.measure(signal.frame(0, 60_001, 3 * RATE), readings::add);
    assertEquals(48_000, readings.getFirst().fromSample());
    assertTrue(readings.getFirst().has(ReadingFlag.GAP));
    assertEquals(TestSignal.START.instant().plusSeconds(1), readings.getFirst().startTime());
    assertEquals(20, readings.getLast().phasor().phaseDeg(), 1e-3);
    assertEquals(Set.of(ReadingFlag.UNCALIBRATED), readings.getLast().flags());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void a_sample_that_is_no_number_is_a_missing_one(float value) {
    TestSignal signal = new TestSignal(RATE, 4 * RATE).tone(2000, 0.1, 20);
    signal.b[70_000] = value;
    List<Reading> readings = measure(signal, config(2000, 1));
    assertEquals(
        EnumSet.of(ReadingFlag.GAP, ReadingFlag.SETTLING, ReadingFlag.UNCALIBRATED),
        readings.get(1).flags());
    assertEquals(0.1, readings.get(1).phasor().amplitude(), 1e-6);
    assertEquals(Set.of(ReadingFlag.UNCALIBRATED), readings.get(2).flags());
    assertEquals(0.1, readings.get(2).phasor().amplitude(), 1e-6);
  }

  @Test
  void a_stream_of_no_numbers_gives_flagged_readings_without_a_value() {
    TestSignal signal = new TestSignal(RATE, RATE).offset(Float.NaN, 0);
    for (Reading reading : measure(signal, config(2000, 0.1))) {
      assertEquals(Phasor.NONE, reading.phasor());
      assertTrue(reading.has(ReadingFlag.GAP));
      assertTrue(reading.has(ReadingFlag.LOW_SIGNAL));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, true", "-1, true", "0.99998, true", "0.9999, false"})
  void a_sample_at_full_scale_is_clipped(float value, boolean clipped) {
    TestSignal signal = silence(20_000);
    signal.b[6000] = value;
    List<Reading> readings = measure(signal, config(2000, 0.1));
    assertEquals(clipped, readings.get(1).has(ReadingFlag.CLIPPED));
    assertFalse(readings.get(0).has(ReadingFlag.CLIPPED));
    assertFalse(readings.get(2).has(ReadingFlag.CLIPPED));
  }

  @Test
  void clipping_of_a_microphone_that_is_not_measured_does_not_matter() {
    TestSignal signal = silence(20_000).offset(0, 1);
    MeasurementConfig config =
        new MeasurementConfig(
            "cell", "gas", 2000, Duration.ofMillis(100), 400, MeasurementConfig.Channel.A);
    assertFalse(measure(signal, config).getLast().has(ReadingFlag.CLIPPED));
  }

  @Test
  void digital_silence_is_no_zero_gas_but_no_signal_at_all() {
    Reading reading = measure(silence(RATE), config(2000, 0.1), CALIBRATION).getLast();
    assertEquals(Phasor.NONE, reading.phasor());
    assertNull(reading.concentration());
    assertEquals(Set.of(ReadingFlag.LOW_SIGNAL), reading.flags());
  }

  @Test
  void what_a_filter_makes_of_a_clipped_sample_is_clipped_in_the_next_window_too() {
    TestSignal signal = new TestSignal(RATE, 4 * RATE).tone(2000, 0.01, 30).white(1e-4, 8);
    for (int n = 2 * RATE - 480; n < 2 * RATE; n++) {
      signal.a[n] = 1;
    }
    List<Reading> readings = measure(signal, config(2000, 1), CALIBRATION);
    assertTrue(readings.get(1).has(ReadingFlag.CLIPPED));
    assertTrue(readings.get(2).has(ReadingFlag.CLIPPED));
    assertFalse(readings.get(3).has(ReadingFlag.CLIPPED));
  }

  @Test
  void a_constant_is_no_signal() {
    TestSignal signal = silence(RATE).offset(0.5, -0.3);
    assertEquals(0, measure(signal, config(2000, 0.1)).getLast().phasor().amplitude(), 1e-9);
  }

  @ParameterizedTest(name = "{0} times its uncertainty, seed 21")
  @CsvSource({"1, true", "9, false"})
  void a_signal_below_three_uncertainties_is_low(double times, boolean low) {
    // The uncertainty over 1 s of noise of 0.001 in each of two microphones.
    double uncertainty = 0.001 * Math.sqrt(2) * Math.sqrt(2.0 / RATE);
    TestSignal signal =
        new TestSignal(RATE, 2 * RATE).tone(2000, times * uncertainty, 0).white(0.001, 21);
    Reading reading = measure(signal, config(2000, 1)).getLast();
    assertEquals(uncertainty, reading.phasor().standardUncertainty(), 0.3 * uncertainty);
    assertEquals(low, reading.has(ReadingFlag.LOW_SIGNAL));
  }

  @Test
  void the_concentration_follows_the_straight_line_of_the_calibration() {
    // 30 degrees is the calibration's direction; 50 ppm give 0.001 + 50 * 0.002.
    TestSignal signal = new TestSignal(RATE, 96_000).tone(2000, 0.101, 30).white(1e-4, 6);
    Reading reading = measure(signal, config(2000, 1), CALIBRATION).getLast();
    Concentration concentration = reading.concentration();
    assertNotNull(concentration);
    assertEquals(50, concentration.value(), 0.005);
    assertEquals(0.5, concentration.standardUncertainty(), 0.001);
    assertEquals(ConcentrationUnit.PPM, concentration.unit());
    assertEquals("c1", concentration.calibrationId());
    assertEquals(Set.of(), reading.flags());
  }

  @Test
  void noise_counts_in_the_uncertainty_of_a_concentration() {
    TestSignal signal = new TestSignal(RATE, 96_000).tone(2000, 0.001, 30).white(0.01, 6);
    Reading reading = measure(signal, config(2000, 1), CALIBRATION).getLast();
    Concentration concentration = reading.concentration();
    assertNotNull(concentration);
    assertEquals(
        reading.phasor().standardUncertainty() / 0.002, concentration.standardUncertainty(), 1e-4);
  }

  @ParameterizedTest(name = "{0} at {1} degrees, seed 6")
  @CsvSource({
    "0.1, 30, false",
    "0.1, 34, false",
    "0.1, 36, true",
    "0.1, 24, true",
    "0.1, 94, true",
    "0.1, -150, false",
    "0.00001, 120, false",
    "0.0001, 120, true"
  })
  void a_phase_that_is_not_the_calibrated_one_is_off_resonance(
      double amplitude, double phaseDeg, boolean off) {
    TestSignal signal = new TestSignal(RATE, 96_000).tone(2000, amplitude, phaseDeg).white(3e-4, 6);
    Reading reading = measure(signal, config(2000, 1), CALIBRATION).getLast();
    assertEquals(off, reading.has(ReadingFlag.OFF_RESONANCE));
  }

  @Test
  void without_a_calibration_no_phase_is_wrong() {
    TestSignal signal = new TestSignal(RATE, 96_000).tone(2000, 0.1, 94);
    assertFalse(measure(signal, config(2000, 1)).getLast().has(ReadingFlag.OFF_RESONANCE));
  }

  @ParameterizedTest
  @CsvSource({"0.3, true", "0.203, true", "0.198, false", "0.0009995, false", "-0.05, true"})
  void out_of_range_is_above_the_highest_or_clearly_below_zero(double amplitude, boolean outside) {
    TestSignal signal = new TestSignal(RATE, 96_000).tone(2000, amplitude, 30).white(1e-4, 6);
    Reading reading = measure(signal, config(2000, 1), CALIBRATION).getLast();
    assertEquals(outside, reading.has(ReadingFlag.OUT_OF_RANGE));
  }

  @ParameterizedTest
  @CsvSource({"-1, true", "0, false", "1, false"})
  void a_calibration_expires_before_the_window_that_begins_later(long seconds, boolean expired) {
    Instant windowStart = TestSignal.START.instant().plusMillis(100);
    Calibration until =
        new Calibration(
            "c2", ConcentrationUnit.PPM, 1, 0, 0, 0, 1, windowStart.plusSeconds(seconds));
    Reading reading = measure(silence(9600), config(2000, 0.1), until).get(1);
    assertEquals(expired, reading.has(ReadingFlag.CALIBRATION_EXPIRED));
  }

  @Test
  void computed_samples_flag_every_reading() {
    AnalysisGraph graph = graph(config(2000, 0.1), null, RATE, true);
    List<Reading> readings = new ArrayList<>();
    silence(RATE).frames().forEach(frame -> graph.measure(frame, readings::add));
    assertEquals(10, readings.size());
    assertTrue(readings.stream().allMatch(reading -> reading.has(ReadingFlag.SIMULATED)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {24_000, 30_000})
  void a_modulation_at_half_the_sample_rate_or_above_is_refused(double hz) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> graph(config(hz, 1), null, RATE, false));
    assertEquals(
        "node 2: modulation_hz is %s, allowed at a sample rate of 48000 Hz: below 24000.0"
            .formatted(hz),
        refusal.getMessage());
  }

  @Test
  void an_integration_too_short_for_the_band_is_refused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> graph(config(10, 0.05), null, RATE, false));
    assertEquals(
        "node 2: the filters before it are too narrow around 10.0 Hz for readings over 0.1 s,"
            + " needed: ± 40.0 Hz",
        refusal.getMessage());
  }

  @Test
  void a_frame_of_another_rate_or_from_the_past_is_refused() {
    AnalysisGraph graph = graph(config(2000, 0.1), null, RATE, false);
    AudioFrame other = new TestSignal(44_100, 10).frame(3, 0, 10);
    assertThrows(IllegalArgumentException.class, () -> graph.measure(other, reading -> {}));
    graph.measure(silence(100).frame(0, 0, 100), reading -> {});
    AudioFrame past = silence(100).frame(1, 99, 100);
    assertThrows(IllegalArgumentException.class, () -> graph.measure(past, reading -> {}));
  }

  private static MeasurementConfig config(double hz, double seconds) {
    return new MeasurementConfig(
        "cell",
        "gas",
        hz,
        Duration.ofNanos(Math.round(seconds * 1e9)),
        400,
        MeasurementConfig.Channel.DIFFERENCE);
  }

  private static TestSignal silence(int samples) {
    return new TestSignal(RATE, samples);
  }

  private static List<Reading> measure(TestSignal signal, MeasurementConfig config) {
    return measure(signal, config, null);
  }

  private static List<Reading> measure(
      TestSignal signal, MeasurementConfig config, @Nullable Calibration calibration) {
    AnalysisGraph graph = graph(config, calibration, signal.rateHz, false);
    List<Reading> readings = new ArrayList<>();
    signal.frames().forEach(frame -> graph.measure(frame, readings::add));
    return readings;
  }

  static AnalysisGraph graph(
      MeasurementConfig config, @Nullable Calibration calibration, int rateHz, boolean simulated) {
    return AnalysisGraph.of(
        GraphSpec.measuring(config, calibration, rateHz),
        GraphContext.of(config.instrument(), rateHz, simulated));
  }
}
