package io.photophone.events.windows;

/// `EVENT_TRACE_PROPERTIES` (evntrace.h) of 64-bit Windows; it begins with a `WNODE_HEADER`
/// (wmistr.h) of 48 bytes, and the session's name follows it.
///
/// ```
///   0 BufferSize 32, of all with the name | ProviderId 32
///   8 HistoricalContext 64
///  16 TimeStamp 64
///  24 Guid, 16 bytes
///  40 ClientContext 32, the clock | Flags 32
///  48 BufferSize 32, in KiB | MinimumBuffers 32
///  56 MaximumBuffers 32 | MaximumFileSize 32
///  64 LogFileMode 32 | FlushTimer 32, in seconds
///  72 EnableFlags 32 | AgeLimit 32
///  80 NumberOfBuffers 32 | FreeBuffers 32
///  88 EventsLost 32 | BuffersWritten 32
///  96 LogBuffersLost 32 | RealTimeBuffersLost 32
/// 104 LoggerThreadId 64
/// 112 LogFileNameOffset 32 | LoggerNameOffset 32
/// ```
final class TracePropertiesLayout {
  static final int TOTAL_SIZE = 0;
  static final int CLOCK = 40;
  static final int FLAGS = 44;
  static final int BUFFER_KIB = 48;
  static final int MINIMUM_BUFFERS = 52;
  static final int MAXIMUM_BUFFERS = 56;
  static final int MODE = 64;
  static final int FLUSH_SECONDS = 68;
  static final int ENABLE_FLAGS = 72;
  static final int EVENTS_LOST = 88;
  static final int REAL_TIME_BUFFERS_LOST = 100;
  static final int LOG_FILE_NAME_OFFSET = 112;
  static final int LOGGER_NAME_OFFSET = 116;
  static final int SIZE = 120;

  /// `ClientContext`: the counter of QueryPerformanceCounter.
  static final int CLOCK_QPC = 1;

  /// `WNODE_FLAG_TRACED_GUID`.
  static final int FLAG_TRACED_GUID = 0x0002_0000;

  /// `EVENT_TRACE_REAL_TIME_MODE`.
  static final int MODE_REAL_TIME = 0x100;

  /// `EVENT_TRACE_SYSTEM_LOGGER_MODE`: a session of any name gets the kernel's events; since
  /// Windows 8.
  static final int MODE_SYSTEM_LOGGER = 0x0200_0000;

  private TracePropertiesLayout() {}
}
