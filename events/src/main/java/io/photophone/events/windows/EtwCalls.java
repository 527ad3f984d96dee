package io.photophone.events.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;

/// The functions of Windows that a session needs (evntrace.h, profileapi.h). Those that return an
/// `int` return an error of winerror.h, 0 being none. Any thread.
interface EtwCalls {
  int STOP = 1;
  int QUERY = 0;

  /// `StartTraceW`.
  ///
  /// @param session receives its handle, 8 bytes
  /// @param name UTF-16 with an end mark
  int startTrace(MemorySegment session, MemorySegment name, MemorySegment properties);

  /// `EnableTraceEx2` to enable a provider, without waiting for it.
  int enableTrace(
      long session, MemorySegment provider, int level, long keywords, MemorySegment parameters);

  /// `ControlTraceW` by handle.
  int controlTrace(long session, MemorySegment properties, int control);

  /// `OpenTraceW`.
  ///
  /// @param session name, for people
  /// @return a handle
  long openTrace(String session, MemorySegment logFile) throws EtwException;

  /// `ProcessTrace`, which returns when the session has ended.
  int processTrace(long trace);

  /// `CloseTrace`.
  int closeTrace(long trace);

  /// A function for Windows to call with each `EVENT_RECORD`.
  ///
  /// @param record takes its address, and throws nothing
  MemorySegment recordCallback(LongConsumer record, Arena arena);

  /// A function for Windows to call after each buffer; it tells it to go on.
  ///
  /// @param ended throws nothing
  MemorySegment bufferCallback(Runnable ended, Arena arena);

  /// All memory, each byte at its address.
  MemorySegment memory();

  /// `QueryPerformanceFrequency`.
  long counterHz();

  /// `QueryPerformanceCounter`.
  long counter();
}
