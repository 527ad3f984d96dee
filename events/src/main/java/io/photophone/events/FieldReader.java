package io.photophone.events;

import java.lang.foreign.MemorySegment;

/// Finds the content of one field in an event's bytes, with the steps over fields of variable
/// length worked out before. Any thread. Contract: V4.
@FunctionalInterface
public interface FieldReader {
  /// Finds the field in one event.
  ///
  /// @param segment that the event lies in
  /// @param offset of the event in the segment
  /// @param length of the event
  /// @return a [Span], counted from the start of the event
  /// @throws EventDataException if the event is too short for the field
  long locate(MemorySegment segment, long offset, int length);
}
