package io.photophone.events.filter;

/// A filter that can't be meant. One of a text has a message of two lines, the text and below it a
/// caret with what is wrong and what is allowed.
public final class FilterException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /// Characters of a long text that are shown on each side of the column.
  private static final int SHOWN = 60;

  private final int column;

  FilterException(String reason) {
    super(reason);
    this.column = 0;
  }

  /// @param at place of the character in the text, from 0
  FilterException(String text, int at, String reason) {
    super(pointed(text, at, reason));
    this.column = at + 1;
  }

  /// Where in the text it went wrong, from 1; 0 for a filter that no text made.
  public int column() {
    return column;
  }

  private static String pointed(String text, int at, String reason) {
    int from = Math.max(0, at - SHOWN);
    int to = Math.min(text.length(), at + SHOWN);
    String before = from > 0 ? "…" : "";
    String after = to < text.length() ? "…" : "";
    String shown = text.substring(from, to).replaceAll("\\p{Cntrl}", " ");
    return "%s%s%s%n%s^ column %d: %s"
        .formatted(before, shown, after, " ".repeat(before.length() + at - from), at + 1, reason)
        .replace(System.lineSeparator(), "\n");
  }
}
