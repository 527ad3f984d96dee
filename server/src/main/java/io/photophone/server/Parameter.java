package io.photophone.server;

import java.util.List;

/// A value that a request carries beside its body. The check of a request and the document of the
/// API both have from here what is allowed.
sealed interface Parameter {
  String name();

  /// What it is, with its unit, for people.
  String meaning();

  /// One of the query.
  sealed interface OfQuery extends Parameter {}

  /// A number in a range, both ends included; an end may be infinite.
  ///
  /// @param fallback where it is left out
  record Real(String name, String meaning, double fallback, double lowest, double highest)
      implements OfQuery {}

  /// A whole number in a range, both ends included.
  ///
  /// @param fallback where it is left out
  record Whole(String name, String meaning, int fallback, int lowest, int highest)
      implements OfQuery {}

  /// A whole number from 0 on, as large as it may be; optional.
  record Index(String name, String meaning) implements OfQuery {}

  /// A time as in `2026-03-01T03:12:00Z`; optional.
  record Time(String name, String meaning) implements OfQuery {}

  /// `true` or `false`, which it is where it is left out.
  record Flag(String name, String meaning) implements OfQuery {}

  /// A word; which ones are allowed is known when it is asked for.
  record Word(String name, String meaning) implements OfQuery {}

  /// Words of these, separated by commas; all of them where it is left out.
  record Words(String name, String meaning, List<String> allowed) implements OfQuery {
    public Words {
      allowed = List.copyOf(allowed);
    }
  }

  /// A part of the path.
  record Segment(String name, String meaning) implements Parameter {}

  /// A header that an operation reads.
  record Header(String name, String meaning) implements Parameter {}
}
