package io.photophone.events.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.function.LongConsumer;

/// The calls by Java's foreign function API, of `advapi32` and `kernel32`. **Never run on Windows
/// yet.** The only class here that makes restricted calls.
///
/// Callbacks take addresses as `long`: the calling conventions of 64-bit Windows pass both alike,
/// and nothing is allocated for each event.
@SuppressWarnings("restricted")
final class WindowsCalls implements EtwCalls {
  private static final long INVALID_TRACE = -1;
  private static final String GET_LAST_ERROR = "GetLastError";
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final Linker linker = Linker.nativeLinker();
  private final Functions functions;
  private final StructLayout callState = Linker.Option.captureStateLayout();
  private final VarHandle lastError =
      callState.varHandle(MemoryLayout.PathElement.groupElement(GET_LAST_ERROR));

  private record Functions(
      MethodHandle startTrace,
      MethodHandle enableTrace,
      MethodHandle controlTrace,
      MethodHandle openTrace,
      MethodHandle processTrace,
      MethodHandle closeTrace,
      MethodHandle counterHz,
      MethodHandle counter) {}

  private WindowsCalls() {
    SymbolLookup advapi = SymbolLookup.libraryLookup("advapi32", Arena.global());
    SymbolLookup kernel = SymbolLookup.libraryLookup("kernel32", Arena.global());
    var address = ValueLayout.ADDRESS;
    functions =
        new Functions(
            function(advapi, "StartTraceW", FunctionDescriptor.of(INT, address, address, address)),
            function(
                advapi,
                "EnableTraceEx2",
                FunctionDescriptor.of(
                    INT, LONG, address, INT, ValueLayout.JAVA_BYTE, LONG, LONG, INT, address)),
            function(
                advapi, "ControlTraceW", FunctionDescriptor.of(INT, LONG, address, address, INT)),
            function(
                advapi,
                "OpenTraceW",
                FunctionDescriptor.of(LONG, address),
                Linker.Option.captureCallState(GET_LAST_ERROR)),
            function(
                advapi, "ProcessTrace", FunctionDescriptor.of(INT, address, INT, address, address)),
            function(advapi, "CloseTrace", FunctionDescriptor.of(INT, LONG)),
            function(kernel, "QueryPerformanceFrequency", FunctionDescriptor.of(INT, address)),
            function(kernel, "QueryPerformanceCounter", FunctionDescriptor.of(INT, address)));
  }

  private MethodHandle function(
      SymbolLookup library, String name, FunctionDescriptor type, Linker.Option... options) {
    return linker.downcallHandle(library.findOrThrow(name), type, options);
  }

  /// @throws EtwException if this isn't 64-bit Windows, saying what it is
  static WindowsCalls load() throws EtwException {
    String system = System.getProperty("os.name", "unknown");
    if (!system.toLowerCase(Locale.ROOT).startsWith("windows")) {
      throw EtwException.notHere("ETW needs Windows, this is " + system);
    }
    if (ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
      throw EtwException.notHere("ETW needs 64-bit Windows, this is a 32-bit one");
    }
    return new WindowsCalls();
  }

  @Override
  public int startTrace(MemorySegment session, MemorySegment name, MemorySegment properties) {
    try {
      return (int) functions.startTrace.invokeExact(session, name, properties);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public int enableTrace(
      long session, MemorySegment provider, int level, long keywords, MemorySegment parameters) {
    int enable = 1;
    int noWait = 0;
    try {
      return (int)
          functions.enableTrace.invokeExact(
              session, provider, enable, (byte) level, keywords, 0L, noWait, parameters);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public int controlTrace(long session, MemorySegment properties, int control) {
    try {
      return (int)
          functions.controlTrace.invokeExact(session, MemorySegment.NULL, properties, control);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public long openTrace(String session, MemorySegment logFile) throws EtwException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(callState);
      long trace;
      try {
        trace = (long) functions.openTrace.invokeExact(state, logFile);
      } catch (Throwable e) {
        throw failed(e);
      }
      if (trace == INVALID_TRACE) {
        throw EtwException.of("OpenTrace", session, (int) lastError.get(state, 0L));
      }
      return trace;
    }
  }

  @Override
  public int processTrace(long trace) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocateFrom(LONG, trace);
      return (int)
          functions.processTrace.invokeExact(handle, 1, MemorySegment.NULL, MemorySegment.NULL);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public int closeTrace(long trace) {
    try {
      return (int) functions.closeTrace.invokeExact(trace);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public long counterHz() {
    return counted(functions.counterHz);
  }

  @Override
  public long counter() {
    return counted(functions.counter);
  }

  private static long counted(MethodHandle function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(LONG);
      int _ = (int) function.invokeExact(value);
      return value.get(LONG, 0);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @Override
  public MemorySegment recordCallback(LongConsumer record, Arena arena) {
    return upcall(record, "accept", FunctionDescriptor.ofVoid(LONG), arena, LongConsumer.class);
  }

  /// What Windows calls after each buffer.
  @FunctionalInterface
  interface BufferEnd {
    int ended(long logFile);
  }

  @Override
  public MemorySegment bufferCallback(Runnable ended, Arena arena) {
    int goOn = 1;
    BufferEnd end =
        _ -> {
          ended.run();
          return goOn;
        };
    return upcall(end, "ended", FunctionDescriptor.of(INT, LONG), arena, BufferEnd.class);
  }

  private <T> MemorySegment upcall(
      T target, String method, FunctionDescriptor type, Arena arena, Class<T> of) {
    MethodType methodType = type.toMethodType();
    try {
      MethodHandle handle =
          MethodHandles.lookup().findVirtual(of, method, methodType).bindTo(target);
      return linker.upcallStub(handle, type, arena);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public MemorySegment memory() {
    return MEMORY;
  }

  private static IllegalStateException failed(Throwable e) {
    return new IllegalStateException("a call of Windows could not be made", e);
  }
}
