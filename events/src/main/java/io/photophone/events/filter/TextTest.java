package io.photophone.events.filter;

import java.lang.foreign.MemorySegment;

/// A question about texts in memory that compiled filters ask. Allocates nothing.
sealed interface TextTest permits TextEquality, Glob {
  /// Whether the answer is yes.
  ///
  /// @param at place of the text in the segment
  /// @param length bytes that the text has at the most
  boolean matches(MemorySegment segment, long at, int length);
}
