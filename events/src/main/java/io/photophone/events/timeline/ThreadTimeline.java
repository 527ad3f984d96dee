package io.photophone.events.timeline;

import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.InPause;
import io.photophone.events.timeline.ThreadState.Ready;
import io.photophone.events.timeline.ThreadState.Running;
import io.photophone.events.timeline.ThreadState.Share;
import io.photophone.events.timeline.ThreadState.Stopped;
import io.photophone.events.timeline.ThreadState.Unknown;
import io.photophone.events.timeline.ThreadState.Why;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What one thread was at from a time until another. Immutable.
///
/// @param intervals in order; each begins where the one before ended, and together they are the
///   whole time
public record ThreadTimeline(
    ThreadName thread, long fromNanos, long untilNanos, List<Interval> intervals) {
  public ThreadTimeline {
    intervals = List.copyOf(intervals);
  }

  /// Follows a thread through an activity.
  ///
  /// @throws IllegalArgumentException if the thread is that of an idle processor, or the time empty
  public static ThreadTimeline of(Activity activity, int tid, long fromNanos, long untilNanos) {
    if (tid <= RingRecord.IDLE) {
      throw new IllegalArgumentException("tid is %d, allowed: 1 or more".formatted(tid));
    }
    if (fromNanos >= untilNanos) {
      throw new IllegalArgumentException(
          "until is %d, allowed: more than from, %d".formatted(untilNanos, fromNanos));
    }
    ThreadName thread = activity.name(tid);
    List<Interval> intervals = clipped(new ThreadWalk(activity, tid).intervals(), activity);
    intervals = Waits.stopped(activity, thread.pid(), intervals);
    // Whole ones still: what a wait was for depends on its own start and end.
    intervals.removeIf(each -> each.untilNanos() <= fromNanos || each.fromNanos() >= untilNanos);
    intervals = Waits.known(activity, tid, intervals);
    intervals = Pauses.laidOver(activity, thread.pid(), intervals);
    intervals = within(intervals, fromNanos, untilNanos);
    intervals.replaceAll(each -> withHolders(each, activity));
    return new ThreadTimeline(thread, fromNanos, untilNanos, Interval.merged(intervals));
  }

  /// Outside of the activity nothing is known.
  private static List<Interval> clipped(List<Interval> intervals, Activity activity) {
    ThreadState unknown = new Unknown(Why.OUT_OF_REACH);
    List<Interval> clipped =
        Interval.changed(intervals, Long.MIN_VALUE, activity.fromNanos(), _ -> unknown);
    return Interval.changed(clipped, activity.untilNanos(), Long.MAX_VALUE, _ -> unknown);
  }

  private static List<Interval> within(List<Interval> intervals, long from, long until) {
    List<Interval> within = new ArrayList<>();
    for (Interval each : intervals) {
      long start = Math.max(each.fromNanos(), from);
      long end = Math.min(each.untilNanos(), until);
      if (start < end) {
        within.add(new Interval(start, end, each.state()));
      }
    }
    return within;
  }

  private static Interval withHolders(Interval interval, Activity activity) {
    if (!(interval.state() instanceof Ready(int cpu, boolean preempted, _))) {
      return interval;
    }
    List<Share> holders = holders(activity, cpu, interval.fromNanos(), interval.untilNanos());
    return new Interval(
        interval.fromNanos(), interval.untilNanos(), new Ready(cpu, preempted, holders));
  }

  /// Who had a processor, the longest first.
  static List<Share> holders(Activity activity, int cpu, long from, long until) {
    Map<Integer, Long> nanos = new HashMap<>();
    activity
        .processors()
        .holders(cpu, from, until, (tid, held) -> nanos.merge(tid, held, Long::sum));
    List<Share> shares = new ArrayList<>();
    nanos.forEach((tid, held) -> shares.add(new Share(activity.name(tid), held)));
    shares.sort(
        Comparator.comparingLong(Share::nanos).reversed().thenComparingInt(s -> s.thread().tid()));
    return shares;
  }

  /// Time in states of a kind.
  public long nanosWhere(Predicate<ThreadState> kind) {
    long nanos = 0;
    for (Interval each : intervals) {
      nanos += kind.test(each.state()) ? each.nanos() : 0;
    }
    return nanos;
  }

  public long runningNanos() {
    return nanosWhere(Running.class::isInstance);
  }

  public long readyNanos() {
    return nanosWhere(Ready.class::isInstance);
  }

  public long blockedNanos(WaitKind kind) {
    return nanosWhere(state -> state instanceof Blocked blocked && blocked.kind() == kind);
  }

  public long stoppedNanos() {
    return nanosWhere(Stopped.class::isInstance);
  }

  public long pausedNanos(PauseKind kind) {
    return nanosWhere(state -> state instanceof InPause pause && pause.kind() == kind);
  }

  public long unknownNanos() {
    return nanosWhere(Unknown.class::isInstance);
  }

  /// What the thread was at.
  ///
  /// @return null outside of the time line
  public @Nullable ThreadState at(long timeNanos) {
    for (Interval each : intervals) {
      if (timeNanos >= each.fromNanos() && timeNanos < each.untilNanos()) {
        return each.state();
      }
    }
    return null;
  }
}
