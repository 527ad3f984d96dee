package io.photophone.app.config;

import io.photophone.app.config.ConfigError.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// The errors found so far in one configuration.
final class Problems {
  private static final int TYPOS = 2;

  private final List<ConfigError> errors = new ArrayList<>();

  void add(Origin origin, String path, String complaint) {
    errors.add(new ConfigError(origin, path, complaint));
  }

  /// A value that its setting doesn't allow.
  void refuse(Node node, String path, String allowed) {
    add(node.origin(), path, "is %s, allowed: %s".formatted(node.shown(), allowed));
  }

  /// A name that isn't one of `known`; `allowed` helps where none of them is near.
  void unknown(Origin origin, String path, String name, Collection<String> known, String allowed) {
    add(
        origin,
        path,
        known.stream()
            .filter(word -> typos(name, word) <= Math.min(TYPOS, word.length() / 2))
            .min(Comparator.comparingInt(word -> typos(name, word)))
            .map("is unknown, did you mean %s?"::formatted)
            .orElseGet(() -> "is unknown, allowed: " + allowed));
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  int count() {
    return errors.size();
  }

  List<ConfigError> sorted() {
    return errors.stream()
        .sorted(
            Comparator.comparingInt((ConfigError error) -> line(error.origin()))
                .thenComparingInt(error -> column(error.origin())))
        .toList();
  }

  private static int line(Origin origin) {
    return origin instanceof Origin.InFile file ? file.line() : Integer.MAX_VALUE;
  }

  private static int column(Origin origin) {
    return origin instanceof Origin.InFile file ? file.column() : Integer.MAX_VALUE;
  }

  /// Levenshtein distance, by the rows of its table; a lower bound where the lengths alone tell
  /// that the words are far apart.
  private static int typos(String a, String b) {
    int difference = Math.abs(a.length() - b.length());
    if (difference > TYPOS) {
      return difference;
    }
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
