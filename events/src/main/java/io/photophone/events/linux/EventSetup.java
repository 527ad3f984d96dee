package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// What one event of a session records.
///
/// @param format as tracefs wrote it; empty for what is no tracepoint
/// @param attr bytes of a [PerfAttr], in the machine's order; not changed any more
record EventSetup(String name, Role role, String format, MemorySegment attr) {
  /// What its samples mean.
  enum Role {
    /// None: it owns the ring, and asks for records of processes, mappings and switches.
    RECORDS(0),
    CPU_SAMPLE(1),
    PAGE_FAULT(2),
    TRACEPOINT(3);

    private final int number;

    Role(int number) {
      this.number = number;
    }

    /// In a recorded file.
    int number() {
      return number;
    }

    static Optional<Role> of(int number) {
      return Arrays.stream(values()).filter(each -> each.number == number).findFirst();
    }
  }

  PerfAttr perfAttr() {
    return new PerfAttr(attr);
  }
}
