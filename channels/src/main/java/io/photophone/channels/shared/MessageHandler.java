package io.photophone.channels.shared;

import java.lang.foreign.MemorySegment;

/// Takes one received message.
///
/// The message is given as a place and not as a slice so that receiving allocates nothing;
/// `memory.asSlice(offset, length)` makes one.
@FunctionalInterface
public interface MessageHandler {
  /// Called by the receiving thread. A message whose handler throws counts as received.
  ///
  /// @param memory read-only; the message in it is valid during this call only
  /// @param offset where the message begins, a multiple of 8
  /// @param length of the message, bytes
  void onMessage(MemorySegment memory, long offset, int length);
}
