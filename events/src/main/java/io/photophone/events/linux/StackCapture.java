package io.photophone.events.linux;

/// How much of the stack a sample takes along.
public enum StackCapture {
  NONE,
  /// The addresses of the calls, in the kernel and, by frame pointers, in the program.
  CALL_CHAIN,
  /// The same, with the program's registers and a copy of the upper part of its stack, by which
  /// calls are found where code has no frame pointers.
  COPY
}
