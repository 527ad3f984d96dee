package io.photophone.app.config;

import io.photophone.analysis.graph.GraphException;
import io.photophone.analysis.graph.GraphProblem;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.analysis.graph.NodeSpec;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The nodes of an analysis, each wrong one told at its own place.
record Graph(ListOf<NodeSpec> nodes) implements Kind<GraphSpec> {

  @Override
  public @Nullable GraphSpec read(Node node, String path, Problems problems) {
    int before = problems.count();
    List<NodeSpec> specs = nodes.read(node, path, problems);
    if (specs == null || problems.count() > before) {
      return null;
    }
    try {
      return new GraphSpec(specs);
    } catch (GraphException e) {
      e.problems().forEach(problem -> tell(problem, node, path, problems));
      return null;
    }
  }

  private static void tell(GraphProblem problem, Node node, String path, Problems problems) {
    String own = Node.join(path, problem.node());
    Node item = node instanceof Node.Items list ? list.items().get(problem.node()) : node;
    Node place = item instanceof Node.Block block ? block.nearest(problem.setting()) : item;
    problems.add(place.origin(), Node.join(own, problem.setting()), problem.complaint());
  }

  @Override
  public JsonNode write(GraphSpec graph) {
    return nodes.write(graph.nodes());
  }

  @Override
  public ObjectNode schema() {
    return nodes.schema();
  }

  @Override
  public String allowed() {
    return nodes.allowed();
  }

  @Override
  public Stream<String> singleValues(String path) {
    return nodes.singleValues(path);
  }
}
