package io.photophone.events.timeline;

import io.photophone.events.Event;
import io.photophone.events.EventCallback;
import io.photophone.events.EventData;
import io.photophone.events.FieldRef;
import java.util.ArrayList;
import java.util.List;

/// Brings what else a kernel tells into a ring: switches that have no states, page faults, losses,
/// signals that stop a process. On the thread that reads the source; allocates nothing.
public final class KernelReader implements AutoCloseable {
  /// In `misc` of a record of a switch: the thread leaves, and could have gone on.
  private static final int MISC_OUT = 1 << 13;

  private static final int MISC_PREEMPTED = 1 << 14;
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final int SIGTSTP = 20;

  private final ActivityRing ring;
  private final List<Event.Registration> registrations = new ArrayList<>();

  public KernelReader(ActivityRing ring) {
    this.ring = ring;
  }

  /// Switches of the whole machine as records of `perf`: fields `misc` and `next_prev_tid`. Of each
  /// pair of records the one of the thread that leaves is taken; it tells preempted from blocked
  /// and no more.
  public KernelReader switchesCpuWide(Event event) {
    FieldRef misc = event.format().fieldRef("misc");
    FieldRef other = event.format().fieldRef("next_prev_tid");
    return add(
        event,
        data -> {
          int bits = data.intOf(misc);
          if ((bits & MISC_OUT) != 0) {
            left(data, bits, data.intOf(other));
          }
        });
  }

  /// Switches of a process's threads as records of `perf`: field `misc`. Who had the processor
  /// before and after isn't told.
  public KernelReader switches(Event event) {
    FieldRef misc = event.format().fieldRef("misc");
    return add(
        event,
        data -> {
          int bits = data.intOf(misc);
          if ((bits & MISC_OUT) != 0) {
            left(data, bits, RingRecord.UNKNOWN);
          } else {
            ring.switched(
                data.timeNanos(),
                data.cpu(),
                RingRecord.UNKNOWN,
                SwitchState.BLOCKED,
                data.tid(),
                "");
          }
        });
  }

  private void left(EventData data, int bits, int came) {
    ring.switched(
        data.timeNanos(),
        data.cpu(),
        data.tid(),
        (bits & MISC_PREEMPTED) != 0 ? SwitchState.PREEMPTED : SwitchState.BLOCKED,
        came,
        "");
  }

  /// Page faults.
  ///
  /// @param major whether the event is of those for which the disk was read
  public KernelReader pageFaults(Event event, boolean major) {
    String field = event.format().has("addr") ? "addr" : "address";
    FieldRef address = event.format().has(field) ? event.format().fieldRef(field) : null;
    return add(
        event,
        data ->
            ring.pageFault(
                data.timeNanos(),
                data.cpu(),
                data.tid(),
                major,
                address == null ? 0 : data.longOf(address)));
  }

  /// Losses: field `lost`. Since when they are isn't told, so it is the last time that was known.
  public KernelReader losses(Event event) {
    FieldRef lost = event.format().fieldRef("lost");
    return add(
        event,
        data -> {
          long until = data.timeNanos();
          long from = Math.min(until, ring.caughtUpNanos());
          ring.lost(from, until, RingRecord.UNKNOWN, data.longOf(lost));
          ring.caughtUp(until);
        });
  }

  /// Signals that are sent, `signal:signal_generate`: fields `sig` and `pid`.
  public KernelReader signals(Event event) {
    FieldRef signal = event.format().fieldRef("sig");
    FieldRef pid = event.format().fieldRef("pid");
    return add(
        event,
        data -> {
          switch (data.intOf(signal)) {
            case SIGSTOP, SIGTSTP -> ring.stopped(data.timeNanos(), data.intOf(pid));
            case SIGCONT -> ring.continued(data.timeNanos(), data.intOf(pid));
            default -> {
              // Stops and continues nothing.
            }
          }
        });
  }

  private KernelReader add(Event event, EventCallback callback) {
    registrations.add(event.addCallback(callback));
    return this;
  }

  @Override
  public void close() {
    registrations.forEach(Event.Registration::close);
    registrations.clear();
  }
}
