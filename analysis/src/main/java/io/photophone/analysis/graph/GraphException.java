package io.photophone.analysis.graph;

import java.io.Serial;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A graph that can't run, with everything that is wrong with it.
public final class GraphException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  private final transient List<GraphProblem> problems;

  /// @param problems in any order
  GraphException(List<GraphProblem> problems) {
    super(sorted(problems).stream().map(GraphProblem::text).collect(Collectors.joining("; ")));
    this.problems = sorted(problems);
  }

  private static List<GraphProblem> sorted(List<GraphProblem> problems) {
    return problems.stream().sorted(Comparator.comparingInt(GraphProblem::node)).toList();
  }

  /// At least one, in the order of the nodes.
  public List<GraphProblem> problems() {
    return problems;
  }
}
