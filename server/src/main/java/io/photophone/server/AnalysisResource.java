package io.photophone.server;

import io.photophone.model.NodeTiming;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;

/// `/api/analysis`: the graph that measures, how long its nodes take, and another graph in its
/// place. Contract: M13.
final class AnalysisResource implements MetricSource {
  static final Body<JsonNode> GRAPH =
      new Body<>(
          JsonNode.class,
          64 * 1024,
          List.of("application/json", "application/yaml"),
          List.of("[{\"type\": \"channel\", \"name\": \"signal\", \"channel\": \"difference\"}]"));

  private final String instrument;
  private final LiveAnalysis analysis;

  AnalysisResource(String instrument, LiveAnalysis analysis) {
    this.instrument = instrument;
    this.analysis = analysis;
  }

  /// The answer.
  ///
  /// @param analysis the nodes, as in a configuration
  record Graph(JsonNode analysis, List<Time> timings) {}

  /// How long a node takes for a frame, microseconds.
  record Time(String node, String type, long frames, double meanUs, double slowestUs) {
    static Time of(NodeTiming timing) {
      return new Time(
          timing.node(),
          timing.type(),
          timing.frames(),
          timing.frames() == 0 ? 0 : timing.totalNanos() / 1e3 / timing.frames(),
          timing.slowestNanos() / 1e3);
    }
  }

  void replace(Request request, Response response, Callback callback) {
    String text = GRAPH.text(request);
    CompletableFuture<Void> _ =
        analysis
            .replace()
            .apply(text)
            .whenComplete((_, failure) -> {
              if (failure == null) {
                Routes.writeJson(response, callback, graph());
              } else {
                problem(failure).write(response, callback);
              }
            });
  }

  Graph graph() {
    return new Graph(
        analysis.nodes().get(), analysis.timings().get().stream().map(Time::of).toList());
  }

  private static Problem problem(Throwable failure) {
    return failure instanceof LiveAnalysis.Refused refused
        ? new Problem(
            HttpStatus.BAD_REQUEST_400,
            "the graph stays as it is, since the new one has %d %s: %s"
                .formatted(
                    refused.errors().size(),
                    refused.errors().size() == 1 ? "error" : "errors",
                    String.join("; ", refused.errors())))
        : new Problem(
            HttpStatus.SERVICE_UNAVAILABLE_503,
            "the graph stays as it is: " + failure.getMessage());
  }

  @Override
  public void addTo(Metrics metrics) {
    for (NodeTiming timing : analysis.timings().get()) {
      metrics.counter(
          "photophone_node_seconds",
          "Processor time that a node of the analysis took.",
          timing.totalNanos() / 1e9,
          "instrument",
          instrument,
          "node",
          timing.node());
    }
  }
}
