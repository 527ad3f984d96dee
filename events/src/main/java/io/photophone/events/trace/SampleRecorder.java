package io.photophone.events.trace;

import io.photophone.events.Event;
import io.photophone.events.EventCallback;
import io.photophone.events.EventData;
import io.photophone.events.EventFilter;
import io.photophone.events.FieldRef;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.profile.ThreadState;
import java.util.Optional;

/// Turns what a session tells into samples: time on processors, time off them, and events. Used by
/// the thread that reads the session.
final class SampleRecorder {
  /// In `misc` of the kernel's record of a switch: the thread leaves the processor.
  private static final int LEAVES = 1 << 13;

  /// And does so although it could go on.
  private static final int PREEMPTED = 1 << 14;

  private static final int SLEEPS = 1;
  private static final int BLOCKED = 2;
  private static final int STOPPED = 4 | 8;

  /// Exiting, dead.
  private static final int ENDED = 0x10 | 0x20;

  private final PerfEvents events;
  private final SampleSink sink;
  private final StackReader stacks;
  private final OffCpu offCpu;
  private final NameCheck check;
  private long samples;
  private long switches;

  SampleRecorder(
      PerfEvents events, SampleSink sink, StackReader stacks, OffCpu offCpu, NameCheck check) {
    this.events = events;
    this.sink = sink;
    this.stacks = stacks;
    this.offCpu = offCpu;
    this.check = check;
  }

  /// Takes the CPU samples.
  ///
  /// @param otherwiseNanos what a sample stands for that doesn't tell
  void followCpu(int kind, long otherwiseNanos) {
    Event event = events.event(PerfEvents.CPU_SAMPLE);
    FieldRef period = event.format().has("period") ? event.format().fieldRef("period") : null;
    event.addCallback(data ->
        sample(data, kind, period == null ? otherwiseNanos : Math.max(data.longOf(period), 0)));
  }

  /// Takes a tracepoint, where the filter lets it pass.
  void followEvent(String name, int kind, Optional<EventFilter> filter) {
    Event event = events.event(name);
    EventCallback callback = data -> sample(data, kind, 1);
    if (filter.isPresent()) {
      event.addCallback(filter.get(), callback);
    } else {
      event.addCallback(callback);
    }
  }

  private void sample(EventData data, int kind, long value) {
    if (data.pid() < 0) {
      return;
    }
    samples++;
    int count = stacks.read(data);
    check.offer(data.timeNanos(), data.pid(), stacks.addresses(), count);
    sink.sample(
        data.timeNanos(),
        data.pid(),
        data.tid(),
        data.cpu(),
        kind,
        value,
        stacks.addresses(),
        count);
  }

  /// Takes context switches.
  ///
  /// @param machine whether the switches of all threads are told, so that one tells of both
  /// @param own the recorder's process, left out; -1 for none
  void followSwitches(boolean machine, int own) {
    Optional<Event> tracepoint = events.find(PerfEvents.SCHED_SWITCH);
    tracepoint.ifPresent(event -> followTracepoint(event, machine, own));
    if (tracepoint.isEmpty() || !machine) {
      followRecord(events.event("switch"), tracepoint.isEmpty(), own);
      followRecord(events.event("switch_cpu_wide"), tracepoint.isEmpty(), own);
    }
  }

  private void followTracepoint(Event event, boolean machine, int own) {
    FieldRef state = event.format().fieldRef("prev_state");
    FieldRef left = event.format().fieldRef("prev_pid");
    FieldRef next = event.format().fieldRef("next_pid");
    event.addCallback(data -> {
      switches++;
      if (data.pid() != own && data.intOf(left) > 0) {
        left(data, data.intOf(left), data.intOf(state));
      }
      if (machine) {
        offCpu.came(data.timeNanos(), EventData.UNKNOWN, data.intOf(next), data.cpu());
      }
    });
  }

  private void left(EventData data, int tid, int state) {
    if ((state & ENDED) != 0 || data.pid() < 0) {
      offCpu.ended(data.timeNanos(), tid);
      return;
    }
    int count = stacks.read(data);
    check.offer(data.timeNanos(), data.pid(), stacks.addresses(), count);
    offCpu.left(
        data.timeNanos(), data.pid(), tid, data.cpu(), state(state), stacks.addresses(), count);
  }

  static ThreadState state(int bits) {
    if ((bits & BLOCKED) != 0) {
      return ThreadState.BLOCKED;
    }
    return (bits & (SLEEPS | STOPPED)) != 0 ? ThreadState.SLEEPING : ThreadState.RUNNABLE;
  }

  private void followRecord(Event event, boolean alone, int own) {
    FieldRef misc = event.format().fieldRef("misc");
    event.addCallback(data -> {
      int bits = data.intOf(misc);
      if (data.pid() < 0 || data.pid() == own) {
        return;
      }
      if ((bits & LEAVES) == 0) {
        offCpu.came(data.timeNanos(), data.pid(), data.tid(), data.cpu());
      } else if (alone) {
        switches++;
        ThreadState state = (bits & PREEMPTED) != 0 ? ThreadState.RUNNABLE : ThreadState.SLEEPING;
        offCpu.left(
            data.timeNanos(), data.pid(), data.tid(), data.cpu(), state, stacks.addresses(), 0);
      }
    });
  }

  long samples() {
    return samples;
  }

  long switches() {
    return switches;
  }
}
