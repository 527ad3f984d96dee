package io.photophone.bench.events;

import io.photophone.events.EventFormat;
import io.photophone.events.linux.SampleRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Events that are measured.
final class Records {
  /// What tracefs tells of a switch between threads.
  static final String SWITCH_TEXT =
      """
      name: sched_switch
      ID: 372
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;
      \tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;
      \tfield:int prev_prio;\toffset:28;\tsize:4;\tsigned:1;
      \tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;
      \tfield:char next_comm[16];\toffset:40;\tsize:16;\tsigned:0;
      \tfield:pid_t next_pid;\toffset:56;\tsize:4;\tsigned:1;
      \tfield:int next_prio;\toffset:60;\tsize:4;\tsigned:1;

      print fmt: "prev_comm=%s"
      """;

  static final EventFormat SWITCH = EventFormat.parse(SWITCH_TEXT, ByteOrder.LITTLE_ENDIAN);

  static final int STRINGS_LENGTH = 8 + 12 + 18 + 8;

  private Records() {}

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// A switch as the kernel writes it, 248 bytes: 56 of numbers, a call chain of 14 addresses, 68
  /// of raw data. In native memory, as the kernel's ring is.
  static MemorySegment sample() {
    int frames = 14;
    ByteBuffer bytes = buffer(248);
    bytes.putInt(9).putShort((short) 1).putShort((short) 248);
    bytes
        .putLong(SampleRecords.ID)
        .putLong(0xFFFF_0000L)
        .putInt(10)
        .putInt(11)
        .putLong(123_456_789);
    bytes.putInt(1).putInt(0).putLong(1).putLong(frames);
    for (int i = 0; i < frames; i++) {
      bytes.putLong(0xFFFF_8000L + i);
    }
    bytes.putInt(68).put(switched()).putInt(0).flip();
    return Arena.ofAuto().allocate(bytes.limit(), 8).copyFrom(MemorySegment.ofBuffer(bytes));
  }

  static byte[] switched() {
    ByteBuffer bytes = buffer(64);
    bytes.put(8, "acq-thread".getBytes(StandardCharsets.UTF_8));
    bytes.putInt(24, 4711).putInt(28, 120).putLong(32, 0);
    bytes.put(40, "encoder".getBytes(StandardCharsets.UTF_8));
    return bytes.putInt(56, 815).putInt(60, 120).array();
  }

  /// An integer, two texts, an integer.
  static MemorySegment strings() {
    ByteBuffer bytes = buffer(STRINGS_LENGTH);
    bytes.putLong(1).put("some-thread\0".getBytes(StandardCharsets.UTF_8));
    bytes.put("/usr/lib/libfoo.s\0".getBytes(StandardCharsets.UTF_8)).putLong(2);
    return MemorySegment.ofArray(bytes.array());
  }
}
