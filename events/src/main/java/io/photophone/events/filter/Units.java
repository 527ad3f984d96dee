package io.photophone.events.filter;

import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import java.lang.foreign.MemorySegment;

/// How the units of a text lie in memory.
///
/// @param bytes of a unit, 1 or 2
record Units(int bytes, boolean bigEndian) {
  static Units of(FieldRef ref) {
    return new Units(ref.field().kind() == FieldKind.TEXT_UTF16 ? 2 : 1, ref.isBigEndian());
  }

  /// A unit of a text, as a number that is not negative.
  int unit(MemorySegment segment, long at, int index) {
    if (bytes == 1) {
      return (int) Reads.u8(segment, at + index);
    }
    long from = at + 2L * index;
    return (int) (bigEndian ? Reads.u16be(segment, from) : Reads.u16(segment, from));
  }
}
