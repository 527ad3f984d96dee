package io.photophone.app.config;

import io.photophone.analysis.graph.GraphSpec;
import tools.jackson.databind.JsonNode;

/// A graph of nodes as text of its own, outside a configuration file.
public final class GraphText {
  private static final String PATH = "analysis";

  private GraphText() {}

  /// Reads a list of nodes, as it stands behind `analysis:` in a configuration.
  ///
  /// @param text YAML, or JSON, which is YAML too
  /// @throws ConfigException with all errors
  public static GraphSpec read(String text) throws ConfigException {
    Problems problems = new Problems();
    Node root = YamlFile.parse("the graph", text, problems);
    GraphSpec graph = NodeSettings.graph().read(root, PATH, problems);
    if (graph == null || !problems.isEmpty()) {
      throw new ConfigException(problems.sorted());
    }
    return graph;
  }

  /// The nodes as JSON that reads back as the same.
  public static JsonNode write(GraphSpec graph) {
    return NodeSettings.graph().write(graph);
  }
}
