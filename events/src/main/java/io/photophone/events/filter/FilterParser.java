package io.photophone.events.filter;

import io.photophone.events.EventField;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Reads the text of a filter:
///
/// ```
/// any    = all { "||" all }
/// all    = one { "&&" one }
/// one    = "!" one | "(" any ")" | field operator value
/// ```
final class FilterParser {
  private final EventFormat format;
  private final String text;
  private final List<Token> tokens;
  private int next;
  private int depth;

  private FilterParser(EventFormat format, String text) {
    this.format = format;
    this.text = text;
    this.tokens = Token.all(text);
  }

  static Filter parse(EventFormat format, String text) {
    FilterParser parser = new FilterParser(format, text);
    Filter filter = parser.any();
    Token end = parser.peek();
    if (end.kind() != Token.Kind.END) {
      throw parser.wrong(end, "&& or || or the end");
    }
    return filter;
  }

  private Filter any() {
    Token first = peek();
    List<Filter> filters = new ArrayList<>();
    do {
      filters.add(all());
    } while (take("||"));
    return filters.size() == 1 ? filters.getFirst() : at(first, () -> new Filter.Or(filters));
  }

  private Filter all() {
    Token first = peek();
    List<Filter> filters = new ArrayList<>();
    do {
      filters.add(one());
    } while (take("&&"));
    return filters.size() == 1 ? filters.getFirst() : at(first, () -> new Filter.And(filters));
  }

  private Filter one() {
    Token first = peek();
    if (depth == Filter.MOST_DEPTH) {
      throw new FilterException(
          text, first.at(), "too many ( and ! in each other, allowed: " + Filter.MOST_DEPTH);
    }
    depth++;
    try {
      if (take("!")) {
        Filter opposite = one();
        return at(first, () -> new Filter.Not(opposite));
      }
      if (take("(")) {
        Filter inner = any();
        if (!take(")")) {
          throw wrong(peek(), "&& or || or )");
        }
        return inner;
      }
      return clause();
    } finally {
      depth--;
    }
  }

  private Filter clause() {
    FieldRef ref = field(next());
    EventField field = ref.field();
    Operator operator = operator(next(), field);
    Token value = next();
    boolean isText = field.kind() == FieldKind.TEXT || field.kind() == FieldKind.TEXT_UTF16;
    if (isText && value.kind() != Token.Kind.QUOTED) {
      throw wrong(value, "a text between ' or \", since %s is one".formatted(field.name()));
    }
    if (!isText && value.kind() != Token.Kind.WORD && value.kind() != Token.Kind.QUOTED) {
      throw wrong(value, "a value for %s, which is %s".formatted(field.name(), field.type()));
    }
    String said =
        isText || value.kind() == Token.Kind.WORD ? value.text() : "'" + value.text() + "'";
    return at(value, () -> Filter.fieldFilter(ref, operator, said));
  }

  private FieldRef field(Token token) {
    if (token.kind() == Token.Kind.WORD && format.has(token.text())) {
      return format.fieldRef(token.text());
    }
    String fields =
        format.fields().stream()
            .filter(field -> !Operator.of(field).isEmpty())
            .map(EventField::name)
            .collect(Collectors.joining(", "));
    throw wrong(token, "!, ( or a field of %s: %s".formatted(format.name(), fields));
  }

  private Operator operator(Token token, EventField field) {
    return at(
        token,
        () -> {
          Operator operator =
              token.kind() == Token.Kind.SIGN ? Operator.signed(token.text()).orElse(null) : null;
          if (operator == null) {
            throw new FilterException(
                "%s is none of the operators of %s: %s"
                    .formatted(token.shown(), field.name(), Operator.signs(Operator.of(field))));
          }
          operator.check(field);
          return operator;
        });
  }

  /// What a mistake is told about at a token's place.
  private <T> T at(Token token, Supplier<T> made) {
    try {
      return made.get();
    } catch (FilterException e) {
      throw new FilterException(text, token.at(), String.valueOf(e.getMessage()));
    }
  }

  private FilterException wrong(Token token, String allowed) {
    return new FilterException(text, token.at(), token.shown() + " where expected: " + allowed);
  }

  private Token peek() {
    return tokens.get(next);
  }

  /// The end is never left behind.
  private Token next() {
    Token token = peek();
    if (token.kind() != Token.Kind.END) {
      next++;
    }
    return token;
  }

  private boolean take(String sign) {
    Token token = peek();
    if (token.kind() != Token.Kind.SIGN || !token.text().equals(sign)) {
      return false;
    }
    next++;
    return true;
  }
}
