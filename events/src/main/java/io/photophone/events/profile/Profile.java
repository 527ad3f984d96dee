package io.photophone.events.profile;

import io.photophone.events.InternedSlices;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was recorded: processes with their threads and mappings, samples with call stacks, spans
/// and states of threads. All times are nanoseconds of one clock that never goes back.
///
/// Memory is bounded by [ProfileLimits]; what no longer fits is counted in [#losses], and nothing
/// that was kept is dropped. Adding a sample whose stack is known allocates nothing, except for a
/// new chunk every few thousand samples. For one thread.
///
/// Contract: V16.
public final class Profile {
  private static final int MOST_KINDS = 1000;
  private static final int MOST_ATTRIBUTES = 100;
  private static final int MOST_FRAMES = 65_535;

  private final ProfileLimits limits;
  private final InternedSlices stacks;
  private final SampleColumns samples;
  private final List<SampleKind> kinds = new ArrayList<>();
  private final Map<Integer, TracedProcess> newest = new HashMap<>();
  private final List<TracedProcess> processes = new ArrayList<>();
  private final List<Span> spans = new ArrayList<>();
  private final List<StateSlice> states = new ArrayList<>();
  private final Map<Loss, Long> losses = new EnumMap<>(Loss.class);
  private int threads;
  private int mappings;

  public Profile(ProfileLimits limits) {
    this.limits = limits;
    stacks = new InternedSlices(limits.stackBytes());
    samples = new SampleColumns(limits.samples());
  }

  /// The id of a call stack: addresses, the innermost frame first. The marks with which the kernel
  /// separates its frames from others (-4095 to -1) may stand between them. 0 if it was dropped, as
  /// are those of more than 65535 frames.
  public int stack(long[] addresses, int from, int count) {
    if (count > MOST_FRAMES) {
      lost(Loss.STACKS, 1);
      return InternedSlices.REFUSED;
    }
    return stacks.intern(addresses, from, count);
  }

  /// The id of a call stack whose addresses, in the machine's byte order, start `offset` bytes into
  /// the segment.
  public int stack(MemorySegment addresses, long offset, int count) {
    if (count > MOST_FRAMES) {
      lost(Loss.STACKS, 1);
      return InternedSlices.REFUSED;
    }
    return stacks.intern(addresses, offset, count);
  }

  /// The number of a kind of sample, to be asked for once at set-up; -1 beyond a thousand kinds.
  public int kind(SampleKind kind) {
    int number = kinds.indexOf(kind);
    if (number < 0 && kinds.size() < MOST_KINDS) {
      number = kinds.size();
      kinds.add(kind);
    } else if (number < 0) {
      lost(Loss.KINDS, 1);
    }
    return number;
  }

  /// Adds a sample; false if it was dropped.
  ///
  /// @param kind from [#kind]; a sample of a kind that was dropped is dropped
  /// @param value not negative, in the kind's unit
  /// @param stack from [#stack], 0 for none
  public boolean sample(
      long timeNanos, int pid, int tid, int cpu, int kind, long value, int stack) {
    if (kind >= kinds.size() || kind < -1) {
      throw new IllegalArgumentException(
          "kind of a sample is not within 0.." + (kinds.size() - 1) + ": " + kind);
    }
    if (value < 0) {
      throw new IllegalArgumentException("value of a sample is negative: " + value);
    }
    if (stack < 0 || stack > stacks.size()) {
      throw new IllegalArgumentException(
          "stack of a sample is not within 0.." + stacks.size() + ": " + stack);
    }
    if (kind == -1 || !samples.add(timeNanos, pid, tid, cpu, kind, value, stack)) {
      lost(Loss.SAMPLES, 1);
      return false;
    }
    return true;
  }

  /// A process that was there before the recording, or a new name of one.
  public void processNamed(int pid, String name) {
    TracedProcess process = process(pid);
    if (process != null) {
      process.named(name);
    }
  }

  /// A thread's name, new or changed.
  public void threadNamed(int pid, int tid, String name) {
    TracedProcess process = process(pid);
    if (process == null) {
      return;
    }
    if (process.thread(tid) == null && threads++ >= limits.threads()) {
      threads--;
      lost(Loss.THREADS, 1);
      return;
    }
    process.thread(new TracedThread(tid, name));
  }

  /// A process was born; it has all that its parent has mapped.
  public void forked(long timeNanos, int pid, int parentPid) {
    TracedProcess parent = newest.get(parentPid);
    AddressSpace space =
        parent == null
            ? AddressSpace.empty(timeNanos)
            : AddressSpace.forked(parent.newestSpace(), timeNanos);
    TracedProcess child = add(pid, parentPid, timeNanos, space);
    if (child != null && parent != null) {
      child.named(parent.name());
    }
  }

  /// A process became another program: what it had mapped is gone.
  public void executed(long timeNanos, int pid, String name) {
    TracedProcess process = process(pid);
    if (process != null) {
      process.executed(timeNanos);
      process.named(name);
    }
  }

  /// A process mapped memory.
  public void mapped(int pid, Mapping mapping) {
    TracedProcess process = process(pid);
    if (process == null || mappings >= limits.mappings()) {
      lost(Loss.MAPPINGS, 1);
      return;
    }
    mappings++;
    process.space(mapping.timeNanos()).add(mapping);
  }

  /// A process has ended.
  public void exited(long timeNanos, int pid) {
    TracedProcess process = newest.get(pid);
    if (process != null && !process.ended()) {
      process.ended(timeNanos);
    }
  }

  /// Something known about a process, such as its command line.
  public void attribute(int pid, String name, String value) {
    TracedProcess process = process(pid);
    if (process == null || !process.attribute(name, value, MOST_ATTRIBUTES)) {
      lost(Loss.ATTRIBUTES, 1);
    }
  }

  /// Adds what a source tells about a process. One that has gone is counted.
  public void attributes(int pid, AttributeSource source) {
    try {
      source.attributes(pid).forEach((name, value) -> attribute(pid, name, value));
    } catch (IOException gone) {
      lost(Loss.ATTRIBUTES, 1);
    }
  }

  /// Adds a span; its number, or [Span#NO_PARENT] if it was dropped.
  public int span(Span span) {
    if (span.parent() < Span.NO_PARENT || span.parent() >= spans.size()) {
      throw new IllegalArgumentException(
          "parent of span %s is not within -1..%d: %d"
              .formatted(span.name(), spans.size() - 1, span.parent()));
    }
    if (spans.size() >= limits.spans()) {
      lost(Loss.SPANS, 1);
      return Span.NO_PARENT;
    }
    spans.add(span);
    return spans.size() - 1;
  }

  /// Adds what a thread did for a while; false if it was dropped.
  public boolean state(StateSlice state) {
    if (states.size() >= limits.states()) {
      lost(Loss.STATES, 1);
      return false;
    }
    return states.add(state);
  }

  /// Counts what is missing for a reason that lies outside: lost or throttled by the kernel.
  public void lost(Loss loss, long count) {
    if (count < 0) {
      throw new IllegalArgumentException("count of " + loss + " is negative: " + count);
    }
    losses.merge(loss, count, Long::sum);
  }

  /// All samples in order of time.
  public Iterable<Sample> samples() {
    return () -> samples.byTime(kinds);
  }

  public int sampleCount() {
    return samples.size();
  }

  /// The kinds of samples, by their numbers.
  public List<SampleKind> kinds() {
    return Collections.unmodifiableList(kinds);
  }

  /// The addresses of a call stack, the innermost first.
  public long[] addresses(int stack) {
    return stacks.toArray(stack);
  }

  /// All processes, in the order in which they were seen.
  public List<TracedProcess> processes() {
    return Collections.unmodifiableList(processes);
  }

  /// The process that had a pid at a time; null if none was ever seen.
  public @Nullable TracedProcess processAt(int pid, long timeNanos) {
    TracedProcess process = newest.get(pid);
    while (process != null && process.startNanos() > timeNanos && process.previous() != null) {
      process = process.previous();
    }
    return process;
  }

  /// The newest mapping of a process that covers the address and was there at the time.
  public @Nullable Mapping mappingAt(int pid, long address, long timeNanos) {
    TracedProcess process = processAt(pid, timeNanos);
    return process == null ? null : process.mappingAt(address, timeNanos);
  }

  /// All spans, by their numbers.
  public List<Span> spans() {
    return Collections.unmodifiableList(spans);
  }

  public List<StateSlice> states() {
    return Collections.unmodifiableList(states);
  }

  /// What is missing.
  public Losses losses() {
    return new Losses(losses).plus(Loss.STACKS, stacks.refused());
  }

  private @Nullable TracedProcess process(int pid) {
    TracedProcess process = newest.get(pid);
    return process != null
        ? process
        : add(pid, -1, Long.MIN_VALUE, AddressSpace.empty(Long.MIN_VALUE));
  }

  private @Nullable TracedProcess add(int pid, int parentPid, long startNanos, AddressSpace space) {
    if (processes.size() >= limits.processes()) {
      lost(Loss.PROCESSES, 1);
      return null;
    }
    TracedProcess process = new TracedProcess(pid, parentPid, startNanos, space, newest.get(pid));
    newest.put(pid, process);
    processes.add(process);
    return process;
  }
}
