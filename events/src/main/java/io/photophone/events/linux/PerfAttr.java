package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What one event is to record, as the kernel takes it (`struct perf_event_attr`):
///
/// ```
/// 0  type u32 | 4 size u32 | 8 config u64 | 16 period or frequency u64
/// 24 sample type u64 | 32 read format u64 | 40 flags u64
/// 48 wake-up events or watermark u32 | 52 breakpoint u32 | 56 config1 u64 | 64 config2 u64
/// 72 branches u64 | 80 user registers u64 | 88 user stack u32 | 92 clock s32
/// 96 registers at interrupt u64 | 104 aux watermark u32 | 108 most frames u16 | 110 0 u16
/// ```
final class PerfAttr {
  /// Of version 5, which all kernels since 4.4 know.
  static final int SIZE = 112;

  static final int TYPE_SOFTWARE = 1;
  static final int TYPE_TRACEPOINT = 2;

  static final long CPU_CLOCK = 0;
  static final long PAGE_FAULTS = 2;
  static final long DUMMY = 9;

  static final long DISABLED = 1;
  static final long INHERIT = 1 << 1;
  static final long EXCLUDE_KERNEL = 1 << 5;
  static final long EXCLUDE_HYPERVISOR = 1 << 6;
  static final long MMAP = 1 << 8;
  static final long COMM = 1 << 9;
  static final long FREQUENCY = 1 << 10;
  static final long TASK = 1 << 13;
  static final long WATERMARK = 1 << 14;
  static final long SAMPLE_ID_ALL = 1 << 18;
  static final long EXCLUDE_CALLCHAIN_KERNEL = 1 << 21;
  static final long MMAP2 = 1 << 23;
  static final long COMM_EXEC = 1 << 24;
  static final long USE_CLOCK = 1 << 25;
  static final long CONTEXT_SWITCH = 1 << 26;
  static final long KSYMBOL = 1 << 29;
  static final long BUILD_ID = 1L << 34;

  static final long READ_ID = 1 << 2;
  static final long READ_LOST = 1 << 4;

  /// The clock of [System#nanoTime].
  private static final int MONOTONIC = 1;

  private static final long CONFIG = 8;
  private static final long PERIOD = 16;
  private static final long SAMPLE_TYPE = 24;
  private static final long READ_FORMAT = 32;
  private static final long FLAGS = 40;
  private static final long WAKEUP = 48;
  private static final long USER_REGISTERS = 80;
  private static final long USER_STACK = 88;
  private static final long CLOCK = 92;

  private final MemorySegment bytes;

  /// @param bytes of at least [#SIZE] zeros, or of an attribute that was written before
  PerfAttr(MemorySegment bytes) {
    this.bytes = bytes.asSlice(0, SIZE);
  }

  PerfAttr type(int type, long config) {
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, 0, type);
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, 4, SIZE);
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, CONFIG, config);
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, CLOCK, MONOTONIC);
    return this;
  }

  /// @param value events between samples, or samples a second with [#FREQUENCY]
  PerfAttr period(long value) {
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, PERIOD, value);
    return this;
  }

  PerfAttr sampleType(long bits) {
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, SAMPLE_TYPE, bits);
    return this;
  }

  PerfAttr readFormat(long bits) {
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, READ_FORMAT, bits);
    return this;
  }

  PerfAttr flags(long bits) {
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, FLAGS, bits);
    return this;
  }

  /// @param ringBytes in a ring before its reader is woken; with [#WATERMARK]
  PerfAttr wakeAt(int ringBytes) {
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, WAKEUP, ringBytes);
    return this;
  }

  PerfAttr userStack(long registers, int stackBytes) {
    bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, USER_REGISTERS, registers);
    bytes.set(ValueLayout.JAVA_INT_UNALIGNED, USER_STACK, stackBytes);
    return this;
  }

  int type() {
    return bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
  }

  long sampleType() {
    return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, SAMPLE_TYPE);
  }

  long readFormat() {
    return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, READ_FORMAT);
  }

  long flags() {
    return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, FLAGS);
  }

  long userRegisters() {
    return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, USER_REGISTERS);
  }

  MemorySegment bytes() {
    return bytes;
  }
}
