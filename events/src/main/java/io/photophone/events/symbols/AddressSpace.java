package io.photophone.events.symbols;

import org.jspecify.annotations.Nullable;

/// What code a process has where, at the time that is looked at.
@FunctionalInterface
public interface AddressSpace {
  /// The executable range that holds an address, or null if there is none. Called for each frame:
  /// doesn't allocate.
  @Nullable CodeRange rangeAt(long address);
}
