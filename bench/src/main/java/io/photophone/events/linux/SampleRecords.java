package io.photophone.events.linux;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tracepoint's samples as a session would ask the kernel for them, to be measured without a
/// kernel. In the package of the parser, whose settings are its own.
public final class SampleRecords {
  /// By which the kernel would tell whose sample a record is.
  public static final long ID = 77;

  private SampleRecords() {}

  /// Events of samples with all of the parts that a record of a tracepoint has when its call chain
  /// is asked for: identifier, address of the instruction, process and thread, time, processor,
  /// period, call chain, raw data.
  ///
  /// @param name of the tracepoint, as `sched:sched_switch`
  /// @param format as tracefs tells it
  public static PerfEvents tracepoint(String name, String format) {
    MemorySegment attr = MemorySegment.ofArray(new long[PerfAttr.SIZE / Long.BYTES]);
    new PerfAttr(attr)
        .sampleType(
            SampleLayout.IDENTIFIER
                | SampleLayout.IP
                | SampleLayout.TID
                | SampleLayout.TIME
                | SampleLayout.CPU
                | SampleLayout.PERIOD
                | SampleLayout.CALL_CHAIN
                | SampleLayout.RAW);
    PerfEvents events =
        new PerfEvents(
            List.of(new EventSetup(name, EventSetup.Role.TRACEPOINT, format, attr)),
            PerfEvents.NOBODY);
    events.addId(0, ID);
    return events;
  }
}
