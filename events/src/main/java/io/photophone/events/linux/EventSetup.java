package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;

/// What one event of a session records.
///
/// @param format as tracefs wrote it; empty for what is no tracepoint
/// @param attr bytes of a [PerfAttr], in the machine's order; not changed any more
record EventSetup(String name, Role role, String format, MemorySegment attr) {
  /// What its samples mean.
  enum Role {
    /// None: it owns the ring, and asks for records of processes, mappings and switches.
    RECORDS,
    CPU_SAMPLE,
    PAGE_FAULT,
    TRACEPOINT
  }

  PerfAttr perfAttr() {
    return new PerfAttr(attr);
  }
}
