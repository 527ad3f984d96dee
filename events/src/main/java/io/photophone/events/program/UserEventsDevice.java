package io.photophone.events.program;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Linux's `user_events`: events of programs that the kernel's own tools trace, such as `perf` and
/// `trace-cmd`. Any thread writes; one registers.
public interface UserEventsDevice {
  /// A kind of event that the kernel knows.
  ///
  /// @param writeIndex that each record begins with
  /// @param enabled four bytes that the kernel makes other than zero while somebody traces it
  record Registered(int writeIndex, MemorySegment enabled) {}

  /// Makes a kind of event known.
  ///
  /// @param description `name type field;type field`, as the kernel reads it
  /// @throws IOException if the kernel refuses
  Registered register(String description) throws IOException;

  /// Hands a record over: the index in four bytes of the machine's order, and the fields behind it.
  ///
  /// @param record in native memory
  /// @return whether the kernel took it
  boolean write(MemorySegment record);
}
