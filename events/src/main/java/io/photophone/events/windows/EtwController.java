package io.photophone.events.windows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Starts a session in Windows, asks after it, and ends it.
final class EtwController {
  private static final int GUID_SIZE = 16;
  private static final int FLUSH_SECONDS = 1;
  private static final int NAME_SIZE = 2 * 1024;

  private final EtwCalls calls;
  private final String name;
  private final long session;

  private EtwController(EtwCalls calls, String name, long session) {
    this.calls = calls;
    this.name = name;
    this.session = session;
  }

  /// Starts a session with all of its providers, or none.
  static EtwController start(EtwCalls calls, EtwSettings settings) throws EtwException {
    EtwController started;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(Long.BYTES, Long.BYTES);
      MemorySegment name = utf16(arena, settings.name());
      int code = calls.startTrace(handle, name, properties(arena, settings));
      if (code != 0) {
        throw EtwException.of("StartTrace", settings.name(), code);
      }
      started = new EtwController(calls, settings.name(), Words.s64(handle, 0));
    }
    try {
      for (EtwProvider provider : settings.providers()) {
        started.enable(provider);
      }
    } catch (EtwException e) {
      int _ = started.control(EtwCalls.STOP);
      throw e;
    }
    return started;
  }

  static MemorySegment utf16(Arena arena, String text) {
    return arena.allocateFrom(text, StandardCharsets.UTF_16LE);
  }

  private static MemorySegment properties(Arena arena, EtwSettings settings) {
    MemorySegment to = emptyProperties(arena);
    Words.put32(to, TracePropertiesLayout.CLOCK, TracePropertiesLayout.CLOCK_QPC);
    Words.put32(to, TracePropertiesLayout.BUFFER_KIB, settings.bufferKib());
    Words.put32(to, TracePropertiesLayout.MINIMUM_BUFFERS, settings.minimumBuffers());
    Words.put32(to, TracePropertiesLayout.MAXIMUM_BUFFERS, settings.maximumBuffers());
    int kernel = settings.kernelBits();
    int mode = kernel == 0 ? 0 : TracePropertiesLayout.MODE_SYSTEM_LOGGER;
    Words.put32(to, TracePropertiesLayout.MODE, mode | TracePropertiesLayout.MODE_REAL_TIME);
    Words.put32(to, TracePropertiesLayout.FLUSH_SECONDS, FLUSH_SECONDS);
    Words.put32(to, TracePropertiesLayout.ENABLE_FLAGS, kernel);
    return to;
  }

  /// With room for both names, which Windows writes.
  private static MemorySegment emptyProperties(Arena arena) {
    int size = TracePropertiesLayout.SIZE + 2 * NAME_SIZE;
    MemorySegment to = arena.allocate(size, Long.BYTES);
    Words.put32(to, TracePropertiesLayout.TOTAL_SIZE, size);
    Words.put32(to, TracePropertiesLayout.FLAGS, TracePropertiesLayout.FLAG_TRACED_GUID);
    Words.put32(to, TracePropertiesLayout.LOGGER_NAME_OFFSET, TracePropertiesLayout.SIZE);
    Words.put32(
        to, TracePropertiesLayout.LOG_FILE_NAME_OFFSET, TracePropertiesLayout.SIZE + NAME_SIZE);
    return to;
  }

  private void enable(EtwProvider provider) throws EtwException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment guid = arena.allocate(GUID_SIZE, Long.BYTES);
      Words.putGuid(guid, 0, provider.guid());
      MemorySegment parameters = arena.allocate(EnableParametersLayout.SIZE, Long.BYTES);
      Words.put32(parameters, EnableParametersLayout.VERSION, EnableParametersLayout.VERSION_2);
      if (provider.stacks()) {
        Words.put32(
            parameters,
            EnableParametersLayout.ENABLE_PROPERTY,
            EnableParametersLayout.PROPERTY_STACK_TRACE);
      }
      int code =
          calls.enableTrace(session, guid, provider.level(), provider.keywords(), parameters);
      if (code != 0) {
        throw EtwException.of("EnableTraceEx2 for " + provider.guid(), name, code);
      }
    }
  }

  private int control(int control) {
    try (Arena arena = Arena.ofConfined()) {
      return calls.controlTrace(session, emptyProperties(arena), control);
    }
  }

  /// @param records lost elsewhere
  EtwLosses losses(long records) throws EtwException {
    try (Arena arena = Arena.ofConfined()) {
      return losses(EtwCalls.QUERY, "ControlTrace QUERY", records, emptyProperties(arena));
    }
  }

  /// Ends the session; Windows then delivers what it still has.
  EtwLosses stop(long records) throws EtwException {
    try (Arena arena = Arena.ofConfined()) {
      return losses(EtwCalls.STOP, "ControlTrace STOP", records, emptyProperties(arena));
    }
  }

  private EtwLosses losses(int control, String call, long records, MemorySegment properties)
      throws EtwException {
    int code = calls.controlTrace(session, properties, control);
    if (code != 0) {
      throw EtwException.of(call, name, code);
    }
    return new EtwLosses(
        Integer.toUnsignedLong(Words.s32(properties, TracePropertiesLayout.EVENTS_LOST)),
        Integer.toUnsignedLong(Words.s32(properties, TracePropertiesLayout.REAL_TIME_BUFFERS_LOST)),
        records);
  }

  String name() {
    return name;
  }

  long session() {
    return session;
  }
}
