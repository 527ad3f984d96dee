package io.photophone.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How much of the samples and bins a client gets: all of them, or one for so many.
enum Resolution {
  FULL(1),
  HALF(2),
  QUARTER(4),
  EIGHTH(8),
  SIXTEENTH(16);

  /// What a query calls the choice that follows a client's bandwidth.
  static final String AUTO = "auto";

  private final int factor;

  Resolution(int factor) {
    this.factor = factor;
  }

  /// Samples or bins of the source for each one that is sent.
  int factor() {
    return factor;
  }

  /// As queries and events name it, in lower case.
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The next that sends less; the last stays.
  Resolution coarser() {
    return of(factor * 2).orElse(this);
  }

  /// The next that sends more; the first stays.
  Resolution finer() {
    return of(factor / 2).orElse(this);
  }

  private static Optional<Resolution> of(int factor) {
    return Arrays.stream(values()).filter(each -> each.factor == factor).findFirst();
  }

  /// Empty for a name that is none, as [#AUTO].
  static Optional<Resolution> named(String name) {
    return Arrays.stream(values()).filter(each -> each.wireName().equals(name)).findFirst();
  }

  /// What a query may ask for.
  static List<String> choices() {
    return Stream.concat(Stream.of(AUTO), Arrays.stream(values()).map(Resolution::wireName))
        .toList();
  }
}
