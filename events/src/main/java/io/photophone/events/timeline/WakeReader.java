package io.photophone.events.timeline;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.FieldRef;
import org.jspecify.annotations.Nullable;

/// Brings wake-ups of Linux's `sched:sched_waking`, `sched:sched_wakeup` or
/// `sched:sched_wakeup_new` into a ring. On the thread that reads the source; allocates nothing.
public final class WakeReader implements AutoCloseable {
  private final ActivityRing ring;
  private final FieldRef tid;
  private final @Nullable FieldRef cpu;
  private final Event.Registration registration;

  /// @throws IllegalArgumentException if the event has no field `pid`
  public WakeReader(Event event, ActivityRing ring) {
    this.ring = ring;
    this.tid = event.format().fieldRef("pid");
    this.cpu = event.format().has("target_cpu") ? event.format().fieldRef("target_cpu") : null;
    this.registration =
        event.addCallback(event.name().endsWith("sched_wakeup_new") ? this::born : this::woken);
  }

  private void woken(EventData data) {
    ring.woken(data.timeNanos(), cpuOf(data), data.intOf(tid), data.tid());
  }

  private void born(EventData data) {
    ring.born(data.timeNanos(), cpuOf(data), data.intOf(tid), data.tid());
  }

  private int cpuOf(EventData data) {
    return cpu == null ? RingRecord.UNKNOWN : data.intOf(cpu);
  }

  @Override
  public void close() {
    registration.close();
  }
}
