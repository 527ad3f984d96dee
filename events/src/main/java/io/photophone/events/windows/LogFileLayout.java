package io.photophone.events.windows;

/// `EVENT_TRACE_LOGFILEW` (evntrace.h) of 64-bit Windows.
///
/// ```
///   0 address of LogFileName
///   8 address of LoggerName
///  16 CurrentTime 64
///  24 BuffersRead 32 | ProcessTraceMode 32
///  32 CurrentEvent, an EVENT_TRACE of 88 bytes
/// 120 LogfileHeader, a TRACE_LOGFILE_HEADER of 280 bytes
/// 400 address of BufferCallback
/// 408 BufferSize 32 | Filled 32
/// 416 EventsLost 32 | unused 32
/// 424 address of EventRecordCallback
/// 432 IsKernelTrace 32 | unused 32
/// 440 Context 64
/// ```
final class LogFileLayout {
  static final int LOGGER_NAME = 8;
  static final int PROCESS_TRACE_MODE = 28;
  static final int BUFFER_CALLBACK = 400;
  static final int EVENT_RECORD_CALLBACK = 424;
  static final int SIZE = 448;

  /// `PROCESS_TRACE_MODE_REAL_TIME`.
  static final int MODE_REAL_TIME = 0x100;

  /// `PROCESS_TRACE_MODE_RAW_TIMESTAMP`: times are ticks of the session's clock.
  static final int MODE_RAW_TIME = 0x1000;

  /// `PROCESS_TRACE_MODE_EVENT_RECORD`: the callback takes an `EVENT_RECORD`.
  static final int MODE_EVENT_RECORD = 0x1000_0000;

  private LogFileLayout() {}
}
