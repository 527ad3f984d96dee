package io.photophone.analysis.graph;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/// A graph that can't run, with everything that is wrong with it.
public final class GraphException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<GraphProblem> problems;

  GraphException(List<GraphProblem> problems) {
    super(problems.stream().map(GraphProblem::text).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /// At least one, in the order of the nodes.
  public List<GraphProblem> problems() {
    return problems;
  }
}
