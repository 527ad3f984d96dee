package io.photophone.events.profile;

import org.jspecify.annotations.Nullable;

/// Names the addresses of call stacks. Users implement it.
///
/// An export asks once for each frame of each sample, so an answer should be remembered.
@FunctionalInterface
public interface FrameNames {
  /// Knows none: exports then show files and offsets.
  FrameNames NONE = (pid, address, timeNanos) -> null;

  /// The function that was at an address of a process at a time; null if it is not known.
  @Nullable Frame name(int pid, long address, long timeNanos);
}
