package io.photophone.bench.events;

import io.photophone.events.EventFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Events that are measured.
final class Records {
  static final EventFormat SWITCH =
      EventFormat.builder("sched_switch")
          .order(ByteOrder.LITTLE_ENDIAN)
          .skip(8)
          .text("prev_comm", 16)
          .integer("prev_pid", 4, true)
          .integer("prev_prio", 4, true)
          .integer("prev_state", 8, true)
          .text("next_comm", 16)
          .integer("next_pid", 4, true)
          .integer("next_prio", 4, true)
          .build();

  /// Identifier, address of the instruction, process and thread, time, processor, period, call
  /// chain, raw data: in this order in the record.
  static final long SAMPLE_TYPE =
      SampleWalk.IDENTIFIER
          | SampleWalk.IP
          | SampleWalk.TID
          | SampleWalk.TIME
          | SampleWalk.CPU
          | SampleWalk.PERIOD
          | SampleWalk.CALLCHAIN
          | SampleWalk.RAW;

  static final int STRINGS_LENGTH = 8 + 12 + 18 + 8;

  private Records() {}

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// A switch as perf hands it over, 248 bytes.
  static MemorySegment sample() {
    int frames = 14;
    ByteBuffer bytes = buffer(248);
    bytes.putInt(9).putShort((short) 1).putShort((short) 248);
    bytes.putLong(77).putLong(0xFFFF_0000L).putInt(10).putInt(11).putLong(123_456_789);
    bytes.putInt(1).putInt(0).putLong(1).putLong(frames);
    for (int i = 0; i < frames; i++) {
      bytes.putLong(0xFFFF_8000L + i);
    }
    return MemorySegment.ofArray(bytes.putInt(68).put(switched()).putInt(0).array());
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
