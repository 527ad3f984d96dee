package io.photophone.bench.events;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Takes a sample of perf apart: a header, then the parts that the type's bits say, one after the
/// other.
final class SampleWalk {
  static final long IP = 1;
  static final long TID = 1 << 1;
  static final long TIME = 1 << 2;
  static final long ADDR = 1 << 3;
  static final long CALLCHAIN = 1 << 5;
  static final long ID = 1 << 6;
  static final long CPU = 1 << 7;
  static final long PERIOD = 1 << 8;
  static final long STREAM_ID = 1 << 9;
  static final long RAW = 1 << 10;
  static final long IDENTIFIER = 1 << 16;

  private static final int HEADER = 8;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final long type;
  private int recordLength;
  private int pid;
  private int tid;
  private int cpu;
  private long timeNanos;
  private int chainOffset;
  private int chainLength;
  private int rawOffset;
  private int rawLength;

  SampleWalk(long type) {
    this.type = type;
  }

  private boolean has(long part) {
    return (type & part) != 0;
  }

  void read(MemorySegment segment, long offset) {
    recordLength = segment.get(SHORT, offset + 6) & 0xFFFF;
    long at = offset + HEADER;
    at += has(IDENTIFIER) ? Long.BYTES : 0;
    at += has(IP) ? Long.BYTES : 0;
    if (has(TID)) {
      pid = segment.get(INT, at);
      tid = segment.get(INT, at + Integer.BYTES);
      at += Long.BYTES;
    }
    if (has(TIME)) {
      timeNanos = segment.get(LONG, at);
      at += Long.BYTES;
    }
    at += has(ADDR) ? Long.BYTES : 0;
    at += has(ID) ? Long.BYTES : 0;
    at += has(STREAM_ID) ? Long.BYTES : 0;
    if (has(CPU)) {
      cpu = segment.get(INT, at);
      at += Long.BYTES;
    }
    at += has(PERIOD) ? Long.BYTES : 0;
    if (has(CALLCHAIN)) {
      chainOffset = (int) (at - offset) + Long.BYTES;
      chainLength = (int) segment.get(LONG, at) * Long.BYTES;
      at += Long.BYTES + chainLength;
    }
    if (has(RAW)) {
      rawOffset = (int) (at - offset) + Integer.BYTES;
      rawLength = segment.get(INT, at);
    }
    if (recordLength < rawOffset + rawLength || recordLength < chainOffset + chainLength) {
      throw new IllegalStateException("a record of %d bytes is too short".formatted(recordLength));
    }
  }

  int recordLength() {
    return recordLength;
  }

  int pid() {
    return pid;
  }

  int tid() {
    return tid;
  }

  int cpu() {
    return cpu;
  }

  long timeNanos() {
    return timeNanos;
  }

  int rawOffset() {
    return rawOffset;
  }

  int rawLength() {
    return rawLength;
  }
}
