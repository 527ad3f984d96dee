package io.photophone.events.windows;

import io.photophone.events.FieldKind;
import java.util.List;

/// A piece of an event's user data, as providers lay them side by side.
sealed interface Part {
  String name();

  /// Always as many bytes: an integer, a number, or anything else.
  record Whole(String name, FieldKind kind, int size, boolean signed) implements Part {}

  /// A text up to an end mark.
  record Marked(String name, boolean utf16) implements Part {}

  /// Content behind its number of bytes, which has 16 bits.
  record Counted(String name, FieldKind kind) implements Part {}

  /// A security identifier: 8 bytes, of which the second says how many numbers of 32 bits follow.
  ///
  /// @param token whether a `TOKEN_USER` of two pointers comes before it, or, in place of both, 4
  ///   zero bytes
  record Sid(String name, boolean token) implements Part {}

  /// The same pieces several times.
  ///
  /// @param count how many times; [#SAID_BY_DATA] if 16 bits before them say it
  record Repeated(String name, int count, List<Part> each) implements Part {
    static final int SAID_BY_DATA = -1;
  }
}
