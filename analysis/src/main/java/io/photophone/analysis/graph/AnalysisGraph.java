package io.photophone.analysis.graph;

import io.photophone.analysis.graph.Output.Results;
import io.photophone.analysis.graph.Output.Signal;
import io.photophone.model.AudioFrame;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.Reading;
import io.photophone.model.Spectrum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A graph of nodes that runs: it takes an instrument's frames in order and gives what its nodes
/// make of them.
///
/// Readings depend on the samples and their absolute indices alone, bit for bit: not on how the
/// samples were cut into frames, nor on the machine; the start times alone come from the frames'
/// capture times. A jump of the sample index is a gap. A graph that is joined inside a window is
/// one whose samples before are missing.
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
  /// @param result whether its readings are the graph's
  private record Running(
      NodeSpec spec, Identity identity, Node node, Timing timing, boolean result) {}

  /// What a node is, whatever its name: two graphs' nodes that are alike in this have the same
  /// state.
  private record Identity(NodeKind kind, List<Identity> inputs) {}

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

  private static List<Running> build(
      GraphSpec spec, GraphContext context, Output.Frames frames, Map<Identity, Running> kept) {
    List<GraphProblem> problems = new ArrayList<>();
    Set<String> taken = spec.taken();
    Map<String, Running> made = new HashMap<>();
    List<Running> nodes = new ArrayList<>();
    for (NodeSpec node : spec.inOrder()) {
      List<Identity> inputs = new ArrayList<>();
      List<Output> outputs = new ArrayList<>();
      for (String input : node.of()) {
        Running source = made.get(input);
        if (source != null) {
          inputs.add(source.identity());
          outputs.add(source.node().output());
        } else if (input.equals(GraphSpec.FRAMES)) {
          outputs.add(frames);
        }
      }
      if (outputs.size() < node.of().size()) {
        continue; // an input is refused already
      }
      Identity identity = new Identity(node.kind(), inputs);
      Running old = kept.get(identity);
      try {
        Node runs = old == null ? create(node.kind(), outputs, context) : old.node();
        Timing timing = old == null ? new Timing() : old.timing();
        boolean result =
            node.kind() instanceof NodeKind.Concentration && !taken.contains(node.name());
        Running running = new Running(node, identity, runs, timing, result);
        made.put(node.name(), running);
        nodes.add(running);
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

  private static Node create(NodeKind kind, List<Output> inputs, GraphContext context) {
    int rate = context.sampleRateHz();
    return switch (kind) {
      case NodeKind.Channel channel ->
          new ChannelNode(channel.channel(), (Output.Frames) inputs.getFirst());
      case NodeKind.Mix mix ->
          new MixNode(mix.weights(), inputs.stream().map(Signal.class::cast).toList());
      case NodeKind.Gain gain -> new MixNode(gain, signal(inputs));
      case NodeKind.Filter filter -> new FilterNode(filter, signal(inputs), rate);
      case NodeKind.LockIn lockIn ->
          new LockInNode(lockIn, signal(inputs), filters(signal(inputs)), rate);
      case NodeKind.Concentration concentration ->
          new ConcentrationNode(concentration, results(inputs), context);
      case NodeKind.Spectrum spectrum ->
          new SpectrumNode(spectrum, (Output.Frames) inputs.getFirst());
    };
  }

  private static Signal signal(List<Output> inputs) {
    return (Signal) inputs.getFirst();
  }

  /// The ports have been checked, so the values are what the caller asks for.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T> Results<T> results(List<Output> inputs) {
    return (Results<T>) inputs.getFirst();
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
      long start = System.nanoTime();
      running.node().process();
      running.timing().add(System.nanoTime() - start);
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
      case LockInNode node ->
          node.output().values().forEach(v -> outputs.accept(new NodeOutput.LockedIn(name, v)));
      case ConcentrationNode node -> {
        for (Reading reading : node.output().values()) {
          outputs.accept(new NodeOutput.Measured(name, reading, running.result()));
        }
      }
      case SpectrumNode node -> {
        for (Spectrum spectrum : node.output().values()) {
          outputs.accept(new NodeOutput.Spectral(name, spectrum));
        }
      }
      case ChannelNode node -> handOver(name, node.output(), taps, outputs);
      case MixNode node -> handOver(name, node.output(), taps, outputs);
      case FilterNode node -> handOver(name, node.output(), taps, outputs);
    }
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

  /// How long each node took so far, in the order in which they run.
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
