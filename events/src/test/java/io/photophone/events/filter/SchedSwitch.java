package io.photophone.events.filter;

import io.photophone.events.EventFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The kernel's event of a switch between threads, as its format file tells it.
final class SchedSwitch {
  static final EventFormat FORMAT =
      EventFormat.parse(
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
          """,
          ByteOrder.LITTLE_ENDIAN);

  private SchedSwitch() {}

  /// A switch away from a thread; what its name doesn't fill is stale.
  static MemorySegment from(String comm, int pid, long state) {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(8, "stale stale stale".getBytes(StandardCharsets.UTF_8), 0, 16);
    byte[] name = (comm + "\0").getBytes(StandardCharsets.UTF_8);
    bytes.put(8, name, 0, Math.min(16, name.length));
    bytes.putInt(24, pid).putLong(32, state);
    return MemorySegment.ofArray(bytes.array());
  }
}
