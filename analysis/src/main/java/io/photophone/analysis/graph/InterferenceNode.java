package io.photophone.analysis.graph;

import io.photophone.analysis.InterferenceMatrix;
import io.photophone.analysis.InterferenceMatrix.Gas;
import io.photophone.analysis.graph.Output.Results;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Readings of several gases, each one's share in the others' signals taken out.
///
/// A window's readings come once all inputs have given theirs. Where one of them has no
/// concentration, or not in its unit, none has: what it adds to the others is then unknown. What
/// makes one gas doubtful makes all of them so: its flags are theirs.
///
/// Contract: M8, M12.
final class InterferenceNode implements Node {
  /// What tells of the gas itself, or of the source, and not of its share in the others.
  private static final Set<ReadingFlag> OWN =
      EnumSet.of(ReadingFlag.LOW_SIGNAL, ReadingFlag.SIMULATED);

  private static final double SIGNIFICANT_SIGMAS = 3;

  private final NodeKind.Interference kind;
  private final List<Results<Reading>> inputs;
  private final Results<Reading> output = new Results<>();

  /// Windows of which not all inputs have given their reading, by their first sample.
  private final Map<Long, List<@Nullable Reading>> waiting = new HashMap<>();

  /// @param gases that the inputs tell, in their order
  /// @throws IllegalArgumentException for a matrix that doesn't fit the gases or can't be inverted
  InterferenceNode(NodeKind.Interference kind, List<Results<Reading>> inputs, List<String> gases) {
    this.kind = kind;
    this.inputs = inputs;
    // Whether it can be inverted doesn't depend on the units.
    matrix(kind, gases.stream().map(gas -> new Gas(gas, ConcentrationUnit.PPM)).toList());
  }

  private static InterferenceMatrix matrix(NodeKind.Interference kind, List<Gas> gases) {
    double[][] uncertainties =
        kind.uncertainties().isEmpty()
            ? new double[gases.size()][gases.size()]
            : array(kind.uncertainties());
    return new InterferenceMatrix(gases, array(kind.matrix()), uncertainties);
  }

  private static double[][] array(List<List<Double>> rows) {
    return rows.stream()
        .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  @Override
  public Results<Reading> output() {
    return output;
  }

  @Override
  public void process() {
    output.values().clear();
    for (int i = 0; i < inputs.size(); i++) {
      for (Reading reading : inputs.get(i).values()) {
        put(i, reading);
      }
    }
  }

  private void put(int input, Reading reading) {
    List<@Nullable Reading> window =
        waiting.computeIfAbsent(reading.fromSample(), start -> emptyWindow());
    window.set(input, reading);
    List<Reading> complete = new ArrayList<>();
    for (Reading each : window) {
      if (each == null) {
        return;
      }
      complete.add(each);
    }
    // Windows end in order, so whatever an input left out before will not come.
    waiting.keySet().removeIf(start -> start <= reading.fromSample());
    output.values().addAll(separated(complete));
  }

  private List<@Nullable Reading> emptyWindow() {
    List<@Nullable Reading> window = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      window.add(null);
    }
    return window;
  }

  private List<Reading> separated(List<Reading> readings) {
    List<Gas> gases = new ArrayList<>();
    Map<String, Concentration> apparent = new HashMap<>();
    Set<ReadingFlag> doubts = EnumSet.noneOf(ReadingFlag.class);
    for (Reading reading : readings) {
      doubts.addAll(reading.flags());
      Concentration concentration = reading.concentration();
      if (concentration != null) {
        gases.add(new Gas(reading.gas(), concentration.unit()));
        apparent.put(reading.gas(), concentration);
      }
    }
    doubts.removeAll(OWN);
    List<Concentration> concentrations =
        gases.size() == readings.size()
            ? matrix(kind, gases).solve(apparent).concentrations()
            : List.of();
    List<Reading> separated = new ArrayList<>();
    for (int i = 0; i < readings.size(); i++) {
      Set<ReadingFlag> flags = EnumSet.copyOf(doubts);
      flags.addAll(readings.get(i).flags());
      if (!concentrations.isEmpty() && isBelowZero(concentrations.get(i))) {
        flags.add(ReadingFlag.OUT_OF_RANGE);
      }
      separated.add(
          readings.get(i).with(concentrations.isEmpty() ? null : concentrations.get(i), flags));
    }
    return separated;
  }

  private static boolean isBelowZero(Concentration concentration) {
    return concentration.value() < -SIGNIFICANT_SIGMAS * concentration.standardUncertainty();
  }
}
