package io.photophone.events.windows;

/// `ENABLE_TRACE_PARAMETERS` (evntrace.h) of 64-bit Windows, version 2.
///
/// ```
///  0 Version 32 | EnableProperty 32
///  8 ControlFlags 32
/// 12 SourceId, a GUID of 16 bytes, then 4 unused
/// 32 address of the EVENT_FILTER_DESCRIPTORs
/// 40 FilterDescCount 32 | unused 32
/// ```
final class EnableParametersLayout {
  static final int VERSION = 0;
  static final int ENABLE_PROPERTY = 4;
  static final int SIZE = 48;

  /// `ENABLE_TRACE_PARAMETERS_VERSION_2`.
  static final int VERSION_2 = 2;

  /// `EVENT_ENABLE_PROPERTY_STACK_TRACE`.
  static final int PROPERTY_STACK_TRACE = 4;

  private EnableParametersLayout() {}
}
