package io.photophone.events.filter;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A pattern of [Operator#GLOB], taken apart.
///
/// @param parts units to be met; or [#ONE], [#MANY], or a set by its place counted down from
///   [#FIRST_SET]
/// @param sets for each, whether it is of those left out (1 or 0), then pairs of first and last
record Glob(Units units, int[] parts, int[][] sets) implements TextTest {
  static final int ONE = -1;
  static final int MANY = -2;
  private static final int FIRST_SET = -3;

  static Glob of(Units units, int[] pattern) {
    Glob parsed = parse(pattern);
    return new Glob(units, parsed.parts, parsed.sets);
  }

  /// @param pattern in units of the text
  /// @throws FilterException if it isn't whole
  static Glob parse(int[] pattern) {
    int[] parts = new int[pattern.length];
    int[][] sets = new int[pattern.length][];
    int count = 0;
    int setCount = 0;
    for (int i = 0; i < pattern.length; i++) {
      switch (pattern[i]) {
        case '*' -> {
          if (count == 0 || parts[count - 1] != MANY) {
            parts[count++] = MANY;
          }
        }
        case '?' -> parts[count++] = ONE;
        case '\\' -> {
          if (++i == pattern.length) {
            throw new FilterException(
                "the pattern ends with \\, which takes the next unit as it is");
          }
          parts[count++] = pattern[i];
        }
        case '[' -> {
          int end = endOfSet(pattern, i);
          sets[setCount] = set(pattern, i + 1, end);
          parts[count++] = FIRST_SET - setCount++;
          i = end;
        }
        default -> parts[count++] = pattern[i];
      }
    }
    return new Glob(
        new Units(1, false), Arrays.copyOf(parts, count), Arrays.copyOf(sets, setCount));
  }

  /// A bracket that comes first is one of the set.
  private static int endOfSet(int[] pattern, int open) {
    int first = open + 1 < pattern.length && pattern[open + 1] == '!' ? open + 2 : open + 1;
    for (int i = first + 1; i < pattern.length; i++) {
      if (pattern[i] == ']') {
        return i;
      }
    }
    throw new FilterException("the pattern has [ without ], allowed: [a-z], [!a-z], \\[");
  }

  private static int[] set(int[] pattern, int from, int to) {
    boolean others = pattern[from] == '!';
    int[] set = new int[2 * (to - from) + 1];
    set[0] = others ? 1 : 0;
    int count = 1;
    for (int i = others ? from + 1 : from; i < to; i++) {
      int first = pattern[i];
      int last = first;
      if (i + 2 < to && pattern[i + 1] == '-') {
        last = pattern[i + 2];
        i += 2;
      }
      if ((i == from && first == '^') || first > last || last >= 0x80) {
        throw new FilterException(
            "the pattern's set has %c-%c, allowed: [a-z] and [!a-z] of ASCII, the lower one first"
                .formatted(first, last));
      }
      set[count++] = first;
      set[count++] = last;
    }
    return Arrays.copyOf(set, count);
  }

  /// Whether a unit of a text, not zero, meets a part that is not [#MANY].
  boolean fits(int part, int unit) {
    if (part > FIRST_SET) {
      return part == ONE || part == unit;
    }
    int[] set = sets[FIRST_SET - part];
    for (int i = 1; i < set.length; i += 2) {
      if (set[i] <= unit && unit <= set[i + 1]) {
        return set[0] == 0;
      }
    }
    return set[0] == 1;
  }

  /// Of all `*` the last one met is the only one that has to be tried with a longer text, so the
  /// steps are at most those of text times pattern.
  @Override
  public boolean matches(MemorySegment segment, long at, int length) {
    int count = length / units.bytes();
    int part = 0;
    int i = 0;
    int retryPart = -1;
    int retryAt = 0;
    while (true) {
      if (part < parts.length && parts[part] == MANY) {
        if (++part == parts.length) {
          return true;
        }
        retryPart = part;
        retryAt = i;
        continue;
      }
      int unit = i < count ? units.unit(segment, at, i) : 0;
      if (unit == 0) {
        return part == parts.length;
      }
      if (part < parts.length && fits(parts[part], unit)) {
        part++;
        i++;
      } else if (retryPart < 0) {
        return false;
      } else {
        part = retryPart;
        i = ++retryAt;
      }
    }
  }

  /// The units before a `*` at the end, if the pattern has nothing else that is special; null
  /// otherwise.
  int @Nullable [] prefix() {
    int last = parts.length - 1;
    if (last < 0 || parts[last] != MANY) {
      return null;
    }
    int[] before = Arrays.copyOf(parts, last);
    return Arrays.stream(before).allMatch(unit -> unit > 0) ? before : null;
  }
}
