package io.photophone.analysis.graph;

import io.photophone.analysis.Peak;
import io.photophone.analysis.graph.Output.Results;
import io.photophone.analysis.graph.Output.Signal;
import io.photophone.dsp.Tone;
import io.photophone.model.AudioFrame;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.Reading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A graph of nodes that runs: it takes an instrument's frames in order and gives what its nodes
/// make of them.
///
/// Readings depend on the samples and their absolute indices alone, bit for bit: not on how the
/// samples were cut into frames, nor on the machine. The frames' capture times give the start
/// times, and with them the calibration in force and the environment. A jump of the sample index is
/// a gap. A graph that is joined inside a window is one whose samples before are missing.
///
/// For one thread at a time; [#timings] and [#tap] may be called by any. A sample allocates nothing
/// and takes no lock.
///
/// Contract: M12, M13.
public final class AnalysisGraph {
  private final GraphSpec spec;
  private final GraphContext context;
  private final Output.Frames frames;
  private final List<Running> nodes;

  /// Replaced as a whole by who taps.
  private volatile Set<String> tapped = Set.of();

  /// Index of the sample that comes next.
  private long next;

  /// A node with its name in this graph.
  ///
  /// @param alike whether one that runs before it has the same node
  /// @param result whether no other node takes what it gives
  private record Running(
      NodeSpec spec,
      List<Running> sources,
      Node node,
      Timing timing,
      boolean alike,
      boolean result) {
    Identity identity() {
      return Identity.of(spec.kind(), sources);
    }
  }

  /// What a node is, whatever its name: nodes that are alike in this have the same state, so that
  /// one runs for all of them.
  ///
  /// @param inputs compared as objects, so that a node never takes what another graph's node gave
  private record Identity(NodeKind kind, List<Node> inputs) {
    static Identity of(NodeKind kind, List<Running> sources) {
      return new Identity(kind, sources.stream().map(Running::node).toList());
    }
  }

  /// Written by the thread that processes, read by any.
  private static final class Timing {
    private final AtomicLong frames = new AtomicLong();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();

    void add(long nanos) {
      frames.setOpaque(frames.getPlain() + 1);
      total.setOpaque(total.getPlain() + nanos);
      slowest.setOpaque(Math.max(slowest.getPlain(), nanos));
    }
  }

  private AnalysisGraph(
      GraphSpec spec, GraphContext context, Output.Frames frames, List<Running> nodes, long next) {
    this.spec = spec;
    this.context = context;
    this.frames = frames;
    this.nodes = nodes;
    this.next = next;
  }

  /// A graph that has seen nothing.
  ///
  /// @throws GraphException with everything that the sample rate doesn't allow
  public static AnalysisGraph of(GraphSpec spec, GraphContext context) {
    Output.Frames frames = new Output.Frames();
    return new AnalysisGraph(spec, context, frames, build(spec, context, frames, Map.of()), 0);
  }

  /// Another graph that goes on where this one is. Nodes that are the same in both, and whose
  /// inputs are, keep their state, under their new names; the others begin at the next sample, with
  /// the phase that its index gives. This graph isn't used again.
  ///
  /// @throws GraphException if the sample rate doesn't allow it; this graph then goes on
  public AnalysisGraph replacedBy(GraphSpec other) {
    Map<Identity, Running> kept = new HashMap<>();
    nodes.forEach(node -> kept.put(node.identity(), node));
    AnalysisGraph graph =
        new AnalysisGraph(other, context, frames, build(other, context, frames, kept), next);
    graph.tapped = tapped;
    return graph;
  }

  /// @param kept nodes that may be used again
  private static List<Running> build(
      GraphSpec spec, GraphContext context, Output.Frames frames, Map<Identity, Running> kept) {
    List<GraphProblem> problems = new ArrayList<>();
    Set<String> taken = spec.taken();
    Map<String, Running> made = new HashMap<>();
    Map<Identity, Running> running = new HashMap<>();
    List<Running> nodes = new ArrayList<>();
    for (NodeSpec node : spec.inOrder()) {
      List<Running> sources = new ArrayList<>();
      for (String input : node.of()) {
        Running source = made.get(input);
        if (source != null) {
          sources.add(source);
        }
      }
      boolean ofFrames = node.of().contains(GraphSpec.FRAMES);
      if (!ofFrames && sources.size() < node.of().size()) {
        continue; // an input is refused already
      }
      Identity identity = Identity.of(node.kind(), sources);
      boolean alike = running.containsKey(identity);
      Running old = alike ? running.get(identity) : kept.get(identity);
      try {
        Node runs = old == null ? create(node.kind(), sources, frames, context) : old.node();
        Timing timing = old == null ? new Timing() : old.timing();
        Running one = new Running(node, sources, runs, timing, alike, !taken.contains(node.name()));
        made.put(node.name(), one);
        running.putIfAbsent(identity, one);
        nodes.add(one);
      } catch (IllegalArgumentException e) {
        problems.add(
            new GraphProblem(spec.nodes().indexOf(node), "", String.valueOf(e.getMessage())));
      }
    }
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
    return nodes;
  }

  private static Node create(
      NodeKind kind, List<Running> sources, Output.Frames frames, GraphContext context) {
    int rate = context.sampleRateHz();
    List<Output> inputs = sources.stream().map(source -> source.node().output()).toList();
    return switch (kind) {
      case NodeKind.Channel channel -> new ChannelNode(channel.channel(), frames);
      case NodeKind.Mix mix ->
          new MixNode(mix.weights(), inputs.stream().map(Signal.class::cast).toList());
      case NodeKind.Gain gain -> new MixNode(gain, signal(inputs));
      case NodeKind.Filter filter -> new FilterNode(filter, signal(inputs), rate);
      case NodeKind.LockIn lockIn ->
          new LockInNode(
              lockIn, signal(inputs), filters(signal(inputs)), rate, context.phaseOrigin());
      case NodeKind.Resonance resonance -> new ResonanceNode(resonance, results(inputs.getFirst()));
      case NodeKind.Concentration concentration ->
          new ConcentrationNode(concentration, results(inputs.getFirst()), context);
      case NodeKind.Interference interference -> interference(interference, sources, rate);
      case NodeKind.Spectrum spectrum -> new SpectrumNode(spectrum, frames);
      case NodeKind.Level level -> new LevelNode(level, frames, rate);
      case NodeKind.Peak peak -> new PeakNode(peak, signal(inputs), rate);
      case NodeKind.Density density -> new DensityNode(density, signal(inputs), rate);
    };
  }

  private static Node interference(
      NodeKind.Interference kind, List<Running> sources, int sampleRateHz) {
    List<String> gases = new ArrayList<>();
    List<Results<Reading>> readings = new ArrayList<>();
    Map<Long, String> windows = new TreeMap<>();
    for (Running source : sources) {
      if (source.spec().kind() instanceof NodeKind.Concentration concentration) {
        gases.add(concentration.gas());
        readings.add(results(source.node().output()));
        windows.putIfAbsent(windowLength(source, sampleRateHz), source.spec().name());
      }
    }
    if (windows.size() > 1) {
      throw new IllegalArgumentException(
          "takes readings of windows that differ in length (samples=node): %s; choose integrations of whole periods of every modulation"
              .formatted(windows));
    }
    return new InterferenceNode(kind, readings, gases);
  }

  private static long windowLength(Running node, int sampleRateHz) {
    return node.spec().kind() instanceof NodeKind.LockIn lockIn
        ? LockInNode.windowLength(lockIn, sampleRateHz)
        : windowLength(node.sources().getFirst(), sampleRateHz);
  }

  private static Signal signal(List<Output> inputs) {
    return (Signal) inputs.getFirst();
  }

  /// The ports have been checked, so the values are what the caller asks for.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> Results<T> results(Output output) {
    return (Results<T>) output;
  }

  private static List<NodeKind.Filter> filters(Signal signal) {
    List<NodeKind.Filter> filters = signal.filters();
    if (filters == null) {
      throw new IllegalArgumentException(
          "measures a mix of signals that passed different filters: filter behind the mix");
    }
    return filters;
  }

  /// What runs.
  public GraphSpec spec() {
    return spec;
  }

  public int sampleRateHz() {
    return context.sampleRateHz();
  }

  /// Takes the stream's next frame, of any length; hands over what became complete with it, node by
  /// node, oldest first.
  ///
  /// @throws IllegalArgumentException for another sample rate, or for samples that have passed
  public void process(AudioFrame frame, Consumer<? super NodeOutput> outputs) {
    if (frame.sampleRateHz() != context.sampleRateHz()) {
      throw new IllegalArgumentException(
          "frame %d has %d Hz, the measurement runs at %d Hz"
              .formatted(frame.frameNumber(), frame.sampleRateHz(), context.sampleRateHz()));
    }
    if (frame.firstSampleIndex() < next) {
      throw new IllegalArgumentException(
          "frame %d begins at sample %d, which has passed: next is %d"
              .formatted(frame.frameNumber(), frame.firstSampleIndex(), next));
    }
    next = frame.endSampleIndex();
    frames.set(frame);
    Set<String> taps = tapped;
    for (int i = 0; i < nodes.size(); i++) {
      Running running = nodes.get(i);
      if (!running.alike()) {
        long start = System.nanoTime();
        running.node().process();
        running.timing().add(System.nanoTime() - start);
      }
      handOver(running, taps, outputs);
    }
  }

  /// The same, but hands over the graph's readings alone.
  public void measure(AudioFrame frame, Consumer<? super Reading> readings) {
    process(
        frame,
        output -> {
          if (output instanceof NodeOutput.Measured measured && measured.result()) {
            readings.accept(measured.reading());
          }
        });
  }

  private void handOver(Running running, Set<String> taps, Consumer<? super NodeOutput> outputs) {
    String name = running.spec().name();
    switch (running.node()) {
      case ChannelNode node -> handOver(name, node.output(), taps, outputs);
      case MixNode node -> handOver(name, node.output(), taps, outputs);
      case FilterNode node -> handOver(name, node.output(), taps, outputs);
      case LockInNode node ->
          node.output().values().forEach(v -> outputs.accept(new NodeOutput.LockedIn(name, v)));
      case ResonanceNode node ->
          node.output().values().forEach(v -> outputs.accept(new NodeOutput.LockedIn(name, v)));
      case ConcentrationNode node -> handOver(running, node.output(), outputs);
      case InterferenceNode node -> handOver(running, node.output(), outputs);
      case SpectrumNode node ->
          node.output().values().forEach(v -> outputs.accept(new NodeOutput.Spectral(name, v)));
      case LevelNode node ->
          node.output().values().forEach(v -> outputs.accept(new NodeOutput.Levelled(name, v)));
      case PeakNode node -> node.output().values().forEach(v -> outputs.accept(peaked(name, v)));
      case DensityNode node ->
          node.output().values().forEach(v -> outputs.accept(new NodeOutput.Powered(name, v)));
    }
  }

  private static void handOver(
      Running running, Results<Reading> readings, Consumer<? super NodeOutput> outputs) {
    for (Reading reading : readings.values()) {
      outputs.accept(new NodeOutput.Measured(running.spec().name(), reading, running.result()));
    }
  }

  private static NodeOutput.Peaked peaked(String name, Peak peak) {
    Tone tone = peak.tone();
    return tone == null
        ? new NodeOutput.Peaked(
            name,
            peak.startIndex(),
            peak.endIndex(),
            peak.complete(),
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN,
            Double.NaN)
        : new NodeOutput.Peaked(
            name,
            peak.startIndex(),
            peak.endIndex(),
            peak.complete(),
            tone.frequencyHz().value(),
            tone.frequencyHz().standardUncertainty(),
            tone.amplitude().value(),
            tone.amplitude().standardUncertainty(),
            Math.toDegrees(tone.phaseRad().value()));
  }

  private void handOver(
      String name, Signal signal, Set<String> taps, Consumer<? super NodeOutput> outputs) {
    if (!taps.contains(name)) {
      return;
    }
    float[] samples = new float[signal.length()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) signal.samples()[i];
    }
    AudioFrame frame = signal.frame();
    outputs.accept(
        new NodeOutput.Samples(
            name, frame.firstSampleIndex(), frame.sampleRateHz(), samples, frame.captured()));
  }

  /// Whose samples are handed over, too: those of the nodes with these names, where there are such.
  public void tap(Set<String> names) {
    tapped = Set.copyOf(names);
  }

  /// How long each node took so far, in the order in which they run; nodes of one kind and input
  /// run once and tell the same.
  public List<NodeTiming> timings() {
    return nodes.stream()
        .map(running ->
            new NodeTiming(
                running.spec().name(),
                running.spec().kind().type(),
                running.timing().frames.getOpaque(),
                running.timing().total.getOpaque(),
                running.timing().slowest.getOpaque()))
        .toList();
  }
}
