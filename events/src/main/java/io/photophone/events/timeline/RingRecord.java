package io.photophone.events.timeline;

/// The form of a record of [ActivityRing] and [Activity]: four words.
///
/// ```
/// word 0  time, nanos
/// word 1  kind (8 bits) | detail (8) | processor (16) | thread or process (32)
/// word 2  other thread (32) | text (32)        program: instrument (16) | amount (48) loss: count
/// word 3  end, nanos                           program: frame                         fault: address
/// ```
///
/// Processor 0xFFFF and thread -1 are unknown ones.
final class RingRecord {
  static final int WORDS = 4;
  static final int UNKNOWN = -1;

  /// The thread of each processor that runs when no other does.
  static final int IDLE = 0;

  /// Detail: [SwitchState]; thread: who left; other: who came.
  static final int SWITCH = 1;

  /// Detail: 1 if the thread is new; other: who woke it.
  static final int WAKE = 2;

  /// Detail: 1 if the page came from the disk.
  static final int FAULT = 3;

  /// Detail: [PauseKind]; thread: the process.
  static final int PAUSE = 4;

  /// Detail: [WaitKind].
  static final int WAIT = 5;

  /// Thread: the process; likewise for [#CONTINUED].
  static final int STOPPED = 6;

  static final int CONTINUED = 7;

  /// Detail: [ProgramEvent].
  static final int PROGRAM = 8;

  static final int LOSS = 9;

  private static final int CPU_MASK = 0xFFFF;
  private static final int DETAIL_MASK = 0xFF;
  private static final int KIND_SHIFT = 56;
  private static final int DETAIL_SHIFT = 48;
  private static final int CPU_SHIFT = 32;
  private static final long TID_MASK = 0xFFFF_FFFFL;
  private static final int INSTRUMENT_SHIFT = 48;
  private static final long VALUE_MASK = (1L << INSTRUMENT_SHIFT) - 1;

  private RingRecord() {}

  static long head(int kind, int detail, int cpu, int tid) {
    return ((long) kind << KIND_SHIFT)
        | ((long) detail << DETAIL_SHIFT)
        | ((long) (cpu & CPU_MASK) << CPU_SHIFT)
        | (tid & TID_MASK);
  }

  static long pair(int tid, int text) {
    return ((long) tid << Integer.SIZE) | (text & TID_MASK);
  }

  /// @param amount cut to what fits into 48 bits: of nanoseconds three days
  static long measured(int instrument, long amount) {
    return ((long) instrument << INSTRUMENT_SHIFT) | Math.clamp(amount, 0, VALUE_MASK);
  }

  static long time(long[] words, int at) {
    return words[at];
  }

  static int kind(long[] words, int at) {
    return (int) (words[at + 1] >>> KIND_SHIFT);
  }

  static int detail(long[] words, int at) {
    return (int) (words[at + 1] >>> DETAIL_SHIFT) & DETAIL_MASK;
  }

  static int cpu(long[] words, int at) {
    int cpu = (int) (words[at + 1] >>> CPU_SHIFT) & CPU_MASK;
    return cpu == CPU_MASK ? UNKNOWN : cpu;
  }

  static int tid(long[] words, int at) {
    return (int) words[at + 1];
  }

  static int otherTid(long[] words, int at) {
    return (int) (words[at + 2] >>> Integer.SIZE);
  }

  static int text(long[] words, int at) {
    return (int) words[at + 2];
  }

  static long count(long[] words, int at) {
    return words[at + 2];
  }

  static int instrument(long[] words, int at) {
    return (int) (words[at + 2] >>> INSTRUMENT_SHIFT);
  }

  static long amount(long[] words, int at) {
    return words[at + 2] & VALUE_MASK;
  }

  static long end(long[] words, int at) {
    return words[at + 3];
  }

  static long frame(long[] words, int at) {
    return words[at + 3];
  }

  /// When that ended which the record tells of: its time, for what has no duration.
  static long endOrTime(long[] words, int at) {
    return switch (kind(words, at)) {
      case PAUSE, WAIT, LOSS -> end(words, at);
      default -> time(words, at);
    };
  }
}
