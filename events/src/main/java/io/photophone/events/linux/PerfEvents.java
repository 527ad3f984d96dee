package io.photophone.events.linux;

import io.photophone.events.DataField;
import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.RecordConsumer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The events of a session or of a recorded file: one for each kind of record, and one for each
/// thing that is sampled. Takes records apart and runs the callbacks.
///
/// Callbacks are registered before records are read; everything else belongs to the thread that
/// reads. A record that is cut or says more than it holds is counted and left out. Nothing is
/// allocated for a record. Contract: V9, V13.
public final class PerfEvents implements RecordConsumer {
  /// Name of the CPU samples.
  public static final String CPU_SAMPLE = "cpu_sample";

  /// Name of the page faults.
  public static final String PAGE_FAULT = "page_fault";

  /// Name of the tracepoint of context switches.
  public static final String SCHED_SWITCH = "sched:sched_switch";

  /// In the place of a process: none. The kernel itself gives -1 for those that end.
  static final int NOBODY = Integer.MIN_VALUE;

  private final List<SampledEvent> sampled = new ArrayList<>();
  private final Map<String, Event> byName = new LinkedHashMap<>();
  private final SampledEvents byId = new SampledEvents();
  private final @Nullable Event[] byKind = new Event[RecordKind.END];
  private final int[] shortest = new int[RecordKind.END];
  private final long[] read = new long[RecordKind.END];
  private final Event withBuildId;
  private final SampleLayout layout;
  private final SampleParts parts = new SampleParts();
  private final EventData data = new EventData();
  private final ErrorBatch errors = new ErrorBatch();

  /// Whose samples are left out.
  private final int ownPid;

  private long lastTimeNanos = Long.MIN_VALUE;
  private long lostInRings;
  private long throttled;
  private long outOfOrder;
  private long damaged;
  private long unknown;
  private long own;

  /// @throws IllegalArgumentException if the events don't agree on where records have their time
  PerfEvents(List<EventSetup> setups, int ownPid) {
    this.ownPid = ownPid;
    for (EventSetup setup : setups) {
      SampledEvent event = new SampledEvent(RecordKind.END + sampled.size(), setup);
      sampled.add(event);
      if (setup.role() != EventSetup.Role.RECORDS) {
        byName.put(setup.name(), event.event());
      }
    }
    if (sampled.isEmpty()) {
      throw new IllegalArgumentException("there is no event, allowed: 1 or more");
    }
    layout = sampled.getFirst().layout();
    for (SampledEvent each : sampled) {
      if (!RecordTime.of(each.layout()).equals(times())) {
        throw new IllegalArgumentException(
            "%s has the time elsewhere in its records than %s, allowed: the same place"
                .formatted(each.name(), sampled.getFirst().name()));
      }
    }
    add(RecordKind.LOST, RecordKind.lost());
    add(RecordKind.COMM, RecordKind.comm());
    add(RecordKind.EXIT, RecordKind.task("exit"));
    add(RecordKind.THROTTLE, RecordKind.throttle("throttle"));
    add(RecordKind.UNTHROTTLE, RecordKind.throttle("unthrottle"));
    add(RecordKind.FORK, RecordKind.task("fork"));
    add(RecordKind.MMAP2, RecordKind.mmap2());
    add(RecordKind.LOST_SAMPLES, RecordKind.lostSamples());
    add(RecordKind.SWITCH, RecordKind.switched());
    add(RecordKind.SWITCH_CPU_WIDE, RecordKind.switchedCpuWide());
    add(RecordKind.KSYMBOL, RecordKind.ksymbol());
    withBuildId = new Event(RecordKind.MMAP2, RecordKind.mmap2WithBuildId());
    byName.put(withBuildId.name(), withBuildId);
  }

  private void add(int kind, EventFormat format) {
    Event event = new Event(kind, format);
    byKind[kind] = event;
    byName.put(event.name(), event);
    shortest[kind] =
        format.fields().stream()
                .mapToInt(field -> field.offset() + field.size())
                .max()
                .orElse(RecordCursor.HEADER)
            + layout.trailerLength();
  }

  RecordTime times() {
    return RecordTime.of(layout);
  }

  /// Says to which of the events a number of the kernel belongs.
  void addId(int index, long id) {
    byId.put(id, sampled.get(index));
  }

  List<SampledEvent> sampled() {
    return sampled;
  }

  /// Names of all events: `comm`, `mmap2`, `mmap2_build_id`, `fork`, `exit`, `lost`,
  /// `lost_samples`, `throttle`, `unthrottle`, `switch`, `switch_cpu_wide`, `ksymbol`, and what the
  /// session samples, tracepoints as `sched:sched_switch`.
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /// The event of a name, if it is recorded.
  public Optional<Event> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// The event of a name.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists those there are
  public Event event(String name) {
    return find(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no event %s, but: %s"
                    .formatted(name, String.join(", ", byName.keySet()))));
  }

  /// Address of the instruction that ran when a sample was taken.
  public DataField ip() {
    return parts.ip();
  }

  /// Addresses of a sample's calls, the innermost first, with marks of the kernel's (`0xffff…fe00`
  /// and others above `-4096`) where they go from kernel to user.
  public DataField callChain() {
    return parts.callChain();
  }

  /// Registers of a sample's user code, in the order of the bits of [#userRegisterMask].
  public DataField userRegisters() {
    return parts.userRegisters();
  }

  /// A copy of the user stack from the stack pointer on.
  public DataField userStack() {
    return parts.userStack();
  }

  /// Which registers samples hold, by the kernel's numbers of this kind of processor; 0 for none.
  public long userRegisterMask() {
    return sampled.stream()
        .mapToLong(each -> each.setup().perfAttr().userRegisters())
        .reduce(0, (a, b) -> a | b);
  }

  /// What callbacks threw; cleared by who has looked.
  public ErrorBatch errors() {
    return errors;
  }

  @Override
  public void record(MemorySegment segment, long offset, int length) {
    if (length < RecordCursor.HEADER) {
      damaged++;
      return;
    }
    int kind = segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    if (kind == RecordKind.SAMPLE) {
      sample(segment, offset, length);
    } else if (kind < 0 || kind >= RecordKind.END || byKind[kind] == null) {
      unknown++;
    } else if (length < shortest[kind]) {
      damaged++;
    } else {
      other(kind, segment, offset, length);
    }
  }

  private void sample(MemorySegment segment, long offset, int length) {
    if (length < RecordCursor.HEADER + Long.BYTES) {
      damaged++;
      return;
    }
    SampledEvent event =
        byId.get(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + RecordCursor.HEADER));
    if (event == null) {
      unknown++;
      return;
    }
    SampleLayout found = event.layout();
    if (length < found.fixedLength() || !found.locate(segment, offset, length, parts)) {
      damaged++;
      return;
    }
    event.count();
    // Process, thread and time: one behind the other.
    long at = offset + found.tidOffset();
    int pid = segment.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    int tid = segment.get(ValueLayout.JAVA_INT_UNALIGNED, at + Integer.BYTES);
    long timeNanos = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at + Long.BYTES);
    order(timeNanos);
    if (pid == ownPid && event.dropsOwn()) {
      own++;
      return;
    }
    int from = 0;
    int size = found.fixedLength();
    if (event.isTracepoint()) {
      from = parts.raw().offset();
      size = parts.raw().length();
    }
    data.moveTo(event.event().format(), segment, offset, length, from, size);
    data.happened(
        timeNanos,
        pid,
        tid,
        segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset + found.cpuOffset()));
    event.event().process(data, errors);
  }

  private void other(int kind, MemorySegment segment, long offset, int length) {
    Event event = byKind[kind];
    if (event == null) {
      return;
    }
    read[kind]++;
    switch (kind) {
      case RecordKind.LOST ->
          lostInRings += segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 16);
      case RecordKind.LOST_SAMPLES ->
          lostInRings += segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 8);
      case RecordKind.THROTTLE -> throttled++;
      case RecordKind.MMAP2 -> {
        int misc = segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 4);
        if ((misc & RecordKind.MISC_BUILD_ID) != 0) {
          event = withBuildId;
        }
      }
      default -> {}
    }
    int trailer = length - layout.trailerLength();
    long at = offset + trailer;
    long timeNanos = segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at + layout.trailerTime());
    order(timeNanos);
    parts.clear();
    data.moveTo(event.format(), segment, offset, length, 0, trailer);
    data.happened(
        timeNanos,
        segment.get(ValueLayout.JAVA_INT_UNALIGNED, at),
        segment.get(ValueLayout.JAVA_INT_UNALIGNED, at + Integer.BYTES),
        segment.get(ValueLayout.JAVA_INT_UNALIGNED, at + layout.trailerCpu()));
    event.process(data, errors);
  }

  private void order(long timeNanos) {
    if (timeNanos < lastTimeNanos) {
      outOfOrder++;
    } else {
      lastTimeNanos = timeNanos;
    }
  }

  /// @param damagedBefore of those who find the records
  PerfStatistics statistics(long damagedBefore) {
    long sum = sampled.stream().mapToLong(SampledEvent::samples).sum();
    Map<String, Long> records = new LinkedHashMap<>();
    for (int kind = 0; kind < read.length; kind++) {
      long count = kind == RecordKind.SAMPLE ? sum : read[kind];
      if (count > 0) {
        Event event = byKind[kind];
        records.put(event == null ? "sample" : event.name(), count);
      }
    }
    Map<String, Long> samples = new LinkedHashMap<>();
    for (SampledEvent each : sampled) {
      if (each.setup().role() != EventSetup.Role.RECORDS) {
        samples.put(each.name(), each.samples());
      }
    }
    return new PerfStatistics(
        records,
        samples,
        lostInRings,
        throttled,
        outOfOrder,
        damaged + damagedBefore,
        unknown,
        own);
  }
}
