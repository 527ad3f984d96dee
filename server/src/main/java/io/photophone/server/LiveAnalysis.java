package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.Streamed;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// What the server reads of the graph that measures, and how it asks for another.
///
/// @param nodes the graph, as in a configuration
/// @param timings how long each of its nodes took
/// @param replace puts another graph in its place, given as YAML or JSON, between two frames; fails
///   with a [Refused] that tells every error, and the graph then stays
/// @param tap whose outputs are wanted, by the nodes' names
/// @param outputs of the nodes that are tapped
public record LiveAnalysis(
    Supplier<JsonNode> nodes,
    Supplier<List<NodeTiming>> timings,
    Function<String, CompletableFuture<Void>> replace,
    Consumer<Set<String>> tap,
    BroadcastChannel<Streamed<NodeOutput>> outputs) {

  /// A graph that can't run.
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> errors;

    /// @param errors each with its place
    public Refused(List<String> errors) {
      super(String.join("; ", errors), null, false, false);
      this.errors = List.copyOf(errors);
    }

    /// One for each thing that is wrong.
    public List<String> errors() {
      return errors;
    }
  }
}
