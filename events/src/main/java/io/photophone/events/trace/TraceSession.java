package io.photophone.events.trace;

import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.PerfException;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.PerfSessionBuilder;
import io.photophone.events.linux.StackCapture;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/// A session for a trace: what was asked for, as near as the kernel allows it.
///
/// @param filtered whether the kernel does what it can of the filters
record TraceSession(PerfSession session, boolean filtered) {
  /// Pages of a ring: a second of switches with copies of stacks on a busy processor.
  private static final int PAGES = 2048;

  /// What the kernel gives to those without privileges.
  private static final int FEW_PAGES = 64;

  /// @param probes tracepoints beside those asked for
  static TraceSession open(TraceBuilder wanted, List<String> probes, Consumer<String> remarks)
      throws IOException {
    boolean filters = false;
    for (TracedEvent event : wanted.events) {
      filters |= !event.kernelText().isEmpty();
    }
    PerfException first;
    try {
      return new TraceSession(builder(wanted, probes, PAGES, filters).build(), filters);
    } catch (PerfException e) {
      first = e;
    }
    Optional<PerfSession> smaller = tryOpen(wanted, probes, FEW_PAGES, filters);
    if (smaller.isPresent()) {
      remarks.accept(
          "rings of %d pages instead of %d, more may be lost; %s"
              .formatted(FEW_PAGES, PAGES, first.getMessage()));
      return new TraceSession(smaller.get(), filters);
    }
    Optional<PerfSession> unfiltered =
        filters ? tryOpen(wanted, probes, PAGES, false) : Optional.empty();
    if (unfiltered.isPresent()) {
      remarks.accept("the kernel doesn't filter, so all is read: " + first.getMessage());
      return new TraceSession(unfiltered.get(), false);
    }
    PerfSession rest = builder(wanted, probes, FEW_PAGES, false).withoutWhatIsRefused().build();
    rest.remarks().forEach(remarks);
    return new TraceSession(rest, false);
  }

  private static Optional<PerfSession> tryOpen(
      TraceBuilder wanted, List<String> probes, int pages, boolean filters) throws IOException {
    try {
      return Optional.of(builder(wanted, probes, pages, filters).build());
    } catch (PerfException e) {
      // What is tried last tells why.
      return Optional.empty();
    }
  }

  private static PerfSessionBuilder builder(
      TraceBuilder wanted, List<String> probes, int pages, boolean filters) throws IOException {
    PerfSessionBuilder builder = PerfSession.builder().pageCount(pages);
    if (wanted.machine) {
      builder.wholeMachine();
    } else {
      withChildren(wanted.pids).forEach(builder::pid);
    }
    if (wanted.rateHz != 0) {
      builder.cpuSamples(wanted.rateHz, wanted.threadStacks);
    }
    if (wanted.offCpu) {
      builder.contextSwitches(wanted.threadStacks);
      if (!wanted.machine) {
        builder.switchRecords();
      }
    }
    for (TracedEvent event : wanted.events) {
      if (!wanted.offCpu || !event.name().equals(PerfEvents.SCHED_SWITCH)) {
        builder.tracepoint(event.name(), filters ? event.kernelText() : "", wanted.eventStacks);
      }
    }
    probes.forEach(name -> builder.tracepoint(name, StackCapture.NONE));
    return builder;
  }

  /// Processes and all that come from them.
  static List<Integer> withChildren(List<Integer> pids) {
    TreeSet<Integer> all = new TreeSet<>(pids);
    for (int pid : pids) {
      ProcessHandle.of(pid)
          .ifPresent(found -> found.descendants().forEach(each -> all.add((int) each.pid())));
    }
    return List.copyOf(all);
  }

  /// Whether the kernel filters an event itself; that of context switches is recorded for their
  /// sake as well, so it doesn't.
  boolean filters(TraceBuilder wanted, TracedEvent event) {
    return filtered && !(wanted.offCpu && event.name().equals(PerfEvents.SCHED_SWITCH));
  }
}
