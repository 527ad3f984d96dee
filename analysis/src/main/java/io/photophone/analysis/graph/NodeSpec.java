package io.photophone.analysis.graph;

import java.util.List;

/// A node of a graph and where its input comes from.
///
/// @param name unique in its graph
/// @param of names of the nodes whose output it takes, in the order in which its kind counts them;
///   [GraphSpec#FRAMES] for the audio itself
public record NodeSpec(String name, List<String> of, NodeKind kind) {
  public NodeSpec {
    of = List.copyOf(of);
  }
}
