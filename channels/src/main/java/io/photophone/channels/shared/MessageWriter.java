package io.photophone.channels.shared;

import java.lang.foreign.MemorySegment;

/// Writes one message where it will be received.
@FunctionalInterface
public interface MessageWriter {
  /// Called by the sending thread. If it throws, nothing is sent.
  ///
  /// @param message as long as was asked for, with bytes of older messages in it; valid during this
  ///   call only
  void write(MemorySegment message);
}
