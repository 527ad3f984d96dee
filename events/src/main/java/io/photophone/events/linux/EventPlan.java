package io.photophone.events.linux;

import io.photophone.events.FormatException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The events by which the kernel is to record what was asked for, the owner of the rings first.
final class EventPlan {
  private static final long ALWAYS =
      SampleLayout.IDENTIFIER
          | SampleLayout.IP
          | SampleLayout.TID
          | SampleLayout.TIME
          | SampleLayout.CPU;

  /// All that the kernel can copy on x86-64, but for the four segments it refuses.
  private static final long X86_REGISTERS = 0xFF_0FFF;

  private static final long ARM_REGISTERS = (1L << 33) - 1;

  private final SessionSettings settings;
  private final int wakeAtBytes;
  private final List<Planned> events = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  /// An event and the filter that the kernel applies; empty for none.
  record Planned(EventSetup setup, String filter) {}

  EventPlan(SessionSettings settings, Optional<Tracefs> tracefs, int wakeAtBytes) {
    this.settings = settings;
    this.wakeAtBytes = wakeAtBytes;
    Map<String, SessionSettings.Tracepoint> tracepoints =
        new LinkedHashMap<>(settings.tracepoints());
    boolean switchRecords = settings.switchRecords();
    StackCapture switches = settings.contextSwitches();
    if (switches != null) {
      if (tracefs.isPresent()) {
        tracepoints.putIfAbsent(
            PerfEvents.SCHED_SWITCH,
            new SessionSettings.Tracepoint(PerfEvents.SCHED_SWITCH, "", switches));
      } else {
        switchRecords = true;
        remarks.add(
            "context switches are recorded without the state of the thread and without stacks:"
                + " %s; to allow it: %s".formatted(Tracefs.WHY_MISSING, Tracefs.command()));
      }
    }
    planRecords(switchRecords);
    planSamples();
    for (SessionSettings.Tracepoint each : tracepoints.values()) {
      plan(each, tracefs);
    }
  }

  private void planRecords(boolean switchRecords) {
    long flags =
        PerfAttr.MMAP
            | PerfAttr.MMAP2
            | PerfAttr.COMM
            | PerfAttr.COMM_EXEC
            | PerfAttr.TASK
            | PerfAttr.EXCLUDE_KERNEL;
    if (switchRecords) {
      flags |= PerfAttr.CONTEXT_SWITCH;
    }
    if (settings.buildIds()) {
      flags |= PerfAttr.BUILD_ID;
    }
    if (settings.isMachine()) {
      flags |= PerfAttr.KSYMBOL;
    }
    PerfAttr attr = attr(PerfAttr.TYPE_SOFTWARE, PerfAttr.DUMMY, flags, 0, StackCapture.NONE);
    add("records", EventSetup.Role.RECORDS, "", attr, "");
  }

  private void planSamples() {
    SessionSettings.Sampling cpu = settings.cpuSamples();
    if (cpu != null) {
      PerfAttr attr =
          attr(
              PerfAttr.TYPE_SOFTWARE,
              PerfAttr.CPU_CLOCK,
              PerfAttr.FREQUENCY,
              SampleLayout.PERIOD,
              cpu.stacks());
      add(
          PerfEvents.CPU_SAMPLE,
          EventSetup.Role.CPU_SAMPLE,
          "",
          attr.period(rate(cpu.rateHz())),
          "");
    }
    StackCapture faults = settings.pageFaults();
    if (faults != null) {
      PerfAttr attr =
          attr(
              PerfAttr.TYPE_SOFTWARE,
              PerfAttr.PAGE_FAULTS,
              0,
              SampleLayout.ADDRESS | SampleLayout.PERIOD,
              faults);
      add(PerfEvents.PAGE_FAULT, EventSetup.Role.PAGE_FAULT, "", attr.period(1), "");
    }
  }

  /// The kernel lowers what it allows when its own interrupts take long.
  private long rate(int askedHz) {
    int most = Privileges.probe().mostSamplesPerSecond().orElse(askedHz);
    if (askedHz > most) {
      remarks.add(
          "cpu_sample: %d samples a second instead of %d, as the kernel allows no more now; to"
                  .formatted(most, askedHz)
              + " allow it: sudo sysctl kernel.perf_event_max_sample_rate=100000");
    }
    return Math.min(askedHz, most);
  }

  private void plan(SessionSettings.Tracepoint tracepoint, Optional<Tracefs> tracefs) {
    if (tracefs.isEmpty()) {
      refused.add(
          "%s: %s; to allow it: %s"
              .formatted(tracepoint.name(), Tracefs.WHY_MISSING, Tracefs.command()));
      return;
    }
    try {
      String format = tracefs.get().formatText(tracepoint.name());
      long id = tracefs.get().format(tracepoint.name()).id();
      PerfAttr attr = attr(PerfAttr.TYPE_TRACEPOINT, id, 0, SampleLayout.RAW, tracepoint.stacks());
      add(
          tracepoint.name(),
          EventSetup.Role.TRACEPOINT,
          format,
          attr.period(1),
          tracepoint.filter());
    } catch (IOException | FormatException e) {
      refused.add("%s: %s".formatted(tracepoint.name(), e.getMessage()));
    }
  }

  private PerfAttr attr(int type, long config, long flags, long parts, StackCapture stacks) {
    long sampleType = ALWAYS | parts;
    PerfAttr attr = new PerfAttr(MemorySegment.ofArray(new long[PerfAttr.SIZE / Long.BYTES]));
    if (stacks != StackCapture.NONE) {
      sampleType |= SampleLayout.CALL_CHAIN;
    }
    if (stacks == StackCapture.COPY) {
      sampleType |= SampleLayout.USER_REGISTERS | SampleLayout.USER_STACK;
      attr.userStack(
          System.getProperty("os.arch").equals("aarch64") ? ARM_REGISTERS : X86_REGISTERS,
          settings.stackBytes());
    }
    return attr.type(type, config)
        .sampleType(sampleType)
        .readFormat(PerfAttr.READ_ID | PerfAttr.READ_LOST)
        .flags(
            flags
                | PerfAttr.DISABLED
                | (settings.isMachine() ? 0 : PerfAttr.INHERIT)
                | PerfAttr.EXCLUDE_HYPERVISOR
                | PerfAttr.SAMPLE_ID_ALL
                | PerfAttr.USE_CLOCK
                | PerfAttr.WATERMARK)
        .wakeAt(wakeAtBytes);
  }

  private void add(String name, EventSetup.Role role, String format, PerfAttr attr, String filter) {
    events.add(new Planned(new EventSetup(name, role, format, attr.bytes()), filter));
  }

  List<Planned> events() {
    return events;
  }

  /// What can't be recorded, and why.
  List<String> refused() {
    return refused;
  }

  /// What is recorded in another way than was asked for, and why.
  List<String> remarks() {
    return remarks;
  }
}
