package io.photophone.events.filter;

import java.util.ArrayList;
import java.util.List;

/// A word, a sign or a text of a filter's text.
///
/// @param at place of its first character, from 0
/// @param text without quotes
record Token(Kind kind, int at, String text) {
  /// Characters of a filter's text; the kernel takes as many with the zero behind them.
  static final int LONGEST = 4095;

  private static final List<String> SIGNS =
      List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "&", "~", "!", "(", ")");

  enum Kind {
    /// A name or a number.
    WORD,
    SIGN,
    QUOTED,
    END
  }

  /// The tokens of a text, the last of them its end.
  static List<Token> all(String text) {
    if (text.length() > LONGEST) {
      throw new FilterException(
          text, LONGEST, "%d characters, allowed: %d".formatted(text.length(), LONGEST));
    }
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        tokens.add(new Token(Kind.END, at, ""));
        return tokens;
      }
      Token token = first(text, at);
      tokens.add(token);
      at += token.text.length() + (token.kind == Kind.QUOTED ? 2 : 0);
    }
  }

  private static Token first(String text, int at) {
    char character = text.charAt(at);
    if (character == '\'' || character == '"') {
      int end = text.indexOf(character, at + 1);
      if (end < 0) {
        throw new FilterException(text, at, "a text without a second " + character);
      }
      return new Token(Kind.QUOTED, at, text.substring(at + 1, end));
    }
    for (String sign : SIGNS) {
      if (text.startsWith(sign, at)) {
        return new Token(Kind.SIGN, at, sign);
      }
    }
    int end = at;
    while (end < text.length() && isOfWord(text, at, end)) {
      end++;
    }
    if (end == at) {
      throw new FilterException(
          text,
          at,
          "%s where expected: a field, a value or one of %s"
              .formatted(Character.toString(text.codePointAt(at)), String.join(" ", SIGNS)));
    }
    return new Token(Kind.WORD, at, text.substring(at, end));
  }

  /// A sign of a number is at its start, or behind the `e` of its exponent.
  private static boolean isOfWord(String text, int start, int at) {
    char character = text.charAt(at);
    if (character == '-' || character == '+') {
      boolean isNumber = "+-.0123456789".indexOf(text.charAt(start)) >= 0;
      return at == start || (isNumber && (text.charAt(at - 1) | 0x20) == 'e');
    }
    return Character.isLetterOrDigit(character) || character == '_' || character == '.';
  }

  String shown() {
    return switch (kind) {
      case END -> "the end";
      case QUOTED -> "'" + text + "'";
      case WORD, SIGN -> text;
    };
  }
}
