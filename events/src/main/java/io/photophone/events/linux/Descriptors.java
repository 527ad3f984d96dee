package io.photophone.events.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The descriptors of a session: each event for each thread on each processor, all of a processor
/// writing into one ring, which the first thread's first event owns.
///
/// An event of a thread alone would leave out the process's other threads, one without a processor
/// can't be handed on to new threads and have a ring.
final class Descriptors implements AutoCloseable {
  private static final long ENABLE = 0x2400;
  private static final long DISABLE = 0x2401;
  private static final long SET_OUTPUT = 0x2405;
  private static final long SET_FILTER = 0x4008_2406;
  private static final long GET_ID = 0x8008_2407L;

  private static final int NO_SUCH_PROCESS = -3;
  private static final int NO_ACCESS = -13;
  private static final int NO_DEVICE = -19;
  private static final int INVALID = -22;

  private final NativeCalls calls;
  private final Arena arena = Arena.ofShared();
  private final List<EventPlan.Planned> events;
  private final List<MemorySegment> attrs = new ArrayList<>();

  /// Of each event.
  private final List<List<Integer>> descriptors = new ArrayList<>();

  /// Of the owner of each processor's ring.
  private final Map<Integer, Integer> owners = new LinkedHashMap<>();

  private final List<MemorySegment> rings = new ArrayList<>();
  private final Map<Long, Integer> ids = new LinkedHashMap<>();
  private final Map<String, String> refused = new LinkedHashMap<>();
  private final Map<String, String> remarks = new LinkedHashMap<>();

  Descriptors(NativeCalls calls, List<EventPlan.Planned> events) {
    this.calls = calls;
    this.events = events;
    for (EventPlan.Planned each : events) {
      attrs.add(arena.allocate(PerfAttr.SIZE, Long.BYTES).copyFrom(each.setup().attr()));
      descriptors.add(new ArrayList<>());
    }
  }

  /// @param threads -1 alone for all that runs on a processor
  /// @param ringBytes with the page before the ring
  void open(List<Integer> threads, List<Integer> processors, long ringBytes) throws PerfException {
    for (int processor : processors) {
      for (int thread : threads) {
        for (int event = 0; event < events.size(); event++) {
          if (!refused.containsKey(name(event))) {
            open(event, thread, processor, ringBytes);
          }
        }
      }
    }
  }

  private String name(int event) {
    return events.get(event).setup().name();
  }

  private void open(int event, int thread, int processor, long ringBytes) throws PerfException {
    int descriptor = openOrDegrade(event, thread, processor);
    if (descriptor == NO_SUCH_PROCESS || (descriptor == NO_DEVICE && processor > 0)) {
      return;
    }
    if (descriptor < 0) {
      refused.put(name(event), Errno.describe(-descriptor));
      return;
    }
    descriptors.get(event).add(descriptor);
    Integer owner = owners.get(processor);
    if (owner == null) {
      rings.add(map(descriptor, ringBytes));
      owners.put(processor, descriptor);
    } else {
      check("joining the ring of " + name(event), calls.ioctl(descriptor, SET_OUTPUT, owner));
    }
    try (Arena once = Arena.ofConfined()) {
      MemorySegment id = once.allocate(ValueLayout.JAVA_LONG);
      check("the number of " + name(event), calls.ioctl(descriptor, GET_ID, id.address()));
      ids.put(id.get(ValueLayout.JAVA_LONG, 0), event);
      String filter = events.get(event).filter();
      if (!filter.isEmpty()) {
        MemorySegment text = once.allocateFrom(filter, StandardCharsets.UTF_8);
        int result = calls.ioctl(descriptor, SET_FILTER, text.address());
        if (result < 0) {
          refused.put(
              name(event),
              "the kernel refuses the filter \"%s\": %s"
                  .formatted(filter, Errno.describe(-result)));
        }
      }
    }
  }

  private MemorySegment map(int descriptor, long ringBytes) throws PerfException {
    try {
      return calls.map(descriptor, ringBytes, arena);
    } catch (NativeCalls.MapRefused e) {
      throw new PerfException(
          "a ring of %d bytes: %s".formatted(ringBytes, Errno.describeMap(e.errno())));
    }
  }

  private static void check(String what, int result) throws PerfException {
    if (result < 0) {
      throw new PerfException("%s: %s".formatted(what, Errno.describe(-result)));
    }
  }

  /// Leaves out what an older kernel doesn't know or a user may not have, and says so.
  private int openOrDegrade(int event, int thread, int processor) throws PerfException {
    MemorySegment bytes = attrs.get(event);
    PerfAttr attr = new PerfAttr(bytes);
    int descriptor = calls.perfEventOpen(bytes, thread, processor);
    if (descriptor == INVALID && (attr.flags() & PerfAttr.BUILD_ID) != 0) {
      remarks.put("build-ids", "not recorded: the kernel is older than 5.12");
      attr.flags(attr.flags() & ~PerfAttr.BUILD_ID);
      descriptor = calls.perfEventOpen(bytes, thread, processor);
    }
    if (descriptor == INVALID && (attr.readFormat() & PerfAttr.READ_LOST) != 0) {
      attr.readFormat(attr.readFormat() & ~PerfAttr.READ_LOST);
      descriptor = calls.perfEventOpen(bytes, thread, processor);
      if (descriptor >= 0) {
        remarks.put(
            name(event), "its losses are known for the whole ring only: the kernel is before 6.0");
      } else {
        attr.readFormat(attr.readFormat() | PerfAttr.READ_LOST);
      }
    }
    boolean isSampled = events.get(event).setup().role() != EventSetup.Role.TRACEPOINT;
    if (descriptor == NO_ACCESS && isSampled && (attr.flags() & PerfAttr.EXCLUDE_KERNEL) == 0) {
      attr.flags(attr.flags() | PerfAttr.EXCLUDE_KERNEL | PerfAttr.EXCLUDE_CALLCHAIN_KERNEL);
      descriptor = calls.perfEventOpen(bytes, thread, processor);
      if (descriptor >= 0) {
        remarks.put(
            name(event),
            "what happens in the kernel is left out: kernel.perf_event_paranoid forbids it; to"
                + " allow it: sudo sysctl kernel.perf_event_paranoid=1");
      }
    }
    return descriptor;
  }

  /// The number of the kernel for each descriptor, and the index of its event.
  Map<Long, Integer> ids() {
    return ids;
  }

  /// In the order of [#owners].
  List<MemorySegment> rings() {
    return rings;
  }

  /// Descriptors to wait for records with, by processor.
  Map<Integer, Integer> owners() {
    return owners;
  }

  Arena arena() {
    return arena;
  }

  /// Why events can't be recorded, by name.
  Map<String, String> refused() {
    return refused;
  }

  Map<String, String> remarks() {
    return remarks;
  }

  /// What the kernel was asked for in the end.
  PerfAttr attr(int event) {
    return new PerfAttr(attrs.get(event));
  }

  /// Begins an event, unless it was refused: what was opened of it before would tell of some
  /// threads alone, or of what its filter leaves out.
  void enable(int event) {
    if (!refused.containsKey(name(event))) {
      descriptors.get(event).forEach(each -> calls.ioctl(each, ENABLE, 0));
    }
  }

  void disable(int event) {
    descriptors.get(event).forEach(each -> calls.ioctl(each, DISABLE, 0));
  }

  /// How often an event happened, and how many samples of it found no room.
  EventCount count(int event) throws IOException {
    boolean hasLost = (attr(event).readFormat() & PerfAttr.READ_LOST) != 0;
    long counted = 0;
    long lost = 0;
    try (Arena once = Arena.ofConfined()) {
      MemorySegment into = once.allocate(hasLost ? 24 : 16, Long.BYTES);
      for (int each : descriptors.get(event)) {
        long got = calls.read(each, into);
        if (got < 0) {
          check("the count of " + name(event), (int) got);
        }
        if (got == into.byteSize()) {
          counted += into.get(ValueLayout.JAVA_LONG, 0);
          lost += hasLost ? into.get(ValueLayout.JAVA_LONG, 16) : 0;
        }
      }
    }
    return new EventCount(counted, hasLost ? lost : EventCount.UNKNOWN);
  }

  @Override
  public void close() {
    for (List<Integer> each : descriptors) {
      each.forEach(calls::close);
      each.clear();
    }
    arena.close();
  }
}
