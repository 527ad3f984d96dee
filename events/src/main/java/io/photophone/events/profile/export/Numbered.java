package io.photophone.events.profile.export;

import java.util.LinkedHashMap;
import java.util.Map;

/// Numbers for values, given in the order of first sight.
final class Numbered<T> {
  private final Map<T, Integer> numbers = new LinkedHashMap<>();
  private final int first;

  Numbered(int first) {
    this.first = first;
  }

  int of(T value) {
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    int number = first + numbers.size();
    numbers.put(value, number);
    return number;
  }

  boolean has(T value) {
    return numbers.containsKey(value);
  }

  /// In the order of the numbers.
  Map<T, Integer> all() {
    return numbers;
  }
}
