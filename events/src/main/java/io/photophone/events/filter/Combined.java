package io.photophone.events.filter;

import io.photophone.events.EventFormat;
import java.util.List;

/// What filters in a filter must keep to.
final class Combined {
  private Combined() {}

  static void check(List<Filter> filters) {
    if (filters.isEmpty()) {
      throw new FilterException("a combination of no filters");
    }
    EventFormat format = filters.getFirst().format();
    for (Filter each : filters) {
      if (each.format() != format) {
        throw new FilterException(
            "one filter reads %s and another %s, allowed: one format"
                .formatted(format.name(), each.format().name()));
      }
    }
    if (depth(filters) > Filter.MOST_DEPTH) {
      throw new FilterException(
          "%d filters stand in each other, allowed: %d"
              .formatted(depth(filters), Filter.MOST_DEPTH));
    }
    if (clauses(filters) > Filter.MOST_CLAUSES) {
      throw new FilterException(
          "a filter of %d clauses, allowed: %d".formatted(clauses(filters), Filter.MOST_CLAUSES));
    }
  }

  static int depth(List<Filter> filters) {
    return 1 + filters.stream().mapToInt(Filter::depth).max().orElse(0);
  }

  static int clauses(List<Filter> filters) {
    return filters.stream().mapToInt(Filter::clauses).sum();
  }
}
