package io.photophone.events.trace;

import io.photophone.events.linux.StackCapture;
import io.photophone.events.profile.ProfileLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says what a trace is to record, and of whom.
public final class TraceBuilder {
  final List<Integer> pids = new ArrayList<>();
  final List<TracedEvent> events = new ArrayList<>();
  boolean machine;
  int rateHz;
  boolean offCpu;
  StackCapture threadStacks = StackCapture.COPY;
  StackCapture eventStacks = StackCapture.CALL_CHAIN;
  boolean asksJvms = true;
  Optional<Duration> keep = Optional.empty();
  ProfileLimits limits = ProfileLimits.DEFAULT;

  TraceBuilder() {}

  /// Traces a process, with its children; several may be given.
  public TraceBuilder pid(int pid) {
    pids.add(pid);
    return this;
  }

  /// Traces all processes but this one.
  public TraceBuilder wholeMachine() {
    machine = true;
    return this;
  }

  /// Samples what runs.
  public TraceBuilder cpu(int samplesPerSecond) {
    rateHz = samplesPerSecond;
    return this;
  }

  /// Records how long threads are off a processor, and where they left it.
  public TraceBuilder offCpu() {
    offCpu = true;
    return this;
  }

  /// Records a tracepoint.
  ///
  /// @param name as `syscalls:sys_enter_openat`
  /// @param filter over its fields, as `prev_state == 0 && prev_comm ~ 'java*'`; empty for none
  public TraceBuilder event(String name, String filter) {
    events.add(new TracedEvent(name, filter));
    return this;
  }

  /// Sets how much of stacks is taken along: of samples and switches all with a copy of the stack,
  /// of tracepoints the call chain by frame pointers, unless it is said.
  public TraceBuilder stacks(StackCapture stacks) {
    threadStacks = stacks;
    eventStacks = stacks;
    return this;
  }

  /// Keeps the samples of the last seconds alone, in memory that is bounded.
  public TraceBuilder keep(Duration last) {
    keep = Optional.of(last);
    return this;
  }

  /// Doesn't ask JVMs for the names of what they compiled before the trace: the asking makes them
  /// load a listener and write a file. That code stays without names, unless there is a perf map.
  public TraceBuilder withoutAskingJvms() {
    asksJvms = false;
    return this;
  }

  /// Sets how much is kept.
  public TraceBuilder limits(ProfileLimits most) {
    limits = most;
    return this;
  }

  /// Opens the trace; nothing is recorded until it is started.
  ///
  /// @throws IllegalArgumentException if settings can't be so, a filter's text too
  /// @throws IOException if the kernel refuses all of it; the message tells what would allow it
  public Trace build() throws IOException {
    if (pids.isEmpty() != machine) {
      throw new IllegalArgumentException(
          "whom to trace? allowed: pids or the whole machine, one of them");
    }
    if (rateHz == 0 && !offCpu && events.isEmpty()) {
      throw new IllegalArgumentException(
          "what to trace? allowed: time on processors, time off them, events");
    }
    return Trace.open(this);
  }
}
