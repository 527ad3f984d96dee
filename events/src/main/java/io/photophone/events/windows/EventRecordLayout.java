package io.photophone.events.windows;

/// `EVENT_RECORD` with its `EVENT_HEADER` (evntcons.h), as 64-bit Windows hands it to the callback.
///
/// ```
///   0 Size 16 | HeaderType 16 | Flags 16 | EventProperty 16     EVENT_HEADER, 80 bytes
///   8 ThreadId 32 | ProcessId 32
///  16 TimeStamp 64
///  24 ProviderId, a GUID of 16 bytes
///  40 Id 16 | Version 8 | Channel 8 | Level 8 | Opcode 8 | Task 16
///  48 Keyword 64
///  56 ProcessorTime 64
///  64 ActivityId, a GUID of 16 bytes
///  80 ProcessorNumber 8 | Alignment 8 (or ProcessorIndex 16) | LoggerId 16
///  84 ExtendedDataCount 16 | UserDataLength 16
///  88 address of the EVENT_HEADER_EXTENDED_DATA_ITEMs
///  96 address of the user data
/// 104 UserContext
/// ```
final class EventRecordLayout {
  static final int FLAGS = 4;
  static final int THREAD_ID = 8;
  static final int PROCESS_ID = 12;
  static final int TIME_STAMP = 16;
  static final int PROVIDER = 24;
  static final int ID = 40;
  static final int VERSION = 42;
  static final int OPCODE = 45;
  static final int HEADER_SIZE = 80;
  static final int PROCESSOR = 80;
  static final int EXTENDED_COUNT = 84;
  static final int USER_DATA_LENGTH = 86;
  static final int EXTENDED_DATA = 88;
  static final int USER_DATA = 96;
  static final int SIZE = 112;

  /// `EVENT_HEADER_FLAG_32_BIT_HEADER`: pointers of the user data have 4 bytes.
  static final int FLAG_32_BIT = 0x20;

  /// `EVENT_HEADER_FLAG_CLASSIC_HEADER`: known by its opcode, not by its id.
  static final int FLAG_CLASSIC = 0x100;

  /// `EVENT_HEADER_FLAG_PROCESSOR_INDEX`: the processor's number has 16 bits.
  static final int FLAG_PROCESSOR_INDEX = 0x200;

  private EventRecordLayout() {}

  /// `EVENT_HEADER_EXTENDED_DATA_ITEM` (evntcons.h).
  ///
  /// ```
  /// 0 Reserved1 16 | ExtType 16 | Linkage 1, Reserved2 15 | DataSize 16
  /// 8 DataPtr 64
  /// ```
  static final class ExtendedItem {
    static final int TYPE = 2;
    static final int DATA_SIZE = 6;
    static final int DATA = 8;
    static final int SIZE = 16;

    /// `EVENT_HEADER_EXT_TYPE_STACK_TRACE64`: a number of 64 bits, then addresses.
    static final int STACK_TRACE_64 = 6;

    /// `EVENT_HEADER_EXT_TYPE_EVENT_SCHEMA_TL`: what [SelfDescription] reads.
    static final int SELF_DESCRIPTION = 11;

    private ExtendedItem() {}
  }
}
