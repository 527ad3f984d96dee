package io.photophone.events.timeline;

import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.InPause;
import io.photophone.events.timeline.ThreadState.Ready;
import io.photophone.events.timeline.ThreadState.Share;
import java.util.List;

/// Which waits were those for a pause of the JVM to end.
///
/// A wait counts if it began in the pause or just before, or ended with it; one that began long
/// before and outlasted it was for something else. A safepoint most of which is a garbage
/// collection is a part of that.
final class Pauses {
  /// Threads come to a safepoint one after the other, and leave it so.
  private static final long SLACK_NANOS = 2_000_000;

  private Pauses() {}

  static List<Interval> laidOver(Activity activity, int pid, List<Interval> intervals) {
    List<Interval> result = intervals;
    for (PauseKind kind : PauseKind.values()) {
      result = laidOver(activity, pid, kind, result);
    }
    return result;
  }

  private static List<Interval> laidOver(
      Activity activity, int pid, PauseKind kind, List<Interval> intervals) {
    long[] words = activity.words();
    List<Interval> result = intervals;
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      if (RingRecord.kind(words, at) == RingRecord.PAUSE
          && RingRecord.detail(words, at) == kind.code()
          && isOf(RingRecord.tid(words, at), pid)) {
        long from = RingRecord.time(words, at);
        long until = RingRecord.end(words, at);
        InPause pause = pause(activity, kind, at);
        result =
            Interval.changed(
                result,
                from,
                until,
                each -> isForPause(activity, pid, each, from, until) ? pause : null);
      }
    }
    return result;
  }

  private static InPause pause(Activity activity, PauseKind kind, int at) {
    long[] words = activity.words();
    int collection = kind == PauseKind.SAFEPOINT ? collectionIn(words, at) : at;
    return collection < 0
        ? new InPause(kind, activity.text(RingRecord.text(words, at)))
        : new InPause(
            PauseKind.GARBAGE_COLLECTION, activity.text(RingRecord.text(words, collection)));
  }

  /// Where the collection is that takes most of a safepoint; −1 if there is none.
  private static int collectionIn(long[] words, int safepoint) {
    long from = RingRecord.time(words, safepoint);
    long until = RingRecord.end(words, safepoint);
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      if (RingRecord.kind(words, at) == RingRecord.PAUSE
          && RingRecord.detail(words, at) == PauseKind.GARBAGE_COLLECTION.code()
          && isOf(RingRecord.tid(words, at), RingRecord.tid(words, safepoint))) {
        long common =
            Math.min(until, RingRecord.end(words, at)) - Math.max(from, RingRecord.time(words, at));
        if (common * 2 > until - from) {
          return at;
        }
      }
    }
    return -1;
  }

  /// Whether a pause is of a process; where either is not known it may be.
  static boolean isOf(int jvm, int pid) {
    return jvm < 0 || pid < 0 || jvm == pid;
  }

  private static boolean isForPause(
      Activity activity, int pid, Interval interval, long from, long until) {
    return switch (interval.state()) {
      case Blocked _ ->
          interval.fromNanos() >= from - SLACK_NANOS
              || Math.abs(interval.untilNanos() - until) <= SLACK_NANOS;
      case Ready(int cpu, _, _) ->
          isHeldByJvm(
              activity,
              cpu,
              pid,
              Math.max(from, interval.fromNanos()),
              Math.min(until, interval.untilNanos()));
      case ThreadState.Running _,
          ThreadState.Stopped _,
          InPause _,
          ThreadState.Absent _,
          ThreadState.Unknown _ ->
          false;
    };
  }

  /// Whether the JVM's own threads that collect had the processor, or none had.
  private static boolean isHeldByJvm(Activity activity, int cpu, int pid, long from, long until) {
    long own = 0;
    for (Share share : ThreadTimeline.holders(activity, cpu, from, until)) {
      boolean isIdle = share.thread().tid() == RingRecord.IDLE;
      own += isIdle || (pid >= 0 && share.thread().pid() == pid) ? share.nanos() : 0;
    }
    return own * 2 > until - from;
  }
}
