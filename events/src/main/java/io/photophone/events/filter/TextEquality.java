package io.photophone.events.filter;

import java.lang.foreign.MemorySegment;

/// Compares texts in memory with one text.
///
/// @param text its units, owned by this
record TextEquality(Units units, int[] text) implements TextTest {
  @Override
  public boolean matches(MemorySegment segment, long at, int length) {
    int count = length / units.bytes();
    if (count < text.length) {
      return false;
    }
    for (int i = 0; i < text.length; i++) {
      if (units.unit(segment, at, i) != text[i]) {
        return false;
      }
    }
    return count == text.length || units.unit(segment, at, text.length) == 0;
  }
}
