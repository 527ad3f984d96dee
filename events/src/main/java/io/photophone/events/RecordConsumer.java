package io.photophone.events;

import java.lang.foreign.MemorySegment;

/// Takes the records of an [EventSource].
@FunctionalInterface
public interface RecordConsumer {
  /// Takes one record.
  ///
  /// @param segment that the record lies in, which changes after the call
  /// @param offset of the record
  /// @param length of the record
  void record(MemorySegment segment, long offset, int length);
}
