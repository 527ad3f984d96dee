package io.photophone.events;

import java.lang.foreign.MemorySegment;

/// Reads one integer field of an event's bytes, with everything about the field worked out before.
/// Any thread. Contract: V4.
@FunctionalInterface
public interface LongReader {
  /// Reads the field of one event.
  ///
  /// @param segment that the event lies in
  /// @param offset of the event in the segment
  /// @param length of the event
  /// @return the integer, widened by its sign or by zeros
  /// @throws EventDataException if the event is too short for the field
  long read(MemorySegment segment, long offset, int length);
}
