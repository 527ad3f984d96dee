package io.photophone.events.symbols;

/// Addresses of a process that hold code of one origin, from `start` up to and without `end`.
public sealed interface CodeRange {
  long start();

  long end();

  /// Code of a program or library.
  ///
  /// @param fileOffset of the byte at `start`
  record InFile(long start, long end, long fileOffset, ElfImage image) implements CodeRange {}

  /// Code that was made at run time: compiled Java, the interpreter, stubs. It is expected to keep
  /// frame pointers.
  record Anonymous(long start, long end) implements CodeRange {}
}
