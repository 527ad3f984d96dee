package io.photophone.analysis.graph;

import static io.photophone.analysis.graph.TestGraph.bandPass;
import static io.photophone.analysis.graph.TestGraph.boxcar;
import static io.photophone.analysis.graph.TestGraph.difference;
import static io.photophone.analysis.graph.TestGraph.gas;
import static io.photophone.analysis.graph.TestGraph.graph;
import static io.photophone.analysis.graph.TestGraph.locked;
import static io.photophone.analysis.graph.TestGraph.node;
import static io.photophone.analysis.graph.TestGraph.outputs;
import static io.photophone.analysis.graph.TestGraph.spec;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.TestSignal;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.dsp.Estimate;
import io.photophone.dsp.RcLowPass;
import io.photophone.dsp.Window;
import io.photophone.model.AudioFrame;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Density;
import io.photophone.model.Locked;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.ReadingFlag;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the graph promises as a whole: the same samples give the same outputs, however they are cut
/// and whatever is exchanged beside them.
class AnalysisGraphTest {
  private static final int RATE = TestGraph.RATE;

  /// At this rate the frames' capture times are whole nanoseconds.
  private static final int EVEN_RATE = 50_000;

  private static final NodeKind A = new NodeKind.Channel(MeasurementConfig.Channel.A);
  private static final NodeKind B = new NodeKind.Channel(MeasurementConfig.Channel.B);

  @Test
  @Tag("M12")
  void every_kind_of_node_gives_the_same_bits_however_the_samples_are_cut_seed_1() {
    TestSignal signal =
        new TestSignal(EVEN_RATE, 25_000)
            .tone(2000, 0.2, 70)
            .tone(1700, 0.1, -20)
            .white(0.001, 1)
            .flow(0.01, 2)
            .quantised();
    signal.a[13_234] = Float.NaN;
    signal.b[19_000] = 1;
    Map<String, List<Object>> expected = everything(signal, number -> 1600);
    assertEquals(
        Set.of(
            "a", "b", "mix", "gain", "band", "tone", "tone2", "rc", "track", "co2", "ch4", "all",
            "level", "peak", "density"),
        expected.keySet());
    for (int length : new int[] {1, 37, 3200, 4096}) {
      assertEquals(expected, everything(signal, number -> length), "frames of " + length);
    }
    for (int seed = 3; seed < 6; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      assertEquals(
          expected, everything(signal, number -> 1 + random.nextInt(3000)), "seed " + seed);
    }
  }

  /// What a graph of all kinds of nodes gives, by node and comparable, for a signal that lacks 700
  /// samples.
  private static Map<String, List<Object>> everything(TestSignal signal, IntUnaryOperator lengths) {
    Calibration co2 = new Calibration("c", ConcentrationUnit.PPM, 0.002, 0, 70, 0.01, 500, null);
    Calibration ch4 = new Calibration("d", ConcentrationUnit.PPM, 0.003, 0, -20, 0.01, 500, null);
    AnalysisGraph graph =
        AnalysisGraph.of(
            spec(
                node("a", A, GraphSpec.FRAMES),
                node("b", B, GraphSpec.FRAMES),
                node("mix", new NodeKind.Mix(List.of(1.0, -0.9)), "a", "b"),
                node("gain", new NodeKind.Gain(3), "mix"),
                node("band", bandPass(1000, 3000), "gain"),
                node("tone", boxcar(2000, 0.05), "band"),
                node("tone2", boxcar(1700, 2, 0.05), "gain"),
                node(
                    "rc",
                    new NodeKind.LockIn(1700, 1, Duration.ofMillis(50), new RcLowPass(4, 0.005)),
                    "band"),
                node(
                    "track",
                    new NodeKind.Resonance(new Estimate(80, 1), new Estimate(60, 1)),
                    "tone"),
                node("co2", gas("CO2", co2), "track"),
                node("ch4", gas("CH4", ch4), "rc"),
                node(
                    "all",
                    new NodeKind.Interference(
                        List.of(List.of(1.0, 0.1), List.of(0.2, 1.0)), List.of()),
                    "co2",
                    "ch4"),
                node("level", new NodeKind.Level(Duration.ofMillis(70)), GraphSpec.FRAMES),
                node("peak", new NodeKind.Peak(1024, Duration.ofMillis(50), 500, 5000), "mix"),
                node(
                    "density",
                    new NodeKind.Density(512, Window.HANN, Duration.ofMillis(60)),
                    "band"),
                node("spectrum", new NodeKind.Spectrum(1024, Window.HANN), GraphSpec.FRAMES)),
            GraphContext.of("cell", EVEN_RATE, false));
    graph.tap(Set.of("a", "b", "mix", "gain", "band"));
    Map<String, List<Object>> values = new TreeMap<>();
    for (NodeOutput output : outputs(graph, cut(signal, lengths, 7_000, 7_700))) {
      // A spectrum ends where its frame ends.
      if (!(output instanceof NodeOutput.Spectral)) {
        values.computeIfAbsent(output.node(), name -> new ArrayList<>()).addAll(bits(output));
      }
    }
    return values;
  }

  private static List<Object> bits(NodeOutput output) {
    return switch (output) {
      case NodeOutput.Samples samples -> {
        List<Object> bits = new ArrayList<>();
        for (int i = 0; i < samples.samples().length; i++) {
          bits.add(samples.firstSampleIndex() + i);
          bits.add(samples.samples()[i]);
        }
        yield bits;
      }
      case NodeOutput.Powered powered -> {
        Density density = powered.density();
        yield List.of(
            density.startIndex(),
            density.endIndex(),
            density.segments(),
            density.missing(),
            Arrays.stream(density.density()).boxed().toList());
      }
      default -> List.of(output);
    };
  }

  /// All samples but those of a hole.
  private static List<AudioFrame> cut(
      TestSignal signal, IntUnaryOperator lengths, int holeFrom, int holeTo) {
    List<AudioFrame> frames = new ArrayList<>();
    for (int from = 0; from < signal.a.length; ) {
      int to = Math.min(signal.a.length, from + lengths.applyAsInt(frames.size()));
      if (from < holeFrom) {
        to = Math.min(to, holeFrom);
      }
      frames.add(signal.frame(frames.size(), from, to));
      from = to == holeFrom ? holeTo : to;
    }
    return frames;
  }

  @Test
  @Tag("M12")
  void exchanging_other_nodes_at_every_frame_changes_no_bit_of_those_that_stay_seed_6() {
    TestSignal signal = noisyTone(6);
    NodeSpec[] chain = {
      difference("signal"),
      node("band", bandPass(1500, 2500), "signal"),
      node("tone", boxcar(2000, 0.05), "band"),
      node("gas", gas("gas", null), "tone")
    };
    NodeSpec[] renamed = {
      node("g", gas("gas", null), "t"),
      node("t", boxcar(2000, 0.05), "f"),
      node("f", bandPass(1500, 2500), "s"),
      node("other", boxcar(1700, 0.05), "s"),
      difference("s")
    };
    List<Object> expected = results(outputs(graph(chain), signal.frames()));
    assertEquals(2 * 20, expected.size());

    AnalysisGraph graph = graph(chain);
    List<NodeOutput> outputs = new ArrayList<>();
    for (AudioFrame frame : signal.frames()) {
      boolean even = frame.frameNumber() % 2 == 0;
      graph = graph.replacedBy(spec(even ? renamed : chain));
      graph.process(frame, outputs::add);
    }
    assertEquals(
        expected, results(outputs.stream().filter(o -> !o.node().equals("other")).toList()));
    assertEquals(
        List.of("signal", "band", "tone", "gas"),
        graph.timings().stream().map(NodeTiming::node).toList());
    assertEquals(
        Set.of(30L), graph.timings().stream().map(NodeTiming::frames).collect(Collectors.toSet()));
  }

  /// What lock-ins and concentrations gave, whatever their names.
  private static List<Object> results(List<NodeOutput> outputs) {
    List<Object> results = new ArrayList<>();
    for (NodeOutput output : outputs) {
      if (output instanceof NodeOutput.LockedIn lockedIn) {
        results.add(lockedIn.locked());
      } else if (output instanceof NodeOutput.Measured measured) {
        results.add(measured.reading());
      }
    }
    return results;
  }

  @Test
  void a_filter_that_is_exchanged_begins_anew_with_the_right_phase() {
    TestSignal signal = new TestSignal(RATE, RATE).tone(2000, 0.1, 20);
    AnalysisGraph graph = filtered(bandPass(1500, 2500));
    List<AudioFrame> frames = signal.frames();
    List<Locked> locked = new ArrayList<>(locked(graph, frames.subList(0, 10)));
    // At sample 16000, a third into the window from 14400.
    graph = graph.replacedBy(filtered(bandPass(1800, 2300)).spec());
    locked.addAll(locked(graph, frames.subList(10, 30)));
    assertEquals(10, locked.size());
    for (int i = 0; i < 10; i++) {
      assertEquals(4800L * i, locked.get(i).fromSample());
    }
    assertTrue(locked.get(3).flags().contains(ReadingFlag.SETTLING));
    assertTrue(locked.get(3).flags().contains(ReadingFlag.GAP));
    for (Locked one : locked.subList(4, 10)) {
      assertEquals(Set.of(), one.flags());
      assertEquals(20, one.phasor().phaseDeg(), 0.1);
      assertEquals(0.1, one.phasor().amplitude(), 1e-4);
    }
  }

  private static AnalysisGraph filtered(NodeKind filter) {
    return graph(
        difference("signal"),
        node("band", filter, "signal"),
        node("tone", boxcar(2000, 0.1), "band"));
  }

  @Test
  void samples_that_have_passed_are_refused_behind_an_exchange_too() {
    TestSignal signal = noisyTone(14);
    AnalysisGraph before = filtered(bandPass(1500, 2500));
    before.process(signal.frame(0, 0, 1000), output -> {});
    AnalysisGraph graph = before.replacedBy(filtered(bandPass(1800, 2300)).spec());
    assertEquals(
        "frame 1 begins at sample 999, which has passed: next is 1000",
        assertThrows(
                IllegalArgumentException.class,
                () -> graph.process(signal.frame(1, 999, 2000), output -> {}))
            .getMessage());
    graph.process(signal.frame(1, 1000, 2000), output -> {});
  }

  @Test
  void a_graph_that_is_refused_leaves_the_old_one_as_it_was_seed_7() {
    TestSignal signal = noisyTone(7);
    List<Locked> expected = locked(filtered(bandPass(1500, 2500)), signal.frames());
    AnalysisGraph graph = filtered(bandPass(1500, 2500));
    GraphSpec forbidden =
        spec(
            difference("signal"),
            node("band", bandPass(1500, 2500), "signal"),
            node("tone", boxcar(2000, 0.1), "band"),
            node("above", boxcar(24_000, 0.1), "signal"));
    List<Locked> locked = new ArrayList<>();
    for (AudioFrame frame : signal.frames()) {
      assertThrows(GraphException.class, () -> graph.replacedBy(forbidden));
      locked.addAll(locked(graph, List.of(frame)));
    }
    assertEquals(expected, locked);
  }

  @Test
  void nodes_that_are_alike_keep_their_state_and_their_own_followers_seed_8() {
    TestSignal signal = noisyTone(8);
    List<NodeSpec> nodes =
        new ArrayList<>(
            List.of(
                difference("s1"),
                difference("s2"),
                node("wide1", bandPass(1000, 3000), "s1"),
                node("narrow2", bandPass(1500, 2500), "s2"),
                node("wide2", bandPass(1000, 3000), "s2"),
                node("tone1", boxcar(2000, 0.05), "wide1"),
                node("tone2", boxcar(2000, 0.05), "narrow2"),
                node("tone3", boxcar(2000, 0.05), "wide2"),
                node("tone4", boxcar(2000, 0.05), "wide2")));
    GraphSpec spec = new GraphSpec(nodes);
    Map<String, List<Object>> expected =
        byNode(
            outputs(AnalysisGraph.of(spec, GraphContext.of("cell", RATE, false)), signal.frames()));
    assertEquals(Set.of("tone1", "tone2", "tone3", "tone4"), expected.keySet());
    assertEquals(20, expected.get("tone2").size());
    assertEquals(expected.get("tone1"), expected.get("tone3"));
    assertEquals(expected.get("tone1"), expected.get("tone4"));

    AnalysisGraph graph = AnalysisGraph.of(spec, GraphContext.of("cell", RATE, false));
    List<NodeOutput> outputs = new ArrayList<>();
    for (AudioFrame frame : signal.frames()) {
      graph.process(frame, outputs::add);
      // In another order the alike ones change places, too.
      Collections.reverse(nodes);
      graph = graph.replacedBy(new GraphSpec(nodes));
    }
    assertEquals(expected, byNode(outputs));
    assertEquals(
        Set.of(30L), graph.timings().stream().map(NodeTiming::frames).collect(Collectors.toSet()));
  }

  private static Map<String, List<Object>> byNode(List<NodeOutput> outputs) {
    return outputs.stream()
        .collect(
            Collectors.groupingBy(
                NodeOutput::node,
                Collectors.mapping(
                    output -> results(List.of(output)).getFirst(), Collectors.toList())));
  }

  @Test
  void samples_are_handed_over_of_tapped_nodes_only() {
    TestSignal signal = new TestSignal(RATE, 400).tone(2000, 0.1, 20).white(0.1, 9);
    signal.b[250] = Float.NaN;
    AnalysisGraph graph =
        graph(
            difference("signal"),
            node("gain", new NodeKind.Gain(20), "signal"),
            node("tone", boxcar(2000, 0.05), "gain"));
    assertEquals(List.of(), outputs(graph, List.of(signal.frame(0, 0, 100))));
    graph.tap(Set.of("signal", "tone", "nothing"));
    graph = graph.replacedBy(graph.spec());
    AudioFrame frame = signal.frame(1, 100, 300);
    List<NodeOutput> outputs = outputs(graph, List.of(frame));
    assertEquals(1, outputs.size());
    NodeOutput.Samples samples = (NodeOutput.Samples) outputs.getFirst();
    float[] expected = new float[200];
    for (int i = 0; i < 200; i++) {
      expected[i] = (float) ((double) signal.a[100 + i] - signal.b[100 + i]);
    }
    assertTrue(Float.isNaN(expected[150]));
    assertArrayEquals(expected, samples.samples());
    assertEquals("signal", samples.node());
    assertEquals(100, samples.firstSampleIndex());
    assertEquals(RATE, samples.sampleRateHz());
    assertEquals(frame.captured(), samples.captured());
    graph.tap(Set.of());
    assertEquals(List.of(), outputs(graph, List.of(signal.frame(2, 300, 400))));
  }

  @Test
  void the_difference_of_both_channels_by_weights_is_the_difference_channel_seed_10() {
    TestSignal signal = noisyTone(10);
    signal.a[9_000] = -1;
    signal.b[20_000] = Float.NaN;
    List<Locked> expected =
        locked(
            graph(difference("signal"), node("tone", boxcar(2000, 0.05), "signal")),
            signal.frames());
    List<Locked> mixed =
        locked(
            graph(
                node("a", A, GraphSpec.FRAMES),
                node("b", B, GraphSpec.FRAMES),
                node("mix", new NodeKind.Mix(List.of(1.0, -1.0)), "a", "b"),
                node("tone", boxcar(2000, 0.05), "mix")),
            signal.frames());
    assertEquals(expected, mixed);
    assertTrue(mixed.get(3).flags().contains(ReadingFlag.CLIPPED));
    assertTrue(mixed.get(8).flags().contains(ReadingFlag.GAP));
  }

  @Test
  void a_gain_of_20_decibels_is_a_factor_of_ten_seed_11() {
    TestSignal signal = noisyTone(11);
    List<Locked> plain =
        locked(
            graph(difference("signal"), node("tone", boxcar(2000, 0.05), "signal")),
            signal.frames());
    List<Locked> gained =
        locked(
            graph(
                difference("signal"),
                node("gain", new NodeKind.Gain(20), "signal"),
                node("tone", boxcar(2000, 0.05), "gain")),
            signal.frames());
    for (int i = 0; i < plain.size(); i++) {
      Locked one = gained.get(i);
      Locked other = plain.get(i);
      assertEquals(10, one.phasor().amplitude() / other.phasor().amplitude(), 1e-9);
      assertEquals(
          10, one.phasor().standardUncertainty() / other.phasor().standardUncertainty(), 1e-9);
      assertEquals(other.phasor().phaseDeg(), one.phasor().phaseDeg(), 1e-9);
      assertEquals(10, one.noiseDensity() / other.noiseDensity(), 1e-9);
      assertEquals(other.flags(), one.flags());
    }
  }

  @Test
  void the_response_of_filters_in_a_row_and_before_a_mix_is_divided_out() {
    TestSignal signal = new TestSignal(RATE, RATE).tone(2000, 0.1, 20).quantised();
    NodeKind narrow = bandPass(1900, 2300);
    NodeKind wide = bandPass(500, 2100);
    List<Locked> locked =
        locked(
            graph(
                node("a", A, GraphSpec.FRAMES),
                node("b", B, GraphSpec.FRAMES),
                node("narrow-a", narrow, "a"),
                node("narrow-b", narrow, "b"),
                node("wide-a", wide, "narrow-a"),
                node("wide-b", wide, "narrow-b"),
                node("mix", new NodeKind.Mix(List.of(1.0, -1.0)), "wide-a", "wide-b"),
                node("tone", boxcar(2000, 0.1), "mix")),
            signal.frames());
    assertEquals(0.1, locked.getLast().phasor().amplitude(), 1e-6);
    assertEquals(20, locked.getLast().phasor().phaseDeg(), 1e-3);
  }

  @Test
  void a_mix_of_what_passed_different_filters_is_not_locked_in() {
    NodeSpec a = node("a", A, GraphSpec.FRAMES);
    NodeSpec b = node("b", B, GraphSpec.FRAMES);
    NodeSpec mix = node("mix", new NodeKind.Mix(List.of(1.0, 1.0)), "fa", "fb");
    NodeSpec tone = node("tone", boxcar(2000, 0.1), "gain");
    NodeSpec gain = node("gain", new NodeKind.Gain(1), "mix");
    NodeSpec filterA = node("fa", bandPass(1000, 3000), "a");
    NodeSpec filterB = node("fb", bandPass(1000, 3001), "b");
    NodeSpec unfilteredB = node("fb", new NodeKind.Gain(0), "b");
    String message =
        "node 5: measures a mix of signals that passed different filters: filter behind the mix";
    for (NodeSpec other : List.of(filterB, unfilteredB)) {
      assertEquals(
          message,
          assertThrows(GraphException.class, () -> graph(a, b, filterA, other, mix, tone, gain))
              .getMessage());
    }
    // Nobody asks for its phase.
    assertFalse(graph(a, b, filterA, filterB, mix).timings().isEmpty());
  }

  @Test
  @Tag("M13")
  void a_sample_allocates_nothing_seed_13() {
    int frames = 1000;
    // A window of 60 s holds 1800 frames: none of those that are counted ends it.
    NodeKind.LockIn lockIn =
        new NodeKind.LockIn(2000, 1, Duration.ofSeconds(60), new RcLowPass(4, 0.01));
    AnalysisGraph graph =
        graph(
            node("a", A, GraphSpec.FRAMES),
            node("b", B, GraphSpec.FRAMES),
            node("mix", new NodeKind.Mix(List.of(1.0, -1.0)), "a", "b"),
            node("gain", new NodeKind.Gain(6), "mix"),
            node("band", bandPass(1500, 2500), "gain"),
            node("tone", lockIn, "band"),
            node("gas", gas("gas", null), "tone"));
    TestSignal signal = noisyTone(13);
    Consumer<NodeOutput> nobody = output -> {};
    for (int i = 0; i < frames; i++) {
      graph.process(frame(signal, i), nobody);
    }
    List<AudioFrame> measured = new ArrayList<>();
    for (int i = 0; i < 790; i++) {
      measured.add(frame(signal, frames + i));
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < measured.size(); i++) {
      graph.process(measured.get(i), nobody);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    // Handing over takes a few objects; an array for a frame would take 12 800 bytes.
    assertTrue(bytes < 512L * measured.size(), () -> bytes + " bytes in 790 frames");
  }

  /// A frame of 1600 samples; the signal repeats after 30 of them.
  private static AudioFrame frame(TestSignal signal, int number) {
    int from = number % 30 * 1600;
    return new AudioFrame(
        Arrays.copyOfRange(signal.a, from, from + 1600),
        Arrays.copyOfRange(signal.b, from, from + 1600),
        RATE,
        number,
        1600L * number,
        TestSignal.START.plusNanos(number * 1_600_000_000L / 48));
  }

  @Test
  void frames_are_counted_node_by_node() {
    AnalysisGraph graph = filtered(bandPass(1500, 2500));
    assertEquals(
        List.of(
            new NodeTiming("signal", "channel", 0, 0, 0),
            new NodeTiming("band", "filter", 0, 0, 0),
            new NodeTiming("tone", "lock_in", 0, 0, 0)),
        graph.timings());
    outputs(graph, noisyTone(12).frames());
    for (NodeTiming timing : graph.timings()) {
      assertEquals(30, timing.frames());
      assertTrue(timing.slowestNanos() > 0);
      assertTrue(timing.totalNanos() >= timing.slowestNanos());
      assertTrue(timing.totalNanos() <= 30 * timing.slowestNanos());
    }
  }

  /// A second of 48 kHz.
  private static TestSignal noisyTone(long seed) {
    return new TestSignal(RATE, RATE).tone(2000, 0.1, 20).white(0.001, seed).quantised();
  }
}
