package io.photophone.analysis.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.TestSignal;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.model.AudioFrame;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a measurement promises about its numbers, over many seeded signals.
class MeasuringChainPropertyTest {
  @Tag("M6")
  @ParameterizedTest(name = "{0} Hz at {1} Hz over {2} s, amplitude {3}, seed 1")
  @CsvSource({
    "2000, 48000, 1, 0.17, 33",
    "2000, 48000, 1, 0.003, -170",
    "1987.6, 48000, 0.5, 0.5, 180",
    "2000, 44100, 1, 0.05, 0.4",
    "100, 48000, 1, 0.05, -90",
    "12345.6, 48000, 0.3, 0.05, 90",
    "20000, 44100, 0.3, 0.05, 60",
    "23900, 48000, 0.2, 0.05, 60",
    "60000, 192000, 0.2, 0.05, 60"
  })
  void amplitude_is_right_to_a_thousandth_and_phase_to_a_tenth_of_a_degree(
      double hz, int rate, double seconds, double amplitude, double phaseDeg) {
    TestSignal signal =
        new TestSignal(rate, (int) (6.5 * seconds * rate))
            .tone(hz, amplitude, phaseDeg)
            .white(5e-4, 1)
            .quantised();
    List<Reading> readings = measure(signal.frames(), config(hz, seconds), null);
    assertEquals(6, readings.size());
    for (Reading reading : readings.subList(1, 6)) {
      assertFalse(reading.has(ReadingFlag.SETTLING));
      double uncertainty = reading.phasor().standardUncertainty();
      assertEquals(
          amplitude, reading.phasor().amplitude(), Math.max(0.001 * amplitude, 3 * uncertainty));
      double turned = reading.phasor().phaseDeg() - phaseDeg;
      assertEquals(
          0,
          Math.IEEEremainder(turned, 360),
          Math.max(0.1, 3 * reading.phasor().phaseUncertaintyDeg()));
    }
  }

  @Test
  @Tag("M6")
  void without_noise_amplitude_and_phase_are_right_to_the_last_bits_of_the_samples() {
    TestSignal signal = new TestSignal(48_000, 100_000).tone(1999.7, 0.3, 12).quantised();
    Reading reading = measure(signal.frames(), config(1999.7, 1), null).getLast();
    assertEquals(0.3, reading.phasor().amplitude(), 1e-8);
    assertEquals(12, reading.phasor().phaseDeg(), 1e-5);
  }

  @Tag("M7")
  @ParameterizedTest(name = "{0} s, band {1} Hz, white {2}, 1/f {3}, hum {4}, seed 2")
  @CsvSource({
    "0.1, 400, 0.001, 0, 0",
    "0.1, 400, 0.0002, 0.005, 0.05",
    "0.1, 400, 0.001, 0.005, 0.01",
    "0.05, 400, 0.001, 0, 0",
    "0.05, 160, 0.001, 0, 0",
    "0.1, 2000, 0.001, 0, 0"
  })
  void the_uncertainty_is_the_scatter_of_a_thousand_readings(
      double seconds, double bandHz, double white, double flow, double hum) {
    int rate = 48_000;
    TestSignal signal =
        new TestSignal(rate, (int) (1010 * seconds * rate))
            .tone(2000, 0.02, 40)
            .white(white, 2)
            .flow(flow, 3)
            .hum(hum)
            .quantised();
    List<Reading> readings =
        measure(signal.frames(), config(2000, seconds, bandHz), null).stream()
            .filter(reading -> !reading.has(ReadingFlag.SETTLING))
            .toList();
    assertTrue(readings.size() >= 1000, "only %d are not settling".formatted(readings.size()));
    assertScatterIsUncertainty(readings);
  }

  @Test
  @Tag("M7")
  void the_uncertainty_of_windows_with_a_gap_is_their_scatter_too_seed_4() {
    int rate = 48_000;
    int window = 4800;
    TestSignal signal = new TestSignal(rate, 1000 * window).tone(2000, 0.02, 40).white(0.001, 4);
    List<AudioFrame> frames = new ArrayList<>();
    for (int from = 0; from < signal.a.length; from += window) {
      frames.add(signal.frame(frames.size(), from, from + 800 + from / window % 7 * 10));
      frames.add(signal.frame(frames.size(), from + 1100, from + window));
    }
    List<Reading> readings = measure(frames, config(2000, 0.1), null);
    assertEquals(1000, readings.size());
    assertTrue(readings.stream().allMatch(reading -> reading.has(ReadingFlag.GAP)));
    assertScatterIsUncertainty(readings.subList(1, 1000));
  }

  private static void assertScatterIsUncertainty(List<Reading> readings) {
    double meanX = readings.stream().mapToDouble(r -> r.phasor().inPhase()).average().orElseThrow();
    double meanY =
        readings.stream().mapToDouble(r -> r.phasor().quadrature()).average().orElseThrow();
    double scatter = 0;
    double reported = 0;
    for (Reading reading : readings) {
      double x = reading.phasor().inPhase() - meanX;
      double y = reading.phasor().quadrature() - meanY;
      scatter += (x * x + y * y) / 2 / (readings.size() - 1);
      double uncertainty = reading.phasor().standardUncertainty();
      reported += uncertainty * uncertainty / readings.size();
    }
    // The contract asks for 10 %; the scatter of a thousand readings is itself known to 1.6 %.
    assertEquals(1, Math.sqrt(reported / scatter), 0.04);
  }

  @Test
  @Tag("M7")
  void the_noise_density_is_that_of_the_samples_seed_5() {
    TestSignal signal = new TestSignal(48_000, 101 * 4800).white(0.001, 5);
    double square =
        measure(signal.frames(), config(2000, 0.1), null).stream()
            .mapToDouble(reading -> reading.noiseDensity() * reading.noiseDensity())
            .average()
            .orElseThrow();
    // Two microphones; one-sided rms density is σ·√(2/rate), times √2 for the peak.
    double expected = 0.001 * Math.sqrt(2) * Math.sqrt(2.0 / 48_000) * Math.sqrt(2);
    assertEquals(expected, Math.sqrt(square), 0.05 * expected);
  }

  @Test
  @Tag("M12")
  void readings_are_the_same_bits_however_the_samples_are_cut_seed_6() {
    // At this rate the frames' capture times, too, are exact.
    TestSignal signal =
        new TestSignal(50_000, 62_000)
            .tone(1999.7, 0.1, 70)
            .white(0.001, 6)
            .flow(0.01, 7)
            .hum(0.02)
            .quantised();
    signal.a[31_234] = Float.NaN;
    signal.b[41_000] = 1;
    MeasurementConfig config = config(1999.7, 0.1);
    List<Reading> expected = measure(signal.frames(1600), config, null);
    assertEquals(12, expected.size());
    for (int length : new int[] {1, 37, 4096, 62_000}) {
      assertEquals(expected, measure(signal.frames(length), config, null), "frames of " + length);
    }
    SplittableRandom random = new SplittableRandom(8);
    for (int run = 0; run < 5; run++) {
      List<AudioFrame> frames = signal.frames(number -> 1 + random.nextInt(3000));
      assertEquals(expected, measure(frames, config, null));
    }
  }

  @Test
  @Tag("M6")
  void concentration_is_linear_over_five_decades() {
    Calibration calibration =
        new Calibration("c", ConcentrationUnit.PPM, 1e-6, 2e-5, -35, 0, 1e6, null);
    for (double ppm = 3; ppm <= 600_000; ppm *= 10) {
      TestSignal signal =
          new TestSignal(48_000, 96_000)
              .tone(2000, 2e-5 + ppm * 1e-6, -35)
              .white(1e-6, 9)
              .quantised();
      Reading reading = measure(signal.frames(), config(2000, 1), calibration).getLast();
      Concentration concentration = reading.concentration();
      assertNotNull(concentration);
      assertEquals(
          ppm,
          concentration.value(),
          Math.max(ppm * 1e-4, 3 * concentration.standardUncertainty()));
    }
  }

  @Test
  @Tag("M7")
  void zero_gas_reads_zero_on_average_seed_10() {
    Calibration calibration =
        new Calibration("c", ConcentrationUnit.PPM, 0.002, 0, 25, 0.01, 100, null);
    TestSignal signal = new TestSignal(48_000, 401 * 4800).white(0.001, 10).quantised();
    List<Reading> readings = measure(signal.frames(), config(2000, 0.1), calibration);
    double sum = 0;
    double variance = 0;
    int outside = 0;
    for (Reading reading : readings) {
      Concentration concentration = reading.concentration();
      assertNotNull(concentration);
      sum += concentration.value();
      variance += concentration.standardUncertainty() * concentration.standardUncertainty();
      outside += reading.has(ReadingFlag.OUT_OF_RANGE) ? 1 : 0;
    }
    assertEquals(401, readings.size());
    assertEquals(0, sum, 3 * Math.sqrt(variance));
    assertTrue(outside <= 4, outside + " readings are significantly negative");
  }

  private static MeasurementConfig config(double hz, double seconds) {
    return config(hz, seconds, 400);
  }

  private static MeasurementConfig config(double hz, double seconds, double bandHz) {
    return new MeasurementConfig(
        "cell",
        "gas",
        hz,
        Duration.ofNanos(Math.round(seconds * 1e9)),
        bandHz,
        MeasurementConfig.Channel.DIFFERENCE);
  }

  private static List<Reading> measure(
      List<AudioFrame> frames, MeasurementConfig config, @Nullable Calibration calibration) {
    AnalysisGraph graph =
        MeasuringChainTest.graph(config, calibration, frames.getFirst().sampleRateHz(), false);
    List<Reading> readings = new ArrayList<>();
    frames.forEach(frame -> graph.measure(frame, readings::add));
    return readings;
  }
}
