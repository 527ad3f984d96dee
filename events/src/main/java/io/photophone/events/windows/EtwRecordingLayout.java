package io.photophone.events.windows;

import java.lang.foreign.MemorySegment;

/// A file of recorded events; all integers little-endian.
///
/// ```
///  0 "PPETW" and a zero byte | version 16
///  8 ticks of the clock a second 64
/// 16 nanoseconds that are added to its time 64
/// 24 for each event: length 32 | record, as EtwRecord has it
/// ```
final class EtwRecordingLayout {
  static final int VERSION = 1;
  static final int FREQUENCY = 8;
  static final int CLOCK_OFFSET = 16;
  static final int HEADER_SIZE = 24;

  /// Bytes before each record.
  static final int LENGTH_SIZE = 4;

  /// Windows keeps an event to 64 KiB.
  static final int LONGEST = 1 << 20;

  private static final long MAGIC = 0x0000_5754_4550_50L;
  private static final int VERSION_SHIFT = 48;

  private EtwRecordingLayout() {}

  static void putHeader(MemorySegment to, QpcClock clock) {
    Words.put64(to, 0, MAGIC | (long) VERSION << VERSION_SHIFT);
    Words.put64(to, FREQUENCY, clock.frequencyHz());
    Words.put64(to, CLOCK_OFFSET, clock.offsetNanos());
  }

  static boolean hasMagic(MemorySegment from) {
    return (Words.s64(from, 0) & (1L << VERSION_SHIFT) - 1) == MAGIC;
  }

  static int version(MemorySegment from) {
    return Words.u16(from, VERSION_SHIFT / Byte.SIZE);
  }
}
