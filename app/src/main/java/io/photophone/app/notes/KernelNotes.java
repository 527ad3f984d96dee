package io.photophone.app.notes;

import io.photophone.events.Event;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.PerfException;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.PerfSessionBuilder;
import io.photophone.events.linux.StackCapture;
import io.photophone.events.timeline.ActivityRing;
import io.photophone.events.timeline.KernelReader;
import io.photophone.events.timeline.SwitchReader;
import io.photophone.events.timeline.WakeReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the kernel tells: context switches and wake-ups of the whole machine where that is allowed,
/// so that it is known who had the processor; else those of this process alone. And this process's
/// page faults. Used by one thread.
final class KernelNotes implements AutoCloseable {
  private static final String WAKING = "sched:sched_waking";
  private static final String WAKEUP_NEW = "sched:sched_wakeup_new";
  private static final String SIGNALS = "signal:signal_generate";

  /// Of each processor's ring: 1 MiB.
  private static final int PAGES = 256;

  private final ActivityRing ring;
  private final List<PerfSession> sessions = new ArrayList<>();
  private final List<AutoCloseable> readers = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private boolean knowsStops;
  private long records;

  private KernelNotes(ActivityRing ring) {
    this.ring = ring;
  }

  /// Begins to note; what can't be is among the remarks.
  static KernelNotes open(ActivityRing ring, boolean wholeMachine) {
    KernelNotes notes = new KernelNotes(ring);
    if (wholeMachine && !notes.openMachine()) {
      notes.openProcess();
    } else if (!wholeMachine) {
      notes.openProcess();
    }
    notes.openPageFaults();
    notes.sessions.forEach(PerfSession::enable);
    return notes;
  }

  private boolean openMachine() {
    PerfSessionBuilder builder =
        PerfSession.builder()
            .wholeMachine()
            .pageCount(PAGES)
            .contextSwitches(StackCapture.NONE)
            .tracepoint(WAKING, StackCapture.NONE)
            .tracepoint(WAKEUP_NEW, StackCapture.NONE)
            .tracepoint(SIGNALS, "sig >= 18 && sig <= 20", StackCapture.NONE);
    PerfSession session = opened(builder);
    if (session == null) {
      return false;
    }
    readers.add(new SwitchReader(session.events().event(PerfEvents.SCHED_SWITCH), ring));
    for (String each : List.of(WAKING, WAKEUP_NEW)) {
      readers.add(new WakeReader(session.events().event(each), ring));
    }
    readers.add(new KernelReader(ring).signals(session.events().event(SIGNALS)));
    addLosses(session);
    knowsStops = true;
    return true;
  }

  private void openProcess() {
    PerfSession session = opened(PerfSession.builder().pageCount(PAGES).switchRecords());
    if (session != null) {
      readers.add(new KernelReader(ring).switches(session.events().event("switch")));
      addLosses(session);
    }
  }

  private void openPageFaults() {
    PerfSession session =
        opened(PerfSession.builder().pageCount(PAGES / 4).pageFaults(StackCapture.NONE));
    if (session != null) {
      Event faults = session.events().event(PerfEvents.PAGE_FAULT);
      readers.add(new KernelReader(ring).pageFaults(faults, false));
      addLosses(session);
    }
  }

  private void addLosses(PerfSession session) {
    KernelReader losses = new KernelReader(ring);
    for (String each : List.of("lost", "lost_samples")) {
      session.events().find(each).ifPresent(losses::losses);
    }
    readers.add(losses);
  }

  private @Nullable PerfSession opened(PerfSessionBuilder builder) {
    try {
      PerfSession session = builder.build();
      sessions.add(session);
      remarks.addAll(session.remarks());
      return session;
    } catch (PerfException e) {
      remarks.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /// What isn't noted, why, and what would allow it.
  List<String> remarks() {
    return List.copyOf(remarks);
  }

  /// Whether it tells of signals that stop a process.
  boolean knowsStops() {
    return knowsStops;
  }

  boolean isEmpty() {
    return sessions.isEmpty();
  }

  /// Notes what the kernel has told, for some time, or until the thread is interrupted.
  void read(Duration time) {
    if (sessions.isEmpty()) {
      return;
    }
    records += sessions.getFirst().read(time);
    for (int i = 1; i < sessions.size(); i++) {
      records += sessions.get(i).read(Duration.ZERO);
    }
  }

  /// Records read since it was opened.
  long records() {
    return records;
  }

  @Override
  public void close() {
    sessions.forEach(PerfSession::close);
  }
}
