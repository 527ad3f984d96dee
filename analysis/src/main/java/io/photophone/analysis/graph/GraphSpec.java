package io.photophone.analysis.graph;

import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.dsp.FilterBand;
import io.photophone.dsp.FilterShape;
import io.photophone.dsp.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A graph of nodes that fit together: names are unique, every input exists and is of the right
/// kind, and nothing runs in a circle. Whether a sample rate carries it, [AnalysisGraph] tells.
///
/// @param nodes in any order
public record GraphSpec(List<NodeSpec> nodes) {
  /// Where the audio comes in.
  public static final String FRAMES = "frames";

  public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,39}");

  /// What [#NAME] allows, in words.
  public static final String NAME_IN_WORDS =
      "up to 40 small letters, digits, _ and -, a letter first";

  /// @throws GraphException with all problems
  public GraphSpec {
    nodes = List.copyOf(nodes);
    List<GraphProblem> problems = new Check(nodes).problems();
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
  }

  /// The chain that measures one gas, and beside it the spectra for display.
  ///
  /// @param spectrumSize samples of one spectrum
  public static GraphSpec standard(
      MeasurementConfig config,
      @Nullable Calibration calibration,
      int spectrumSize,
      int sampleRateHz) {
    List<NodeSpec> nodes = new ArrayList<>(measuring(config, calibration, sampleRateHz).nodes());
    nodes.add(
        new NodeSpec(
            "spectrum", List.of(FRAMES), new NodeKind.Spectrum(spectrumSize, Window.HANN)));
    return new GraphSpec(nodes);
  }

  /// The chain that measures one gas: channel, band-pass, lock-in, calibration.
  ///
  /// @param calibration for as long as no other is in force; null without
  public static GraphSpec measuring(
      MeasurementConfig config, @Nullable Calibration calibration, int sampleRateHz) {
    double modulationHz = config.modulationHz();
    double nyquistHz = sampleRateHz / 2.0;
    double halfWidthHz =
        Math.min(config.bandwidthHz() / 2, Math.min(modulationHz, nyquistHz - modulationHz) / 2);
    // A modulation that the rate doesn't carry is told where the lock-in is made.
    FilterBand band =
        modulationHz < nyquistHz
            ? new FilterBand.BandPass(modulationHz - halfWidthHz, modulationHz + halfWidthHz)
            : new FilterBand.HighPass(nyquistHz / 2);
    return new GraphSpec(
        List.of(
            new NodeSpec("signal", List.of(FRAMES), new NodeKind.Channel(config.channel())),
            new NodeSpec(
                "band",
                List.of("signal"),
                new NodeKind.Filter(new FilterShape.Butterworth(2), band)),
            new NodeSpec(
                "tone",
                List.of("band"),
                new NodeKind.LockIn(modulationHz, 1, config.integration(), null)),
            new NodeSpec(
                "gas",
                List.of("tone"),
                new NodeKind.Concentration(config.gas(), null, null, calibration))));
  }

  /// The first node's kind of this class; null if there is none.
  public <K extends NodeKind> @Nullable K first(Class<K> kind) {
    for (NodeSpec node : nodes) {
      if (kind.isInstance(node.kind())) {
        return kind.cast(node.kind());
      }
    }
    return null;
  }

  /// What its readings are of.
  public Set<String> gases() {
    Set<String> gases = new TreeSet<>();
    for (NodeSpec node : nodes) {
      if (node.kind() instanceof NodeKind.Concentration concentration) {
        gases.add(concentration.gas());
      }
    }
    return gases;
  }

  /// The same with this calibration for a gas whose node has none.
  public GraphSpec calibrated(String gas, Calibration calibration) {
    return new GraphSpec(
        nodes.stream()
            .map(node ->
                node.kind() instanceof NodeKind.Concentration c
                        && c.gas().equals(gas)
                        && c.calibration() == null
                    ? new NodeSpec(
                        node.name(),
                        node.of(),
                        new NodeKind.Concentration(gas, c.unit(), c.density(), calibration))
                    : node)
            .toList());
  }

  /// The longest span of a reading; zero if nothing is locked in.
  public Duration longestIntegration() {
    Duration longest = Duration.ZERO;
    for (NodeSpec node : nodes) {
      if (node.kind() instanceof NodeKind.LockIn lockIn
          && lockIn.integration().compareTo(longest) > 0) {
        longest = lockIn.integration();
      }
    }
    return longest;
  }

  /// The nodes such that each comes behind its inputs.
  List<NodeSpec> inOrder() {
    return new Check(nodes).inOrder();
  }

  /// Names of the nodes whose output another node takes.
  Set<String> taken() {
    Set<String> taken = new HashSet<>();
    nodes.forEach(node -> taken.addAll(node.of()));
    return taken;
  }

  /// What each kind of node takes and gives.
  private record Shape(Port input, int fewest, int most, Port output) {
    static Shape of(NodeKind kind) {
      return switch (kind) {
        case NodeKind.Channel c -> new Shape(Port.FRAMES, 1, 1, Port.SIGNAL);
        case NodeKind.Mix m -> new Shape(Port.SIGNAL, 2, Integer.MAX_VALUE, Port.SIGNAL);
        case NodeKind.Gain g -> new Shape(Port.SIGNAL, 1, 1, Port.SIGNAL);
        case NodeKind.Filter f -> new Shape(Port.SIGNAL, 1, 1, Port.SIGNAL);
        case NodeKind.LockIn l -> new Shape(Port.SIGNAL, 1, 1, Port.PHASORS);
        case NodeKind.Concentration c -> new Shape(Port.PHASORS, 1, 1, Port.READINGS);
        case NodeKind.Spectrum s -> new Shape(Port.FRAMES, 1, 1, Port.SPECTRA);
        case NodeKind.Resonance r -> new Shape(Port.PHASORS, 1, 1, Port.PHASORS);
        case NodeKind.Interference i ->
            new Shape(Port.READINGS, 2, Integer.MAX_VALUE, Port.READINGS);
        case NodeKind.Level l -> new Shape(Port.FRAMES, 1, 1, Port.LEVELS);
        case NodeKind.Peak p -> new Shape(Port.SIGNAL, 1, 1, Port.PEAKS);
        case NodeKind.Density d -> new Shape(Port.SIGNAL, 1, 1, Port.DENSITIES);
      };
    }

    String inputs() {
      if (fewest != most) {
        return fewest + " or more";
      }
      return fewest == 1 ? "one" : String.valueOf(fewest);
    }
  }

  private static final class Check {
    private final List<NodeSpec> nodes;
    private final Map<String, NodeSpec> byName = new HashMap<>();
    private final List<GraphProblem> problems = new ArrayList<>();

    Check(List<NodeSpec> nodes) {
      this.nodes = nodes;
      for (NodeSpec node : nodes) {
        if (!node.name().equals(FRAMES)) {
          byName.putIfAbsent(node.name(), node);
        }
      }
    }

    List<GraphProblem> problems() {
      Set<String> seen = new HashSet<>();
      Map<String, String> gases = new HashMap<>();
      for (int i = 0; i < nodes.size(); i++) {
        checkName(i, seen);
        checkGas(i, gases);
        checkInputs(i);
        checkKind(i);
      }
      checkCircles();
      return problems;
    }

    private void checkName(int index, Set<String> seen) {
      String name = nodes.get(index).name();
      if (!NAME.matcher(name).matches()) {
        problems.add(
            new GraphProblem(
                index, "name", "is \"%s\", allowed: %s".formatted(name, NAME_IN_WORDS)));
      } else if (name.equals(FRAMES)) {
        problems.add(
            new GraphProblem(index, "name", "is frames, which is the audio itself: take another"));
      } else if (!seen.add(name)) {
        problems.add(
            new GraphProblem(index, "name", "is %s, which another node has".formatted(name)));
      }
    }

    /// Calibrations, alarms and plots know a reading by its gas.
    private void checkGas(int index, Map<String, String> gases) {
      if (nodes.get(index).kind() instanceof NodeKind.Concentration concentration) {
        String other = gases.putIfAbsent(concentration.gas(), nodes.get(index).name());
        if (other != null) {
          problems.add(
              new GraphProblem(
                  index,
                  "gas",
                  "is %s, which %s measures: give it a name of its own, as %s at 2f"
                      .formatted(concentration.gas(), other, concentration.gas())));
        }
      }
    }

    private void checkInputs(int index) {
      NodeSpec node = nodes.get(index);
      Shape shape = Shape.of(node.kind());
      int count = node.of().size();
      if (count < shape.fewest() || count > shape.most()) {
        problems.add(
            new GraphProblem(
                index,
                "of",
                "has %d inputs, a %s node takes %s"
                    .formatted(count, node.kind().type(), shape.inputs())));
      }
      for (String input : node.of()) {
        NodeSpec source = byName.get(input);
        if (source == null && !input.equals(FRAMES)) {
          problems.add(
              new GraphProblem(
                  index,
                  "of",
                  "names %s, which is no node; there are: %s".formatted(input, known(node))));
          continue;
        }
        if (node.kind() instanceof NodeKind.Interference
            && source != null
            && source.kind() instanceof NodeKind.Interference) {
          problems.add(
              new GraphProblem(
                  index,
                  "of",
                  "names %s, which tells several gases, but an interference node takes"
                          .formatted(input)
                      + " concentration nodes, one for each gas"));
        }
        if (node.kind() instanceof NodeKind.Interference
            && source != null
            && source.kind() instanceof NodeKind.Concentration concentration
            && concentration.unit() == null) {
          problems.add(
              new GraphProblem(
                  index,
                  "of",
                  "names %s, which has no unit that the matrix is for".formatted(input)));
        }
        Port given = source == null ? Port.FRAMES : Shape.of(source.kind()).output();
        if (given != shape.input()) {
          problems.add(
              new GraphProblem(
                  index,
                  "of",
                  "names %s, which gives %s, but a %s node takes %s"
                      .formatted(input, given, node.kind().type(), shape.input())));
        }
      }
    }

    private String known(NodeSpec except) {
      List<String> names = new ArrayList<>(List.of(FRAMES));
      nodes.stream().filter(node -> !node.equals(except)).map(NodeSpec::name).forEach(names::add);
      return names.stream().distinct().collect(Collectors.joining(", "));
    }

    private void checkKind(int index) {
      NodeSpec node = nodes.get(index);
      if (node.kind() instanceof NodeKind.Mix mix && mix.weights().size() != node.of().size()) {
        problems.add(
            new GraphProblem(
                index,
                "weights",
                "has %d values for %d inputs".formatted(mix.weights().size(), node.of().size())));
      }
    }

    /// Tells each circle once, at its first node.
    private void checkCircles() {
      Set<String> done = new HashSet<>();
      for (NodeSpec node : nodes) {
        List<String> path = new ArrayList<>();
        follow(node, path, done);
      }
    }

    private void follow(NodeSpec node, List<String> path, Set<String> done) {
      int at = path.indexOf(node.name());
      if (at >= 0) {
        List<String> circle = new ArrayList<>(path.subList(at, path.size()));
        circle.add(node.name());
        problems.add(
            new GraphProblem(
                nodes.indexOf(node), "of", "runs in a circle: " + String.join(" takes ", circle)));
        return;
      }
      if (done.contains(node.name())) {
        return;
      }
      path.add(node.name());
      for (String input : node.of()) {
        NodeSpec source = byName.get(input);
        if (source != null) {
          follow(source, path, done);
        }
      }
      path.removeLast();
      done.add(node.name());
    }

    List<NodeSpec> inOrder() {
      List<NodeSpec> order = new ArrayList<>();
      Set<String> placed = new HashSet<>();
      nodes.forEach(node -> place(node, placed, order));
      return order;
    }

    private void place(NodeSpec node, Set<String> placed, List<NodeSpec> order) {
      if (!placed.add(node.name())) {
        return;
      }
      for (String input : node.of()) {
        NodeSpec source = byName.get(input);
        if (source != null) {
          place(source, placed, order);
        }
      }
      order.add(node);
    }
  }
}
