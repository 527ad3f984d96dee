package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Records as the kernel writes them, for tests: a tracepoint `test:point` with the fields `number`
/// and `name`, and CPU samples with everything that a sample may have.
final class Records {
  static final long POINT_ID = 7001;
  static final long CPU_ID = 7002;
  static final long REGISTERS = 0b111;

  static final String FORMAT =
      """
      name: point
      ID: 77
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:long number;\toffset:8;\tsize:8;\tsigned:1;
      \tfield:__data_loc char[] name;\toffset:16;\tsize:4;\tsigned:0;

      print fmt: "%ld", REC->number
      """;

  private static final long POINT_TYPE =
      SampleLayout.IDENTIFIER
          | SampleLayout.IP
          | SampleLayout.TID
          | SampleLayout.TIME
          | SampleLayout.CPU
          | SampleLayout.RAW;
  private static final long CPU_TYPE =
      POINT_TYPE
          | SampleLayout.PERIOD
          | SampleLayout.CALL_CHAIN
          | SampleLayout.USER_REGISTERS
          | SampleLayout.USER_STACK;

  private Records() {}

  static List<EventSetup> setups() {
    return List.of(
        setup("records", EventSetup.Role.RECORDS, "", POINT_TYPE & ~SampleLayout.RAW),
        setup("test:point", EventSetup.Role.TRACEPOINT, FORMAT, POINT_TYPE),
        setup("cpu_sample", EventSetup.Role.CPU_SAMPLE, "", CPU_TYPE & ~SampleLayout.RAW));
  }

  static Map<Long, Integer> ids() {
    return Map.of(POINT_ID, 1, CPU_ID, 2);
  }

  private static EventSetup setup(String name, EventSetup.Role role, String format, long type) {
    MemorySegment attr = MemorySegment.ofArray(new long[PerfAttr.SIZE / Long.BYTES]);
    new PerfAttr(attr).sampleType(type).userStack(REGISTERS, 64);
    return new EventSetup(name, role, format, attr);
  }

  static PerfEvents events() {
    PerfEvents events = new PerfEvents(setups(), PerfEvents.NOBODY);
    ids().forEach((id, event) -> events.addId(event, id));
    return events;
  }

  /// Bytes of a record in the making.
  static final class Bytes {
    private final List<Byte> all = new ArrayList<>();

    Bytes u8(int value) {
      all.add((byte) value);
      return this;
    }

    Bytes u16(int value) {
      return u8(value).u8(value >> 8);
    }

    Bytes u32(int value) {
      return u16(value).u16(value >> 16);
    }

    Bytes u64(long value) {
      return u32((int) value).u32((int) (value >> 32));
    }

    Bytes text(String text, int atLeast) {
      int from = all.size();
      for (int i = 0; i < text.length(); i++) {
        u8(text.charAt(i));
      }
      do {
        u8(0);
      } while (all.size() % 8 != 0 || all.size() - from < atLeast);
      return this;
    }

    /// With the length in its header.
    byte[] done() {
      byte[] bytes = new byte[all.size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = all.get(i);
      }
      MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_SHORT_UNALIGNED, 6, (short) bytes.length);
      return bytes;
    }
  }

  private static Bytes head(int kind, int misc) {
    return new Bytes().u32(kind).u16(misc).u16(0);
  }

  private static byte[] trailed(Bytes body, int pid, int tid, long time, int cpu) {
    return body.u32(pid).u32(tid).u64(time).u32(cpu).u32(0).u64(POINT_ID).done();
  }

  static byte[] point(long time, int pid, int tid, int cpu, long number, String name) {
    Bytes bytes = head(RecordKind.SAMPLE, 2).u64(POINT_ID).u64(0xABC);
    bytes.u32(pid).u32(tid).u64(time).u32(cpu).u32(0);
    int textLength = name.length() + 1;
    int size = (4 + 20 + textLength + 7) / 8 * 8 - 4;
    bytes.u32(size).u16(77).u16(0).u32(tid).u64(number).u32(textLength << 16 | 20);
    int from = bytes.all.size();
    for (int i = 0; i < name.length(); i++) {
      bytes.u8(name.charAt(i));
    }
    while (bytes.all.size() - from < size - 20) {
      bytes.u8(0);
    }
    return bytes.done();
  }

  static byte[] cpuSample(long time, int tid, int frames, int usedStack) {
    Bytes bytes = head(RecordKind.SAMPLE, 2).u64(CPU_ID).u64(0xABC);
    bytes.u32(tid).u32(tid).u64(time).u32(1).u32(0).u64(1000);
    bytes.u64(frames);
    for (int i = 0; i < frames; i++) {
      bytes.u64(0x1000 + i);
    }
    bytes.u64(2).u64(11).u64(12).u64(13);
    bytes.u64(64);
    for (int i = 0; i < 8; i++) {
      bytes.u64(100 + i);
    }
    return bytes.u64(usedStack).done();
  }

  /// Of a thread of the kernel, which has neither registers nor stack of user code.
  static byte[] kernelSample(long time, int tid) {
    Bytes bytes = head(RecordKind.SAMPLE, 1).u64(CPU_ID).u64(0xABC);
    bytes.u32(tid).u32(tid).u64(time).u32(1).u32(0).u64(1000);
    return bytes.u64(0).u64(0).u64(0).done();
  }

  static byte[] comm(long time, int pid, int tid, String name) {
    return trailed(head(RecordKind.COMM, 0).u32(pid).u32(tid).text(name, 1), pid, tid, time, 0);
  }

  static byte[] mmap2(long time, int pid, long start, long length, String file) {
    Bytes bytes = head(RecordKind.MMAP2, 0).u32(pid).u32(pid).u64(start).u64(length).u64(0x1000);
    bytes.u32(8).u32(1).u64(1234).u64(0).u32(5).u32(2).text(file, 1);
    return trailed(bytes, pid, pid, time, 0);
  }

  static byte[] mmap2WithBuildId(long time, int pid, String file) {
    Bytes bytes = head(RecordKind.MMAP2, RecordKind.MISC_BUILD_ID).u32(pid).u32(pid);
    bytes.u64(0x4000).u64(0x2000).u64(0).u8(20).u8(0).u16(0);
    for (int i = 0; i < 20; i++) {
      bytes.u8(i + 1);
    }
    return trailed(bytes.u32(5).u32(2).text(file, 1), pid, pid, time, 0);
  }

  static byte[] fork(int kind, long time, int pid, int parent) {
    return trailed(
        head(kind, 0).u32(pid).u32(parent).u32(pid + 1).u32(parent + 1).u64(time),
        parent,
        parent + 1,
        time,
        0);
  }

  static byte[] lost(long time, long count) {
    return trailed(head(RecordKind.LOST, 0).u64(POINT_ID).u64(count), 1, 1, time, 0);
  }

  static byte[] throttle(int kind, long time) {
    return trailed(head(kind, 0).u64(time).u64(CPU_ID).u64(CPU_ID), 1, 1, time, 0);
  }

  static byte[] switched(long time, int tid, boolean out) {
    return trailed(head(RecordKind.SWITCH, out ? 1 << 13 : 0), tid, tid, time, 1);
  }

  static byte[] switchedCpuWide(long time, int tid, int other) {
    return trailed(head(RecordKind.SWITCH_CPU_WIDE, 0).u32(other).u32(other), tid, tid, time, 1);
  }

  static byte[] ksymbol(long time, String name) {
    return trailed(
        head(RecordKind.KSYMBOL, 0).u64(0xFFFF_0000L).u32(64).u16(1).u16(0).text(name, 1),
        0,
        0,
        time,
        0);
  }

  static void hand(PerfEvents to, byte[]... records) {
    for (byte[] each : records) {
      to.record(MemorySegment.ofArray(each), 0, each.length);
    }
  }
}
