package io.photophone.events.linux;

import io.photophone.events.DataField;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Where a sample has its parts, worked out once from what its event asks the kernel for.
///
/// ```
/// sample:  header 8 | identifier | ip | pid, tid | time | address | id | stream id | cpu, 0
///          | period | values read | n, n addresses of calls | size u32, that many bytes
///          | abi, registers | size, that many bytes, how many of them are used
/// trailer of other records: pid, tid | time | id | stream id | cpu, 0 | identifier
/// ```
///
/// Each part is there if it is asked for; what isn't said to be u32 has 8 bytes.
final class SampleLayout {
  static final long IP = 1;
  static final long TID = 1 << 1;
  static final long TIME = 1 << 2;
  static final long ADDRESS = 1 << 3;
  static final long READ = 1 << 4;
  static final long CALL_CHAIN = 1 << 5;
  static final long ID = 1 << 6;
  static final long CPU = 1 << 7;
  static final long PERIOD = 1 << 8;
  static final long STREAM_ID = 1 << 9;
  static final long RAW = 1 << 10;
  static final long USER_REGISTERS = 1 << 12;
  static final long USER_STACK = 1 << 13;
  static final long IDENTIFIER = 1 << 16;

  private static final long REQUIRED = IDENTIFIER | TID | TIME | CPU;
  private static final long KNOWN =
      REQUIRED
          | IP
          | ADDRESS
          | READ
          | CALL_CHAIN
          | ID
          | PERIOD
          | STREAM_ID
          | RAW
          | USER_REGISTERS
          | USER_STACK;
  private static final long READ_GROUP = 1 << 3;
  private static final long ABI_64 = 2;

  private final long bits;
  private final int registers;
  private final int ip;
  private final int tid;
  private final int time;
  private final int address;
  private final int cpu;
  private final int period;

  /// Bytes before the parts of variable length.
  private final int fixed;

  private final boolean hasVariable;
  private final int trailerTime;
  private final int trailerCpu;
  private final int trailer;

  /// @throws IllegalArgumentException for parts that aren't known, or a missing one of those by
  ///   which records are ordered and told apart
  SampleLayout(PerfAttr attr) {
    bits = attr.sampleType();
    if ((bits & ~KNOWN) != 0 || (bits & REQUIRED) != REQUIRED) {
      throw new IllegalArgumentException(
          "sample type is 0x%x, allowed: 0x%x with some of 0x%x".formatted(bits, REQUIRED, KNOWN));
    }
    if ((bits & READ) != 0 && (attr.readFormat() & READ_GROUP) != 0) {
      throw new IllegalArgumentException("samples have the values of a group, allowed: of one");
    }
    registers = Long.bitCount(attr.userRegisters());
    int at = RecordCursor.HEADER + Long.BYTES;
    ip = at;
    at += size(IP);
    tid = at;
    at += size(TID);
    time = at;
    at += size(TIME);
    address = at;
    at += size(ADDRESS) + size(ID) + size(STREAM_ID);
    cpu = at;
    at += size(CPU);
    period = at;
    at += size(PERIOD);
    if ((bits & READ) != 0) {
      at += Long.BYTES * (1 + Long.bitCount(attr.readFormat() & ~READ_GROUP));
    }
    fixed = at;
    hasVariable = (bits & (CALL_CHAIN | RAW | USER_REGISTERS | USER_STACK)) != 0;
    trailerTime = Long.BYTES;
    trailerCpu = 2 * Long.BYTES + size(ID) + size(STREAM_ID);
    trailer = trailerCpu + 2 * Long.BYTES;
  }

  private int size(long part) {
    return (bits & part) != 0 ? Long.BYTES : 0;
  }

  boolean has(long part) {
    return (bits & part) != 0;
  }

  int ipOffset() {
    return ip;
  }

  int tidOffset() {
    return tid;
  }

  /// Behind process and thread.
  int timeOffset() {
    return time;
  }

  int addressOffset() {
    return address;
  }

  int cpuOffset() {
    return cpu;
  }

  int periodOffset() {
    return period;
  }

  /// Bytes that each sample has at least.
  int fixedLength() {
    return fixed;
  }

  /// Of the time in the trailer.
  int trailerTime() {
    return trailerTime;
  }

  /// Of the processor in the trailer.
  int trailerCpu() {
    return trailerCpu;
  }

  /// Bytes behind each record that is no sample.
  int trailerLength() {
    return trailer;
  }

  /// Finds the parts of variable length.
  ///
  /// @param length of the record, at least [#fixedLength]
  /// @return false if a part goes past the end of the record; then no part is set
  boolean locate(MemorySegment segment, long offset, int length, SampleParts parts) {
    if (!parts.areOf(this)) {
      parts.begin(this);
    }
    if (!hasVariable) {
      return true;
    }
    long at = fixed;
    if ((bits & CALL_CHAIN) != 0) {
      at = chain(segment, offset, length, at, parts.callChain());
    }
    if (at >= 0 && (bits & RAW) != 0) {
      at = raw(segment, offset, length, at, parts.raw());
    }
    if (at >= 0 && (bits & USER_REGISTERS) != 0) {
      at = registers(segment, offset, length, at, parts.userRegisters());
    }
    if (at >= 0 && (bits & USER_STACK) != 0) {
      at = stack(segment, offset, length, at, parts.userStack());
    }
    if (at < 0) {
      parts.clear();
    }
    return at >= 0;
  }

  /// All of these give the place behind the part; -1 if the record has no room for it.
  private static long chain(
      MemorySegment segment, long offset, int length, long at, DataField part) {
    if (at + Long.BYTES > length) {
      return -1;
    }
    long count = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at);
    long from = at + Long.BYTES;
    if (Long.compareUnsigned(count, (length - from) >> 3) > 0) {
      return -1;
    }
    int size = (int) count << 3;
    part.set((int) from, size);
    return from + size;
  }

  private static long raw(MemorySegment segment, long offset, int length, long at, DataField part) {
    if (at + Integer.BYTES > length) {
      return -1;
    }
    int size = segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset + at);
    long from = at + Integer.BYTES;
    if (size < 0 || size > length - from) {
      return -1;
    }
    part.set((int) from, size);
    return from + size;
  }

  private long registers(MemorySegment segment, long offset, int length, long at, DataField part) {
    if (at + Long.BYTES > length) {
      return -1;
    }
    long abi = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at);
    long from = at + Long.BYTES;
    if (abi == 0) {
      part.clear();
      return from;
    }
    long size = (long) registers * Long.BYTES;
    if (size > length - from) {
      return -1;
    }
    if (abi == ABI_64) {
      part.set((int) from, (int) size);
    } else {
      part.clear();
    }
    return from + size;
  }

  private static long stack(
      MemorySegment segment, long offset, int length, long at, DataField part) {
    if (at + Long.BYTES > length) {
      return -1;
    }
    long size = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at);
    long from = at + Long.BYTES;
    if (size == 0) {
      part.clear();
      return from;
    }
    if (size < 0 || size > length - from - Long.BYTES) {
      return -1;
    }
    long used = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + from + size);
    if (used < 0 || used > size) {
      return -1;
    }
    part.set((int) from, (int) used);
    return from + size + Long.BYTES;
  }
}
