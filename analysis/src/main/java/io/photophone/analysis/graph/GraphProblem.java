package io.photophone.analysis.graph;

/// One thing that is wrong with a graph.
///
/// @param node index of the node in the graph's list
/// @param setting which of its settings is wrong; empty where it is the node as a whole
/// @param complaint what is wrong, with the value and what is allowed
public record GraphProblem(int node, String setting, String complaint) {
  /// One line for people.
  public String text() {
    return "node %d: %s".formatted(node, setting.isEmpty() ? complaint : setting + " " + complaint);
  }
}
