package io.photophone.events.timeline;

import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.Ready;
import io.photophone.events.timeline.ThreadState.Running;
import io.photophone.events.timeline.ThreadState.Stopped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What programs, page faults and signals tell of a wait, which the switch before it doesn't.
final class Waits {
  /// Between a fault and its switch, before or after: the kernel tells the fault at either end.
  private static final long FAULT_NANOS = 1_000_000;

  private Waits() {}

  /// What blocked intervals were for.
  static List<Interval> known(Activity activity, int tid, List<Interval> intervals) {
    List<Integer> told = told(activity, tid);
    List<Interval> known = new ArrayList<>(intervals.size());
    for (Interval each : intervals) {
      ThreadState better =
          each.state() instanceof Blocked blocked ? better(activity, told, each, blocked) : null;
      known.add(better == null ? each : new Interval(each.fromNanos(), each.untilNanos(), better));
    }
    return known;
  }

  /// Waits and faults from the disk of one thread.
  private static List<Integer> told(Activity activity, int tid) {
    long[] words = activity.words();
    List<Integer> told = new ArrayList<>();
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      int kind = RingRecord.kind(words, at);
      boolean isFromDisk = kind == RingRecord.FAULT && RingRecord.detail(words, at) == 1;
      if ((kind == RingRecord.WAIT || isFromDisk) && RingRecord.tid(words, at) == tid) {
        told.add(at);
      }
    }
    return told;
  }

  private static @Nullable ThreadState better(
      Activity activity, List<Integer> told, Interval interval, Blocked blocked) {
    long[] words = activity.words();
    long most = interval.nanos() / 2;
    ThreadState better = null;
    for (int at : told) {
      long time = RingRecord.time(words, at);
      if (RingRecord.kind(words, at) == RingRecord.FAULT) {
        boolean isNear =
            time >= interval.fromNanos() - FAULT_NANOS
                && time <= interval.untilNanos() + FAULT_NANOS;
        if (isNear && blocked.kind() == WaitKind.DISK && better == null) {
          better = new Blocked(WaitKind.PAGE_FAULT, blocked.reason(), blocked.wakeKnown());
        }
        continue;
      }
      long overlap =
          Math.min(RingRecord.end(words, at), interval.untilNanos())
              - Math.max(time, interval.fromNanos());
      if (overlap > most) {
        most = overlap;
        better =
            new Blocked(
                WaitKind.ofCode(RingRecord.detail(words, at)),
                activity.text(RingRecord.text(words, at)),
                blocked.wakeKnown());
      }
    }
    return better;
  }

  /// A stopped process has no thread that waits for anything else.
  static List<Interval> stopped(Activity activity, int pid, List<Interval> intervals) {
    if (pid < 0) {
      return intervals;
    }
    long[] words = activity.words();
    List<Interval> result = intervals;
    long stopped = Long.MIN_VALUE;
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      int kind = RingRecord.kind(words, at);
      if (RingRecord.tid(words, at) != pid) {
        continue;
      }
      if (kind == RingRecord.STOPPED && stopped == Long.MIN_VALUE) {
        stopped = RingRecord.time(words, at);
      } else if (kind == RingRecord.CONTINUED && stopped != Long.MIN_VALUE) {
        result = stopped(result, stopped, RingRecord.time(words, at));
        stopped = Long.MIN_VALUE;
      }
    }
    return stopped == Long.MIN_VALUE
        ? result
        : stopped(result, stopped, runsAgain(result, stopped));
  }

  private static List<Interval> stopped(List<Interval> intervals, long from, long until) {
    return Interval.changed(
        intervals,
        from,
        until,
        each ->
            each.state() instanceof Blocked || each.state() instanceof Ready
                ? new Stopped(false)
                : null);
  }

  /// The end of a stop that no signal ended.
  private static long runsAgain(List<Interval> intervals, long stopped) {
    for (Interval each : intervals) {
      if (each.fromNanos() > stopped && each.state() instanceof Running) {
        return each.fromNanos();
      }
    }
    return Long.MAX_VALUE;
  }
}
