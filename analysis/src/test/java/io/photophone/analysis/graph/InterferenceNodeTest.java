package io.photophone.analysis.graph;

import static io.photophone.analysis.graph.TestGraph.boxcar;
import static io.photophone.analysis.graph.TestGraph.difference;
import static io.photophone.analysis.graph.TestGraph.gas;
import static io.photophone.analysis.graph.TestGraph.node;
import static io.photophone.analysis.graph.TestGraph.outputs;
import static io.photophone.analysis.graph.TestGraph.readings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.analysis.TestSignal;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.dsp.FilterBand;
import io.photophone.dsp.FilterShape;
import io.photophone.model.AudioFrame;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.NodeOutput;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several gases of one recording, each at a modulation of its own.
@Tag("M8")
class InterferenceNodeTest {
  private static final int RATE = TestGraph.RATE;

  /// Whole periods of each fit into 50 ms.
  private static final double[] HZ = {2000, 4000, 7000};

  private static final double[] PHASE_DEG = {20, -110, 75};
  private static final double[] TRUE_PPM = {40, 25, 60};
  private static final List<List<Double>> MATRIX =
      List.of(List.of(1.0, 0.2, -0.05), List.of(0.15, 1.0, 0.1), List.of(0.03, -0.3, 1.0));

  /// 0.001 for one ppm.
  private static Calibration calibration(int gas, double phaseDeg, double relativeUncertainty) {
    return new Calibration(
        "c" + gas, ConcentrationUnit.PPM, 0.001, 0, phaseDeg, relativeUncertainty, 100, null);
  }

  private static List<@Nullable Calibration> calibrations(int gases) {
    return new ArrayList<>(
        IntStream.range(0, gases).mapToObj(gas -> calibration(gas, PHASE_DEG[gas], 0)).toList());
  }

  /// What the gases' own lock-ins see of the mixture.
  private static TestSignal mixture(int gases, double noise, long seed) {
    TestSignal signal = new TestSignal(RATE, RATE).white(noise, seed);
    for (int i = 0; i < gases; i++) {
      double apparent = 0;
      for (int j = 0; j < gases; j++) {
        apparent += MATRIX.get(i).get(j) * TRUE_PPM[j];
      }
      signal.tone(HZ[i], 0.001 * apparent, PHASE_DEG[i]);
    }
    return signal.quantised();
  }

  private static NodeKind interference(int gases, double uncertainty) {
    List<List<Double>> uncertainties = new ArrayList<>();
    for (int i = 0; i < gases; i++) {
      int row = i;
      uncertainties.add(
          IntStream.range(0, gases).mapToObj(column -> column == row ? 0.0 : uncertainty).toList());
    }
    return new NodeKind.Interference(
        MATRIX.subList(0, gases).stream().map(row -> row.subList(0, gases)).toList(),
        uncertainty == 0 ? List.of() : uncertainties);
  }

  /// Keeps the other modulations, which are no noise, out of the noise.
  private static NodeKind steep(double hz) {
    return new NodeKind.Filter(
        new FilterShape.Butterworth(4), new FilterBand.BandPass(hz - 200, hz + 200));
  }

  private static AnalysisGraph graph(
      NodeKind interference, List<@Nullable Calibration> calibrations) {
    List<NodeSpec> nodes = new ArrayList<>(List.of(difference("signal")));
    List<String> gases = new ArrayList<>();
    for (int i = 0; i < calibrations.size(); i++) {
      nodes.add(node("band" + i, steep(HZ[i]), "signal"));
      nodes.add(node("tone" + i, boxcar(HZ[i], 0.05), "band" + i));
      nodes.add(node("gas" + i, gas("G" + i, calibrations.get(i)), "tone" + i));
      gases.add("gas" + i);
    }
    nodes.add(new NodeSpec("mixture", gases, interference));
    return TestGraph.graph(nodes.toArray(NodeSpec[]::new));
  }

  private static Concentration concentration(Reading reading) {
    Concentration concentration = reading.concentration();
    assertNotNull(concentration, reading::toString);
    return concentration;
  }

  @ParameterizedTest(name = "{0} gases, seed 1")
  @ValueSource(ints = {2, 3})
  void the_true_concentrations_are_recovered(int gases) {
    List<Reading> readings =
        readings(
            graph(interference(gases, 0), calibrations(gases)), mixture(gases, 1e-3, 1).frames());
    assertEquals(20 * gases, readings.size());
    // While the filters settle there is nothing to separate.
    readings = readings.subList(2 * gases, 20 * gases);
    double[] sums = new double[gases];
    double[] variances = new double[gases];
    for (int i = 0; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      int gas = i % gases;
      assertEquals("G" + gas, reading.gas());
      assertEquals(2400L * (2 + i / gases), reading.fromSample());
      assertEquals("c" + gas, concentration(reading).calibrationId());
      double deviation = concentration(reading).value() - TRUE_PPM[gas];
      double uncertainty = concentration(reading).standardUncertainty();
      assertEquals(0, deviation, 4 * uncertainty);
      sums[gas] += deviation;
      variances[gas] += uncertainty * uncertainty;
    }
    for (int gas = 0; gas < gases; gas++) {
      assertEquals(0, sums[gas], 3 * Math.sqrt(variances[gas]));
      // Without the matrix they are 4 ppm off and more.
      assertTrue(Math.sqrt(variances[gas]) / 18 < 0.1);
    }
  }

  @Test
  void the_uncertainty_of_the_matrix_counts() {
    Reading reading =
        readings(graph(interference(2, 0.01), calibrations(2)), mixture(2, 1e-6, 2).frames())
            .getLast();
    // G1 by c = (a₁ − K₁₀ a₀) / (1 − K₀₁ K₁₀): 0.01 · 40, and through G0 0.15 · 0.01 · 25.
    assertEquals(
        Math.hypot(0.4, 0.0375) / 0.97, concentration(reading).standardUncertainty(), 1e-3);
  }

  @Test
  void apparent_concentrations_are_no_results_of_the_graph() {
    List<NodeOutput> outputs =
        outputs(graph(interference(2, 0), calibrations(2)), mixture(2, 1e-3, 3).frames());
    for (NodeOutput output : outputs) {
      if (output instanceof NodeOutput.Measured measured) {
        assertEquals(measured.node().equals("mixture"), measured.result());
      }
    }
  }

  @Test
  void windows_that_differ_in_length_are_refused() {
    NodeSpec[] nodes = {
      difference("signal"),
      node("tone1", boxcar(2000, 0.05), "signal"),
      // 85 periods of 1701 Hz.
      node("tone2", boxcar(1701, 0.05), "signal"),
      node("gas1", gas("G1", null), "tone1"),
      node("gas2", gas("G2", null), "tone2"),
      node("mixture", interference(2, 0), "gas1", "gas2")
    };
    assertEquals(
        "node 5: takes readings of windows that differ in length (samples=node):"
            + " {2399=gas2, 2400=gas1}; choose integrations of whole periods of every modulation",
        assertThrows(GraphException.class, () -> TestGraph.graph(nodes)).getMessage());
  }

  @Test
  void a_gas_without_a_unit_is_refused_since_the_matrix_is_for_units() {
    NodeSpec[] nodes = {
      difference("signal"),
      node("tone1", boxcar(2000, 0.05), "signal"),
      node("tone2", boxcar(1700, 0.05), "signal"),
      node("gas1", new NodeKind.Concentration("G", null, null, null), "tone1"),
      node("gas2", gas("H", null), "tone2"),
      node("mixture", interference(2, 0), "gas1", "gas2")
    };
    GraphException refusal = assertThrows(GraphException.class, () -> TestGraph.graph(nodes));
    assertEquals(
        "node 5: of names gas1, which has no unit that the matrix is for", refusal.getMessage());
  }

  @Test
  void gases_of_one_name_are_refused() {
    NodeSpec[] nodes = {
      difference("signal"),
      node("tone1", boxcar(2000, 0.05), "signal"),
      node("tone2", boxcar(1700, 0.05), "signal"),
      node("gas1", gas("G", null), "tone1"),
      node("gas2", gas("G", null), "tone2"),
      node("mixture", interference(2, 0), "gas1", "gas2")
    };
    GraphException refusal = assertThrows(GraphException.class, () -> TestGraph.graph(nodes));
    assertEquals(
        "node 4: gas is G, which gas1 measures: give it a name of its own, as G at 2f",
        refusal.getMessage());
  }

  @Test
  void a_matrix_of_another_size_is_refused() {
    GraphException refusal =
        assertThrows(GraphException.class, () -> graph(interference(3, 0), calibrations(2)));
    assertTrue(refusal.getMessage().startsWith("node 7: "), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("3 rows"), refusal::getMessage);
  }

  @Test
  void without_one_calibration_no_gas_has_a_concentration() {
    List<@Nullable Calibration> calibrations = calibrations(3);
    calibrations.set(1, null);
    List<Reading> readings =
        readings(graph(interference(3, 0), calibrations), mixture(3, 1e-3, 4).frames());
    assertEquals(60, readings.size());
    for (Reading reading : readings) {
      assertNull(reading.concentration());
      assertTrue(reading.has(ReadingFlag.UNCALIBRATED), reading::toString);
    }
  }

  @Test
  void what_spoils_one_gas_flags_all_of_them() {
    List<@Nullable Calibration> calibrations = calibrations(3);
    calibrations.set(2, calibration(2, PHASE_DEG[2] + 60, 0));
    List<Reading> readings =
        readings(graph(interference(3, 0), calibrations), mixture(3, 1e-3, 5).frames());
    for (Reading reading : readings.subList(2 * 3, 60)) {
      assertEquals(Set.of(ReadingFlag.OFF_RESONANCE), reading.flags());
    }
  }

  @Test
  void a_gas_that_is_not_there_spoils_no_other() {
    TestSignal signal =
        new TestSignal(RATE, RATE)
            .tone(HZ[0], 0.001 * 40, PHASE_DEG[0])
            .tone(HZ[1], 0.001 * 40 * 0.15, PHASE_DEG[1])
            .white(2e-3, 6);
    List<Reading> all = readings(graph(interference(3, 0), calibrations(3)), signal.frames());
    List<Reading> readings = all.subList(2 * 3, all.size());
    List<Reading> absent = readings.stream().filter(reading -> reading.gas().equals("G2")).toList();
    List<Reading> present =
        readings.stream().filter(reading -> reading.gas().equals("G0")).toList();
    assertTrue(absent.stream().filter(r -> r.has(ReadingFlag.LOW_SIGNAL)).count() > 10);
    assertFalse(present.stream().anyMatch(r -> r.has(ReadingFlag.LOW_SIGNAL)));
    for (Reading reading : present) {
      assertEquals(
          40, concentration(reading).value(), 4 * concentration(reading).standardUncertainty());
    }
  }

  @Test
  void a_gap_flags_all_gases_of_its_window_and_pairs_no_others() {
    TestSignal signal = mixture(3, 1e-4, 7);
    List<AudioFrame> frames =
        List.of(
            signal.frame(0, 0, 6000), signal.frame(1, 6100, 10_000), signal.frame(2, 20_000, RATE));
    List<Reading> readings = readings(graph(interference(3, 0), calibrations(3)), frames);
    Set<Long> whole = Set.of(0L, 2400L, 7200L);
    assertEquals(
        Stream.of(0, 2400, 4800, 7200, 9600, 19_200, 21_600)
            .flatMap(from -> Stream.of((long) from, (long) from, (long) from))
            .toList(),
        readings.stream().limit(21).map(Reading::fromSample).toList());
    for (Reading reading : readings) {
      boolean lost = reading.fromSample() < 21_600 && !whole.contains(reading.fromSample());
      assertEquals(lost, reading.has(ReadingFlag.GAP), reading::toString);
    }
    for (int gas = 0; gas < 3; gas++) {
      assertEquals(TRUE_PPM[gas], concentration(readings.get(9 + gas)).value(), 0.2);
    }
  }
}
