package io.photophone.events.linux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what a session is to record, and of whom. Mistakes are all told at once, by [#build].
/// Contract: V7.
public final class PerfSessionBuilder {
  private static final int MOST_PAGES = 1 << 16;
  private static final int MOST_STACK_BYTES = 65_528 - 8192;
  private static final int HIGHEST_RATE_HZ = 1_000_000;
  private static final Duration LONGEST_WINDOW = Duration.ofSeconds(10);

  private final List<Integer> pids = new ArrayList<>();
  private boolean machine;
  private int pages = 128;
  private int stackBytes = 8192;
  private boolean buildIds;
  private boolean switchRecords;
  private boolean degrades;
  private Duration reorderWindow = Duration.ofMillis(1);
  private Duration latency = Duration.ofMillis(50);
  private SessionSettings.@Nullable Sampling cpuSamples;
  private @Nullable StackCapture contextSwitches;
  private @Nullable StackCapture pageFaults;
  private final Map<String, SessionSettings.Tracepoint> tracepoints = new LinkedHashMap<>();
  private final List<String> repeated = new ArrayList<>();

  PerfSessionBuilder() {}

  /// Records a process: all its threads, those that it starts later, and its children. Several may
  /// be given. Without one, the own process is recorded.
  public PerfSessionBuilder pid(long pid) {
    pids.add(pid > 0 && pid <= Integer.MAX_VALUE ? (int) pid : -1);
    return this;
  }

  /// Records all processes on all processors. What this process does is left out, but for its
  /// context switches, since each recorded call of the recorder would make another.
  public PerfSessionBuilder wholeMachine() {
    machine = true;
    return this;
  }

  /// Sets the size of the rings.
  ///
  /// @param count pages of each processor's ring, a power of two; 128 unless it is said
  public PerfSessionBuilder pageCount(int count) {
    pages = count;
    return this;
  }

  /// Samples what runs, as `cpu_sample`.
  ///
  /// @param rateHz samples a second and processor, of threads that run; fewer where the kernel
  ///   allows fewer, which is told by [PerfSession#remarks]
  public PerfSessionBuilder cpuSamples(int rateHz, StackCapture stacks) {
    cpuSamples = new SessionSettings.Sampling(rateHz, stacks);
    return this;
  }

  /// Records context switches: as `sched:sched_switch` where tracefs may be read, with the state of
  /// the thread that leaves; as `switch` (of the whole machine: `switch_cpu_wide`) where not, which
  /// is told by [PerfSession#remarks].
  public PerfSessionBuilder contextSwitches(StackCapture stacks) {
    contextSwitches = stacks;
    return this;
  }

  /// Records context switches as `switch` (of the whole machine: `switch_cpu_wide`), which tell
  /// when a thread of a process got a processor, too.
  public PerfSessionBuilder switchRecords() {
    switchRecords = true;
    return this;
  }

  /// Records page faults, as `page_fault`.
  public PerfSessionBuilder pageFaults(StackCapture stacks) {
    pageFaults = stacks;
    return this;
  }

  /// Records a tracepoint.
  ///
  /// @param event as `sched:sched_waking`
  public PerfSessionBuilder tracepoint(String event, StackCapture stacks) {
    return tracepoint(event, "", stacks);
  }

  /// Records a tracepoint where the kernel finds a filter true.
  ///
  /// @param filter in the kernel's words, as `next_pid == 17 && prev_comm ~ "java*"`; empty for
  ///   none
  public PerfSessionBuilder tracepoint(String event, String filter, StackCapture stacks) {
    if (tracepoints.put(event, new SessionSettings.Tracepoint(event, filter, stacks)) != null) {
      repeated.add(event);
    }
    return this;
  }

  /// Sets how much of a stack is copied.
  ///
  /// @param bytes of the stack that [StackCapture#COPY] copies at the most; 8192 unless it is said
  public PerfSessionBuilder stackBytes(int bytes) {
    stackBytes = bytes;
    return this;
  }

  /// Has mappings tell the build-id of their file where the kernel knows it, as `mmap2_build_id`.
  public PerfSessionBuilder buildIds() {
    buildIds = true;
    return this;
  }

  /// Goes on without what the kernel refuses, which [PerfSession#remarks] tells, as long as
  /// something is left.
  public PerfSessionBuilder withoutWhatIsRefused() {
    degrades = true;
    return this;
  }

  /// How long records are kept back for earlier ones of other processors; 1 ms unless it is said.
  public PerfSessionBuilder reorderWindow(Duration window) {
    reorderWindow = window;
    return this;
  }

  /// How long records may lie in a ring that isn't filling; 50 ms unless it is said.
  public PerfSessionBuilder latency(Duration most) {
    latency = most;
    return this;
  }

  /// Opens the session; nothing is recorded until it is enabled.
  ///
  /// @throws IllegalArgumentException if settings can't be so; the message tells all of them
  /// @throws PerfException if the kernel refuses what was asked for; the message tells all of it,
  ///   and what would allow it
  public PerfSession build() throws PerfException {
    List<String> wrong = wrong();
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
    if (pids.isEmpty() && !machine) {
      pids.add((int) ProcessHandle.current().pid());
    }
    return PerfSession.open(
        new SessionSettings(
            machine ? new Target.Machine() : new Target.Processes(pids),
            pages,
            stackBytes,
            buildIds,
            switchRecords,
            cpuSamples,
            contextSwitches,
            pageFaults,
            tracepoints),
        reorderWindow,
        latency,
        degrades);
  }

  private List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    if (pages < 1 || pages > MOST_PAGES || Integer.bitCount(pages) != 1) {
      wrong.add("pageCount is %d, allowed: powers of 2 from 1 to %d".formatted(pages, MOST_PAGES));
    }
    if (stackBytes < 8 || stackBytes > MOST_STACK_BYTES || stackBytes % 8 != 0) {
      wrong.add(
          "stackBytes is %d, allowed: multiples of 8 from 8 to %d"
              .formatted(stackBytes, MOST_STACK_BYTES));
    }
    if (pids.contains(-1)) {
      wrong.add("a pid is out of range, allowed: 1 to %d".formatted(Integer.MAX_VALUE));
    }
    if (machine && !pids.isEmpty()) {
      wrong.add("both pids %s and the whole machine, allowed: one of them".formatted(pids));
    }
    SessionSettings.Sampling cpu = cpuSamples;
    if (cpu != null) {
      if (cpu.rateHz() < 1 || cpu.rateHz() > HIGHEST_RATE_HZ) {
        wrong.add(
            "cpuSamples has a rate of %d Hz, allowed: 1 to %d"
                .formatted(cpu.rateHz(), HIGHEST_RATE_HZ));
      }
    }
    for (String each : tracepoints.keySet()) {
      if (!Tracefs.isName(each)) {
        wrong.add("tracepoint is \"%s\", allowed: like sched:sched_switch".formatted(each));
      }
    }
    if (!repeated.isEmpty()) {
      wrong.add("tracepoints %s are given more than once, allowed: once".formatted(repeated));
    }
    check("reorderWindow", reorderWindow, wrong);
    check("latency", latency, wrong);
    return wrong;
  }

  private static void check(String name, Duration value, List<String> wrong) {
    if (value.isNegative() || value.compareTo(LONGEST_WINDOW) > 0) {
      wrong.add("%s is %s, allowed: 0 to %s".formatted(name, value, LONGEST_WINDOW));
    }
  }
}
