package io.photophone.analysis.graph;

import static io.photophone.analysis.graph.TestGraph.bandPass;
import static io.photophone.analysis.graph.TestGraph.boxcar;
import static io.photophone.analysis.graph.TestGraph.difference;
import static io.photophone.analysis.graph.TestGraph.graph;
import static io.photophone.analysis.graph.TestGraph.locked;
import static io.photophone.analysis.graph.TestGraph.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.TestSignal;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.RcLowPass;
import io.photophone.model.AudioFrame;
import io.photophone.model.Locked;
import io.photophone.model.NodeOutput;
import io.photophone.model.Phasor;
import io.photophone.model.ReadingFlag;
import io.photophone.model.ResonanceTrack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lock-ins in a graph beyond the boxcar of the standard chain, and what follows the resonance by
/// them.
class LockInNodeTest {
  private static final int RATE = TestGraph.RATE;

  @Test
  @Tag("M5")
  void the_second_harmonic_measures_the_tone_at_twice_the_modulation_alone() {
    TestSignal signal =
        new TestSignal(RATE, RATE).tone(2000, 0.3, 80).tone(4000, 0.05, 33).quantised();
    Locked two =
        locked(
                graph(difference("signal"), node("tone", boxcar(2000, 2, 0.1), "signal")),
                signal.frames())
            .getLast();
    assertEquals(4000, two.frequencyHz());
    assertEquals(0.05, two.phasor().amplitude(), 1e-6);
    assertEquals(33, two.phasor().phaseDeg(), 1e-3);
    TestSignal first = new TestSignal(RATE, RATE).tone(2000, 0.3, 80).white(1e-5, 1);
    Locked none =
        locked(
                graph(difference("signal"), node("tone", boxcar(2000, 2, 0.1), "signal")),
                first.frames())
            .getLast();
    assertTrue(none.phasor().amplitude() < 1e-6, () -> "leaks " + none.phasor());
    assertTrue(none.flags().contains(ReadingFlag.LOW_SIGNAL));
  }

  @Test
  void a_harmonic_above_half_the_sample_rate_is_refused() {
    assertEquals(
        "node 1: modulation_hz · harmonic is 24000.0, allowed at a sample rate of 48000 Hz: below"
            + " 24000.0",
        assertThrows(
                GraphException.class,
                () -> graph(difference("signal"), node("tone", boxcar(3000, 8, 0.1), "signal")))
            .getMessage());
  }

  @Tag("M5")
  @Tag("M6")
  @ParameterizedTest(name = "order {0}, time constant {1} s")
  @CsvSource({"1, 0.01", "2, 0.01", "4, 0.01", "8, 0.01", "1, 0.05", "4, 0.05", "8, 0.05"})
  void behind_low_passes_a_window_has_no_value_until_they_have_settled(
      int order, double timeConstant) {
    TestSignal signal =
        new TestSignal(RATE, 4 * RATE).tone(2000, 0.1, 20).white(1e-5, 2).quantised();
    List<AudioFrame> frames = new ArrayList<>(signal.frames());
    frames.subList(60, 64).clear();
    List<Locked> locked = locked(lowPassed(order, timeConstant, 0.1), frames);
    assertEquals(39, locked.size());
    // The golden file's times to 99 %; a millionth takes up to three times as long.
    double settlingSeconds = timeConstant * golden(order)[1];
    for (Locked one : locked) {
      double since = one.toSample() / (double) RATE;
      since = since > 2.1333 ? since - 2.1333 : since;
      if (since < settlingSeconds) {
        assertTrue(one.flags().contains(ReadingFlag.SETTLING), () -> "too early: " + one);
        assertEquals(Phasor.NONE, one.phasor());
      }
      if (since > 3.1 * settlingSeconds + 0.1) {
        assertEquals(Set.of(), one.flags(), () -> "too late: " + one);
        Phasor phasor = one.phasor();
        double allowed = Math.max(1e-3 * 0.1, 3 * phasor.standardUncertainty());
        assertEquals(0.1, phasor.amplitude(), allowed);
        assertEquals(20, phasor.phaseDeg(), 0.1);
      }
    }
    assertTrue(
        locked.stream().anyMatch(one -> one.flags().contains(ReadingFlag.GAP)), "no gap told");
  }

  @Test
  @Tag("M6")
  void behind_filters_and_low_passes_the_value_is_that_before_them() {
    TestSignal signal = new TestSignal(RATE, RATE).tone(2000, 0.1, 20);
    NodeKind rc = new NodeKind.LockIn(2000, 1, Duration.ofMillis(100), new RcLowPass(2, 0.002));
    Locked last =
        locked(
                graph(
                    difference("signal"),
                    node("band", bandPass(1950, 2300), "signal"),
                    node("tone", rc, "band")),
                signal.frames())
            .getLast();
    assertEquals(0.1, last.phasor().amplitude(), 1e-6);
    assertEquals(20, last.phasor().phaseDeg(), 1e-3);
  }

  @ParameterizedTest(name = "{0} Hz, order {1}, time constant {2} s")
  @CsvSource({"10, 1, 0.0001", "2000, 1, 0.0003", "23900, 1, 0.003", "23900, 4, 0.002"})
  void a_low_pass_that_lets_the_image_through_is_refused(
      double hz, int order, double timeConstant) {
    NodeKind rc =
        new NodeKind.LockIn(hz, 1, Duration.ofSeconds(1), new RcLowPass(order, timeConstant));
    GraphException refusal =
        assertThrows(
            GraphException.class, () -> graph(difference("signal"), node("tone", rc, "signal")));
    assertTrue(
        refusal.getMessage().startsWith("node 1: bandwidth of the low-pass is "),
        refusal::getMessage);
  }

  private static boolean settled(Locked locked) {
    return !locked.flags().contains(ReadingFlag.SETTLING);
  }

  private static AnalysisGraph lowPassed(int order, double timeConstant, double seconds) {
    return graph(
        difference("signal"),
        node(
            "tone",
            new NodeKind.LockIn(
                2000,
                1,
                Duration.ofNanos(Math.round(seconds * 1e9)),
                new RcLowPass(order, timeConstant)),
            "signal"));
  }

  /// Noise bandwidth times the time constant, and time constants until 99 %, of the contract's
  /// `golden/lockin_rc.json`.
  private static double[] golden(int order) {
    return switch (order) {
      case 1 -> new double[] {0.25, 4.605};
      case 2 -> new double[] {0.125, 6.638};
      case 4 -> new double[] {0.078125, 10.045};
      case 8 -> new double[] {0.0523682, 16.0};
      default -> throw new IllegalArgumentException("no golden values of order " + order);
    };
  }

  @Tag("M5")
  @Tag("M7")
  @ParameterizedTest(name = "order {0}, seed 3")
  @ValueSource(ints = {1, 2, 4, 8})
  void behind_low_passes_the_uncertainty_is_the_scatter_and_that_of_the_golden_bandwidth(
      int order) {
    double timeConstant = 0.002;
    // Values 25 time constants apart hardly know of each other.
    TestSignal signal =
        new TestSignal(RATE, 1002 * RATE / 20).tone(2000, 0.02, 40).white(0.001, 3).quantised();
    List<Phasor> phasors =
        locked(lowPassed(order, timeConstant, 0.05), signal.frames()).stream()
            .filter(LockInNodeTest::settled)
            .map(Locked::phasor)
            .toList();
    assertTrue(phasors.size() >= 1000, "only %d are settled".formatted(phasors.size()));
    double scatter = variance(phasors);
    double reported =
        phasors.stream()
            .mapToDouble(phasor -> phasor.standardUncertainty() * phasor.standardUncertainty())
            .average()
            .orElseThrow();
    double density = 2 * 0.001 * 0.001 * 2 / RATE;
    double expected = 2 * density * golden(order)[0] / timeConstant;
    // The contract's 10 % are of the deviation; a thousand values tell their own to 1.6 %.
    assertEquals(1, Math.sqrt(reported / scatter), 0.1);
    assertEquals(1, Math.sqrt(reported / expected), 0.1);
    assertEquals(1, Math.sqrt(scatter / expected), 0.1);
  }

  /// Of each component.
  private static double variance(List<Phasor> phasors) {
    double x = phasors.stream().mapToDouble(Phasor::inPhase).average().orElseThrow();
    double y = phasors.stream().mapToDouble(Phasor::quadrature).average().orElseThrow();
    return phasors.stream()
            .mapToDouble(
                phasor -> Math.pow(phasor.inPhase() - x, 2) + Math.pow(phasor.quadrature() - y, 2))
            .sum()
        / (2 * phasors.size() - 2);
  }

  @ParameterizedTest(name = "a step at sample {0}")
  @ValueSource(ints = {96_000, 98_000, 100_790})
  void a_value_that_a_low_pass_still_brings_after_a_change_is_settling(int step) {
    TestSignal signal =
        new TestSignal(RATE, 5 * RATE)
            .tone(2000, 0.1, 20, 0, step)
            .tone(2000, 0.15, 20, step, 5 * RATE)
            .white(1e-5, 22);
    List<Locked> locked = locked(lowPassed(4, 0.05, 0.1), signal.frames());
    for (Locked one : locked.subList(14, 50)) {
      double amplitude = one.toSample() <= step ? 0.1 : 0.15;
      boolean right = Math.abs(one.phasor().amplitude() - amplitude) < 1e-3 * amplitude;
      assertTrue(right || one.flags().contains(ReadingFlag.SETTLING), one::toString);
      assertFalse(
          one.toSample() <= step && one.flags().contains(ReadingFlag.SETTLING), one::toString);
    }
    assertEquals(Set.of(), locked.getLast().flags());
  }

  @Test
  void a_clipped_sample_flags_what_a_low_pass_still_holds_of_it() {
    TestSignal signal = new TestSignal(RATE, 4 * RATE).tone(2000, 0.1, 20);
    signal.a[100_000] = 1;
    List<Locked> locked = locked(lowPassed(4, 0.05, 0.1), signal.frames());
    for (Locked one : locked) {
      double secondsSince = (one.toSample() - 100_000) / (double) RATE;
      boolean clipped = one.flags().contains(ReadingFlag.CLIPPED);
      assertFalse(clipped && secondsSince <= 0, one::toString);
      assertTrue(clipped || secondsSince <= 0 || secondsSince > 0.05 * golden(4)[1], one::toString);
    }
    assertFalse(locked.getLast().flags().contains(ReadingFlag.CLIPPED));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void a_sample_that_is_no_number_does_not_stay_in_the_low_passes(float value) {
    TestSignal signal = new TestSignal(RATE, 2 * RATE).tone(2000, 0.1, 20);
    signal.a[50_000] = value;
    List<Locked> locked = locked(lowPassed(4, 0.01, 0.1), signal.frames());
    // Samples from 48000 on.
    assertTrue(locked.get(10).flags().contains(ReadingFlag.GAP));
    assertTrue(locked.get(10).flags().contains(ReadingFlag.SETTLING));
    assertEquals(0.1, locked.getLast().phasor().amplitude(), 1e-4);
    assertEquals(20, locked.getLast().phasor().phaseDeg(), 0.1);
    assertEquals(Set.of(), locked.getLast().flags());
  }

  @ParameterizedTest(name = "low-pass: {0}")
  @ValueSource(booleans = {false, true})
  void silence_and_a_constant_are_low_signals(boolean lowPass) {
    for (double offset : new double[] {0, 0.5}) {
      TestSignal signal = new TestSignal(RATE, RATE).offset(offset, -offset / 3);
      AnalysisGraph graph =
          lowPass
              ? lowPassed(4, 0.01, 0.1)
              : graph(difference("signal"), node("tone", boxcar(2000, 0.1), "signal"));
      List<Locked> locked = locked(graph, signal.frames());
      assertEquals(10, locked.size());
      for (Locked one : locked) {
        assertTrue(one.flags().contains(ReadingFlag.LOW_SIGNAL), () -> offset + ": " + one);
      }
      Phasor last = locked.getLast().phasor();
      if (offset == 0) {
        assertEquals(Phasor.NONE, last, "no microphone is so quiet");
      } else {
        assertEquals(0, last.amplitude(), 1e-6);
      }
    }
  }

  @Test
  @Tag("M7")
  void behind_a_burst_of_noise_the_low_pass_says_how_much_of_it_it_holds_seed_31() {
    TestSignal signal = new TestSignal(RATE, 20 * RATE).tone(2000, 0.1, 0).white(1e-4, 31);
    TestSignal burst = new TestSignal(RATE, 20 * RATE).white(1e-2, 32);
    for (int n = 12 * RATE; n < 13 * RATE; n++) {
      signal.a[n] += burst.a[n];
      signal.b[n] += burst.b[n];
    }
    List<Locked> locked = locked(lowPassed(4, 0.2, 1), signal.frames());
    for (Locked one : locked.subList(12, 15)) {
      if (!one.flags().contains(ReadingFlag.SETTLING)) {
        double off = Math.abs(one.phasor().amplitude() - 0.1);
        assertTrue(off < 5 * one.phasor().standardUncertainty(), one::toString);
      }
    }
  }

  @Test
  void a_ramp_that_the_low_pass_lags_behind_is_settling() {
    TestSignal signal = new TestSignal(RATE, 60 * RATE);
    for (int n = 0; n < signal.a.length; n++) {
      double value = 0.05 * Math.exp(0.0008 * n / RATE) * Math.cos(2 * Math.PI * (n % 24) / 24);
      signal.a[n] = (float) value;
      signal.b[n] = (float) -value;
    }
    Locked last = locked(lowPassed(4, 2, 1), signal.frames()).getLast();
    assertTrue(last.flags().contains(ReadingFlag.SETTLING), last::toString);
  }

  @Test
  void the_smallest_and_the_largest_floats_give_numbers() {
    TestSignal tiny = new TestSignal(RATE, RATE);
    TestSignal huge = new TestSignal(RATE, RATE);
    for (int n = 0; n < RATE; n++) {
      float sign = n / 12 % 2 == 0 ? 1 : -1;
      tiny.a[n] = sign * Float.MIN_VALUE;
      huge.a[n] = sign * Float.MAX_VALUE;
      huge.b[n] = -sign * Float.MAX_VALUE;
    }
    AnalysisGraph graph =
        graph(
            difference("signal"),
            node("band", bandPass(1500, 2500), "signal"),
            node("tone", boxcar(2000, 0.1), "band"));
    List<Locked> small = locked(graph, tiny.frames());
    List<Locked> large =
        locked(AnalysisGraph.of(graph.spec(), GraphContext.of("cell", RATE, false)), huge.frames());
    // A square wave's first harmonic.
    assertEquals(4 / Math.PI, small.getLast().phasor().amplitude() / Float.MIN_VALUE, 0.01);
    assertEquals(8 / Math.PI, large.getLast().phasor().amplitude() / Float.MAX_VALUE, 0.02);
    assertTrue(large.stream().allMatch(one -> one.flags().contains(ReadingFlag.CLIPPED)));
    for (Locked one : List.of(small.getLast(), large.getLast())) {
      assertTrue(Double.isFinite(one.phasor().standardUncertainty()), one::toString);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 5, 6, 7, 8, 9, 10, 11})
  void a_gap_anywhere_is_flagged_and_the_phase_is_right_beside_and_after_it(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TestSignal signal = new TestSignal(RATE, 2 * RATE).tone(1999.7, 0.1, -50).white(1e-5, seed);
    // Half of them within a window, so that the rest of it has a value.
    int longest = seed % 2 == 0 ? 900 : 20_000;
    int from = random.nextInt(1, RATE);
    int to = from + random.nextInt(1, longest);
    NodeSpec difference = difference("signal");
    NodeSpec band = node("band", bandPass(1500, 2500), "signal");
    for (AnalysisGraph graph :
        List.of(
            graph(difference, band, node("tone", boxcar(1999.7, 0.05), "band")),
            graph(difference, node("tone", boxcar(1999.7, 0.05), "signal")))) {
      List<AudioFrame> frames =
          List.of(signal.frame(0, 0, from), signal.frame(1, to, signal.a.length));
      List<Locked> locked = locked(graph, frames);
      for (Locked one : locked) {
        boolean lost = one.fromSample() < to && from < one.toSample();
        assertEquals(lost, one.flags().contains(ReadingFlag.GAP), () -> from + "-" + to + one);
        boolean behind = one.fromSample() > to + 4800;
        if (behind) {
          assertEquals(Set.of(), one.flags());
        }
        if (behind || !Double.isNaN(one.phasor().amplitude())) {
          assertEquals(-50, one.phasor().phaseDeg(), 0.1, () -> from + "-" + to + one);
          assertEquals(0.1, one.phasor().amplitude(), 1e-4, () -> from + "-" + to + one);
        }
      }
      assertTrue(locked.getLast().fromSample() > to + 4800);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {12, 13, 14, 15, 16, 17, 18, 19})
  void a_single_clipped_sample_of_either_microphone_flags_its_window_alone(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TestSignal signal = new TestSignal(RATE, RATE).tone(2000, random.nextDouble(), 20);
    int at = random.nextInt(RATE);
    float[] channel = random.nextBoolean() ? signal.a : signal.b;
    // A converter's range is [−1, 1); of 16 bits, the largest value is this.
    channel[at] = random.nextBoolean() ? -1 : 1 - 0x1p-15f;
    AnalysisGraph graph =
        graph(
            difference("signal"),
            node("band", bandPass(1500, 2500), "signal"),
            node("tone", boxcar(2000, 0.1), "band"));
    for (Locked one : locked(graph, signal.frames())) {
      assertEquals(
          one.fromSample() <= at && at < one.toSample(),
          one.flags().contains(ReadingFlag.CLIPPED),
          () -> "clipped at %d: %s".formatted(at, one));
    }
  }

  @Tag("M10")
  @ParameterizedTest(name = "resonance at {0} Hz, seed 20")
  @ValueSource(doubles = {1985, 1994, 2000, 2006.5, 2015})
  void the_resonance_of_a_detuned_tone_is_followed(double resonanceHz) {
    double lead = Math.toDegrees(Math.atan(2 * 80 * (resonanceHz - 2000) / resonanceHz));
    TestSignal signal =
        new TestSignal(RATE, RATE).tone(2000, 0.05, 170 + lead).white(1e-4, 20).quantised();
    for (Locked one : tracked(signal)) {
      ResonanceTrack track = one.resonance();
      assertNotNull(track);
      assertEquals(resonanceHz, track.frequencyHz(), 3 * track.frequencyUncertaintyHz());
      assertTrue(track.frequencyUncertaintyHz() < 0.5, track::toString);
      assertEquals(80, track.quality());
    }
  }

  @Test
  @Tag("M10")
  void a_weak_signal_tells_no_resonance() {
    List<Locked> locked = tracked(new TestSignal(RATE, RATE).tone(2000, 1e-4, 170).white(1e-3, 21));
    assertEquals(10, locked.size());
    for (Locked one : locked) {
      assertNull(one.resonance());
      assertFalse(Double.isNaN(one.phasor().amplitude()));
    }
  }

  private static List<Locked> tracked(TestSignal signal) {
    AnalysisGraph graph =
        graph(
            difference("signal"),
            node("tone", boxcar(2000, 0.1), "signal"),
            node(
                "track",
                new NodeKind.Resonance(new Estimate(80, 0), new Estimate(170, 0.1)),
                "tone"));
    List<Locked> tracked = new ArrayList<>();
    for (AudioFrame frame : signal.frames()) {
      graph.process(
          frame,
          output -> {
            if (output instanceof NodeOutput.LockedIn lockedIn && lockedIn.node().equals("track")) {
              tracked.add(lockedIn.locked());
            }
          });
    }
    return tracked;
  }
}
