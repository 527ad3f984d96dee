package io.photophone.events;

import java.lang.foreign.MemorySegment;

/// Chooses events by their bytes. It allocates nothing, throws nothing, and refuses an event too
/// short for a field that it asks for. Any thread, several at once.
@FunctionalInterface
public interface EventFilter {
  /// Whether the event passes.
  ///
  /// @param segment that the event lies in
  /// @param offset of the event in the segment
  /// @param length of the event
  boolean test(MemorySegment segment, long offset, int length);

  default boolean test(EventData data) {
    return test(data.segment(), data.offset(), data.length());
  }
}
