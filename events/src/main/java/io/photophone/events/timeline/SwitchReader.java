package io.photophone.events.timeline;

import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.FieldRef;
import io.photophone.events.Span;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Brings context switches of Linux's `sched:sched_switch` into a ring, with the names of threads.
/// On the thread that reads the source; allocates nothing.
public final class SwitchReader implements AutoCloseable {
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private final ActivityRing ring;
  private final FieldRef previousName;
  private final FieldRef previousTid;
  private final FieldRef previousState;
  private final FieldRef nextName;
  private final FieldRef nextTid;
  private final Event.Registration registration;

  /// @param event `sched:sched_switch`
  /// @throws IllegalArgumentException if it has other fields
  public SwitchReader(Event event, ActivityRing ring) {
    this.ring = ring;
    this.previousName = event.format().fieldRef("prev_comm");
    this.previousTid = event.format().fieldRef("prev_pid");
    this.previousState = event.format().fieldRef("prev_state");
    this.nextName = event.format().fieldRef("next_comm");
    this.nextTid = event.format().fieldRef("next_pid");
    this.registration = event.addCallback(this::switched);
  }

  private void switched(EventData data) {
    int left = data.intOf(previousTid);
    int came = data.intOf(nextTid);
    SwitchState state = SwitchState.ofLinux(data.longOf(previousState));
    ring.switched(data.timeNanos(), data.cpu(), left, state, came, "");
    // The event is of the thread that leaves, and so is its process, while it has one.
    int pid = data.tid() == left && state != SwitchState.DEAD ? data.pid() : RingRecord.UNKNOWN;
    name(data, left, pid, previousName);
    name(data, came, RingRecord.UNKNOWN, nextName);
  }

  private void name(EventData data, int tid, int pid, FieldRef ref) {
    long span = data.spanOf(ref);
    if (Span.length(span) != 2 * Long.BYTES) {
      return;
    }
    long at = data.offset() + Span.start(span);
    long first = data.segment().get(WORD, at);
    long firstKept = untilZero(first);
    // Behind a name's end older kernels have what was there before.
    long second = hasZero(first) == 0 ? untilZero(data.segment().get(WORD, at + Long.BYTES)) : 0;
    ring.namedByKernel(tid, pid, firstKept, second);
  }

  private static long untilZero(long text) {
    long zero = hasZero(text);
    return zero == 0 ? text : text & ((Long.lowestOneBit(zero) >>> 7) - 1);
  }

  /// The highest bit of each byte that is zero, exact for the first of them.
  private static long hasZero(long text) {
    return (text - ONES) & ~text & HIGH_BITS;
  }

  @Override
  public void close() {
    registration.close();
  }
}
