package io.photophone.analysis.graph;

import static io.photophone.analysis.graph.TestGraph.bandPass;
import static io.photophone.analysis.graph.TestGraph.boxcar;
import static io.photophone.analysis.graph.TestGraph.difference;
import static io.photophone.analysis.graph.TestGraph.gas;
import static io.photophone.analysis.graph.TestGraph.node;
import static io.photophone.analysis.graph.TestGraph.spec;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.photophone.analysis.TestSignal;
import io.photophone.model.NodeTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphSpecTest {
  private static final NodeKind GAIN = new NodeKind.Gain(0);
  private static final NodeKind SUM = new NodeKind.Mix(List.of(1.0, 1.0));
  private static final NodeKind INTERFERENCE =
      new NodeKind.Interference(List.of(List.of(1.0, 0.0), List.of(0.0, 1.0)), List.of());

  @Test
  void an_input_that_is_no_node_is_told_with_those_that_are() {
    assertRefused(
        List.of("node 1: of names singal, which is no node; there are: frames, signal, other"),
        difference("signal"),
        node("band", bandPass(1000, 3000), "singal"),
        difference("other"));
  }

  @Test
  void an_input_of_the_wrong_kind_is_told_with_what_it_gives_and_what_is_needed() {
    assertRefused(
        List.of(
            "node 1: of names frames, which gives frames, but a filter node takes signal",
            "node 2: of names signal, which gives signal, but a channel node takes frames",
            "node 3: of names signal, which gives signal, but a concentration node takes phasors",
            "node 5: of names tone, which gives phasors, but a lock_in node takes signal"),
        difference("signal"),
        node("band", bandPass(1000, 3000), GraphSpec.FRAMES),
        node("channel", difference("").kind(), "signal"),
        node("gas", gas("CO2", null), "signal"),
        node("tone", boxcar(2000, 1), "signal"),
        node("again", boxcar(2000, 1), "tone"));
  }

  @Test
  void a_wrong_number_of_inputs_is_told_with_the_right_one() {
    assertRefused(
        List.of(
            "node 1: of has 0 inputs, a gain node takes one",
            "node 2: of has 2 inputs, a gain node takes one",
            "node 3: of has 1 inputs, a mix node takes 2 or more",
            "node 6: of has 1 inputs, a interference node takes 2 or more"),
        difference("signal"),
        node("none", GAIN),
        node("two", GAIN, "signal", "signal"),
        node("mix", new NodeKind.Mix(List.of(1.0)), "signal"),
        node("tone", boxcar(2000, 1), "signal"),
        node("gas", gas("CO2", null), "tone"),
        node("gases", INTERFERENCE, "gas"));
  }

  @Test
  void weights_of_a_mix_are_as_many_as_its_inputs() {
    assertRefused(
        List.of("node 1: weights has 2 values for 3 inputs"),
        difference("signal"),
        node("mix", SUM, "signal", "signal", "signal"));
  }

  @Test
  void what_several_gases_came_of_is_no_input_of_another_interference() {
    assertRefused(
        List.of(
            "node 5: of names gases, which tells several gases, but an interference node takes"
                + " concentration nodes, one for each gas"),
        difference("signal"),
        node("tone", boxcar(2000, 1), "signal"),
        node("gas1", gas("CO2", null), "tone"),
        node("gas2", gas("CH4", null), "tone"),
        node("gases", INTERFERENCE, "gas1", "gas2"),
        node("more", INTERFERENCE, "gases", "gas1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Signal", "1st", "a b", "ä", "_a", "-a", "a.b", "a\n"})
  void a_name_is_small_letters_digits_and_dashes(String name) {
    assertRefused(
        List.of(
            "node 0: name is \"%s\", allowed: up to 40 small letters, digits, _ and -, a letter first"
                .formatted(name)),
        difference(name));
  }

  @Test
  void a_name_has_up_to_40_characters() {
    assertDoesNotThrow(() -> spec(difference("a".repeat(40)), difference("a_1-b")));
    assertThrows(GraphException.class, () -> spec(difference("a".repeat(41))));
  }

  @Test
  void the_audio_and_other_nodes_keep_their_names() {
    assertRefused(
        List.of(
            "node 0: name is frames, which is the audio itself: take another",
            "node 2: name is signal, which another node has"),
        difference(GraphSpec.FRAMES),
        difference("signal"),
        difference("signal"));
  }

  @Test
  void a_circle_is_told_once() {
    assertRefused(List.of("node 0: of runs in a circle: one takes one"), node("one", GAIN, "one"));
    assertRefused(
        List.of("node 1: of runs in a circle: one takes two takes one"),
        node("before", GAIN, "one"),
        node("one", GAIN, "two"),
        node("two", GAIN, "one"));
    assertRefused(
        List.of("node 0: of runs in a circle: one takes three takes two takes one"),
        node("one", GAIN, "three"),
        node("two", GAIN, "one"),
        node("three", GAIN, "two"),
        node("behind", GAIN, "three"));
  }

  @Test
  void circles_that_share_a_node_are_told_each() {
    assertRefused(
        List.of(
            "node 0: of runs in a circle: one takes two takes one",
            "node 0: of runs in a circle: one takes three takes one"),
        node("one", SUM, "two", "three"),
        node("two", GAIN, "one"),
        node("three", GAIN, "one"));
  }

  @Test
  void everything_that_is_wrong_is_told_at_once_in_the_order_of_the_nodes() {
    assertRefused(
        List.of(
            "node 0: of runs in a circle: round takes round",
            "node 1: name is \"Band\", allowed: up to 40 small letters, digits, _ and -, a letter"
                + " first",
            "node 1: of names nothing, which is no node; there are: frames, round, mix",
            "node 2: of has 1 inputs, a mix node takes 2 or more",
            "node 2: of names frames, which gives frames, but a mix node takes signal",
            "node 2: weights has 2 values for 1 inputs",
            "node 3: name is mix, which another node has"),
        node("round", GAIN, "round"),
        node("Band", bandPass(1, 2), "nothing"),
        node("mix", SUM, GraphSpec.FRAMES),
        difference("mix"));
  }

  @Test
  void what_the_rate_forbids_is_told_in_the_order_of_the_nodes_too() {
    GraphSpec spec =
        spec(
            node("high", boxcar(30_000, 1), "signal"),
            node("tone", boxcar(25_000, 1), "signal"),
            node("behind", gas("gas", null), "band"),
            difference("signal"),
            node("band", boxcar(24_000, 1), "filtered"),
            node("filtered", bandPass(1000, 24_000), "signal"));
    GraphContext context = GraphContext.of("cell", TestGraph.RATE, false);
    GraphException refusal =
        assertThrows(GraphException.class, () -> AnalysisGraph.of(spec, context));
    assertEquals(List.of(0, 1, 5), refusal.problems().stream().map(GraphProblem::node).toList());
  }

  @Test
  void the_order_of_the_nodes_does_not_matter_seed_1() {
    TestSignal signal = new TestSignal(TestGraph.RATE, 10_000).tone(2000, 0.1, 20).white(0.01, 1);
    List<NodeSpec> nodes =
        new ArrayList<>(
            List.of(
                difference("signal"),
                node("band", bandPass(1800, 2200), "signal"),
                node("half", new NodeKind.Gain(-6), "signal"),
                node("mix", SUM, "half", "signal"),
                node("tone", boxcar(2000, 0.05), "band"),
                node("other", boxcar(2000, 0.05), "mix"),
                node("gas", gas("CO2", null), "tone"),
                node("gas2", gas("CH4", null), "other")));
    SplittableRandom random = new SplittableRandom(1);
    Set<Object> expected = Set.copyOf(results(nodes, signal));
    assertEquals(8 + 8, expected.size());
    for (int run = 0; run < 20; run++) {
      Collections.shuffle(nodes, new java.util.Random(random.nextLong()));
      assertEquals(expected, Set.copyOf(results(nodes, signal)), () -> "order " + nodes);
    }
  }

  private static List<Object> results(List<NodeSpec> nodes, TestSignal signal) {
    AnalysisGraph graph = TestGraph.graph(nodes.toArray(NodeSpec[]::new));
    return List.copyOf(TestGraph.outputs(graph, signal.frames()));
  }

  @Test
  void the_first_of_a_kind_is_that_of_the_list_not_of_the_run() {
    GraphSpec spec =
        spec(
            node("late", boxcar(1000, 1), "band"),
            node("early", boxcar(2000, 2), "signal"),
            node("band", bandPass(900, 1100), "signal"),
            difference("signal"));
    assertEquals(boxcar(1000, 1), spec.first(NodeKind.LockIn.class));
    assertNull(spec.first(NodeKind.Spectrum.class));
    assertEquals(Duration.ofSeconds(2), spec.longestIntegration());
    assertEquals(Set.of(), spec.gases());
  }

  @Test
  void a_chain_of_a_thousand_nodes_runs() {
    List<NodeSpec> nodes = new ArrayList<>(List.of(difference("n0")));
    for (int i = 1; i <= 1000; i++) {
      // Last first, so that following the inputs goes all the way down.
      nodes.addFirst(node("n" + i, GAIN, "n" + (i - 1)));
    }
    assertRuns(nodes, 1001);
  }

  @Test
  void paths_that_part_and_meet_again_cost_no_more_than_their_nodes() {
    List<NodeSpec> nodes = new ArrayList<>(List.of(difference("n0")));
    for (int i = 1; i <= 100; i++) {
      nodes.add(node("n" + i, new NodeKind.Mix(List.of(0.5, 0.5)), "n" + (i - 1), "n" + (i - 1)));
    }
    assertRuns(nodes, 101);
  }

  /// Makes it, runs it and replaces it by itself.
  private static void assertRuns(List<NodeSpec> nodes, int count) {
    TestSignal signal = new TestSignal(TestGraph.RATE, 1000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          AnalysisGraph graph = TestGraph.graph(nodes.toArray(NodeSpec[]::new));
          graph.process(signal.frame(0, 0, 500), output -> {});
          graph = graph.replacedBy(graph.spec());
          graph.process(signal.frame(1, 500, 1000), output -> {});
          assertEquals(count, graph.timings().size());
          assertEquals(
              Set.of(2L), Set.copyOf(graph.timings().stream().map(NodeTiming::frames).toList()));
        });
  }

  private static void assertRefused(List<String> problems, NodeSpec... nodes) {
    GraphException refusal = assertThrows(GraphException.class, () -> spec(nodes));
    assertEquals(problems, refusal.problems().stream().map(GraphProblem::text).toList());
    assertEquals(String.join("; ", problems), refusal.getMessage());
  }
}
