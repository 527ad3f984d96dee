package io.photophone.events.timeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A time and what a thread was at.
///
/// @param untilNanos not part of it, after the start
public record Interval(long fromNanos, long untilNanos, ThreadState state) {
  public Interval {
    if (fromNanos >= untilNanos) {
      throw new IllegalArgumentException(
          "until is %d, allowed: more than from, %d".formatted(untilNanos, fromNanos));
    }
  }

  public long nanos() {
    return untilNanos - fromNanos;
  }

  /// What the part of an interval that lies in a window becomes.
  interface Change {
    /// The new state.
    ///
    /// @return null if it stays
    @Nullable ThreadState of(Interval interval);
  }

  /// Changes what lies in a window, and splits the intervals at its ends for that.
  static List<Interval> changed(List<Interval> intervals, long from, long until, Change change) {
    List<Interval> result = new ArrayList<>(intervals.size() + 2);
    for (Interval each : intervals) {
      long start = Math.max(each.fromNanos, from);
      long end = Math.min(each.untilNanos, until);
      ThreadState state = start < end ? change.of(each) : null;
      if (state == null) {
        result.add(each);
      } else {
        add(result, each.fromNanos, start, each.state);
        add(result, start, end, state);
        add(result, end, each.untilNanos, each.state);
      }
    }
    return result;
  }

  private static void add(List<Interval> to, long from, long until, ThreadState state) {
    if (from < until) {
      to.add(new Interval(from, until, state));
    }
  }

  /// Neighbours in one state become one.
  static List<Interval> merged(List<Interval> intervals) {
    List<Interval> result = new ArrayList<>(intervals.size());
    for (Interval each : intervals) {
      Interval last = result.isEmpty() ? null : result.getLast();
      if (last != null && last.state.equals(each.state)) {
        result.set(result.size() - 1, new Interval(last.fromNanos, each.untilNanos, each.state));
      } else {
        result.add(each);
      }
    }
    return List.copyOf(result);
  }
}
