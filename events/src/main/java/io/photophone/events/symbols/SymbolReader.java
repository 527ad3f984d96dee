package io.photophone.events.symbols;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Where symbols come from: a file of the kernel, of a program or of a just-in-time compiler.
///
/// ```java
/// SymbolTable table = SymbolTable.read(Kallsyms.ofRunningKernel());
/// ```
public interface SymbolReader {
  /// What is read, for people: usually a path.
  String source();

  /// Gives every symbol once, in any order. May be called again and then reads anew.
  ///
  /// @return entries that were skipped because they can't be understood
  /// @throws IOException if the source as a whole can't be read
  long read(Sink sink) throws IOException;

  /// Whether a symbol replaces those read before it which it overlaps, as in a file that a compiler
  /// appends to. Otherwise the innermost symbol at an address names it.
  default boolean newestWins() {
    return false;
  }

  /// Takes symbols one at a time, without an object for each.
  @FunctionalInterface
  interface Sink {
    /// Takes one symbol, if there is room.
    ///
    /// @param start first address
    /// @param end first address after it; `start` if the size is unknown
    /// @param bytes holds the name as UTF-8; valid during this call only
    /// @param offset of the name in `bytes`
    /// @param length of the name, in bytes
    /// @return false when the sink is full, and the reader stops
    boolean symbol(long start, long end, MemorySegment bytes, long offset, int length);
  }
}
