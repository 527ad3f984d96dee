package io.photophone.events.filter;

import java.util.List;
import java.util.stream.Collectors;

/// Writes a filter as the text that [Filter#parse] reads.
final class FilterText {
  private FilterText() {}

  static String of(Filter filter) {
    return switch (filter) {
      case Filter.And(var filters) -> joined(filters, " && ");
      case Filter.Or(var filters) -> joined(filters, " || ");
      case Filter.Not(var opposite) -> "!(" + of(opposite) + ")";
      case Filter.OfInteger clause -> clause(clause, integer(clause));
      case Filter.OfFloat clause -> clause(clause, number(clause));
      case Filter.OfText clause -> clause(clause, Literals.quoted(clause.value()));
    };
  }

  private static String joined(List<Filter> filters, String by) {
    return filters.stream().map(FilterText::enclosed).collect(Collectors.joining(by));
  }

  private static String enclosed(Filter filter) {
    return switch (filter) {
      case Filter.And _, Filter.Or _ -> "(" + of(filter) + ")";
      case Filter.Not _, Filter.Clause _ -> of(filter);
    };
  }

  private static String clause(Filter.Clause clause, String value) {
    return "%s %s %s".formatted(clause.ref().field().name(), clause.operator().sign(), value);
  }

  static String integer(Filter.OfInteger clause) {
    return clause.ref().field().signed()
        ? Long.toString(clause.value())
        : Long.toUnsignedString(clause.value());
  }

  private static String number(Filter.OfFloat clause) {
    return clause.ref().field().elementSize() == Float.BYTES
        ? Float.toString((float) clause.value())
        : Double.toString(clause.value());
  }
}
