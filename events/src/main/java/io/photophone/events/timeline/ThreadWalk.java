package io.photophone.events.timeline;

import io.photophone.events.timeline.ThreadState.Absent;
import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.Running;
import io.photophone.events.timeline.ThreadState.Stopped;
import io.photophone.events.timeline.ThreadState.Unknown;
import io.photophone.events.timeline.ThreadState.Why;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Goes through the records of an activity and follows one thread by its switches and wake-ups.
///
/// Nothing is made up: where a record doesn't follow from the ones before, what lies between is
/// unknown. One inference is made: who leaves a processor had it since the last switch there.
final class ThreadWalk {
  /// A wake-up is recorded by another processor than the switch before it, and may be told earlier.
  private static final long EARLY_WAKE_NANOS = 100_000;

  private static final ThreadState LOST = new Unknown(Why.LOST);
  private static final ThreadState CONTRADICTION = new Unknown(Why.CONTRADICTION);
  private static final ThreadState OUT_OF_REACH = new Unknown(Why.OUT_OF_REACH);

  private final Activity activity;
  private final int tid;
  private final List<Interval> intervals = new ArrayList<>();

  /// Processors with a switch since nothing has been known of the thread: it wasn't there then.
  private final Set<Integer> elsewhere = new HashSet<>();

  private ThreadState state = OUT_OF_REACH;
  private long since;
  private long wokenEarly = Long.MIN_VALUE;

  /// Of a loss that isn't over; less than any time if there is none.
  private long lossEnd = Long.MIN_VALUE;

  /// Whose events are lost; -1 if any processor's.
  private int lossCpu;

  ThreadWalk(Activity activity, int tid) {
    this.activity = activity;
    this.tid = tid;
    this.since = Long.MIN_VALUE;
  }

  /// Intervals without gaps from the first to the last time there is.
  List<Interval> intervals() {
    long[] words = activity.words();
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      long time = RingRecord.time(words, at);
      if (time > lossEnd) {
        endLoss();
      }
      switch (RingRecord.kind(words, at)) {
        case RingRecord.SWITCH -> switched(words, at, time);
        case RingRecord.WAKE -> woken(words, at, time);
        case RingRecord.LOSS -> lost(words, at, time);
        default -> {
          // Says nothing of where threads run.
        }
      }
    }
    endLoss();
    become(Long.MAX_VALUE, OUT_OF_REACH);
    return intervals;
  }

  private void switched(long[] words, int at, long time) {
    int cpu = RingRecord.cpu(words, at);
    boolean leaves = RingRecord.tid(words, at) == tid;
    boolean comes = RingRecord.otherTid(words, at) == tid;
    if (!leaves && state instanceof Running(int on) && on == cpu && cpu >= 0) {
      contradicted(time);
    }
    if (leaves) {
      leave(words, at, time, cpu);
    }
    if (comes) {
      come(time, cpu);
    }
    elsewhere.add(cpu);
    forgetInLoss(time);
  }

  private void leave(long[] words, int at, long time, int cpu) {
    switch (state) {
      case Running(int on) -> {
        if (on != cpu) {
          contradicted(time);
        }
      }
      case Unknown(Why why) -> {
        // Nobody else ran there since, or a switch would tell.
        if (why != Why.CONTRADICTION && cpu >= 0 && time > lossEnd && elsewhere.add(cpu)) {
          become(Math.clamp(activity.fromNanos(), since, time), new Running(cpu));
        }
      }
      case ThreadState.Ready _, Blocked _, Stopped _, Absent _, ThreadState.InPause _ -> {
        contradicted(time);
      }
    }
    SwitchState left = SwitchState.ofCode(RingRecord.detail(words, at));
    String reason = activity.text(RingRecord.text(words, at));
    become(
        time,
        switch (left) {
          case PREEMPTED, YIELDED -> new ThreadState.Ready(cpu, true, List.of());
          case SLEEPING, BLOCKED -> new Blocked(WaitKind.SLEEP, reason, false);
          case DISK -> new Blocked(WaitKind.DISK, reason, false);
          case STOPPED -> new Stopped(false);
          case TRACED -> new Stopped(true);
          case DEAD -> new Absent();
        });
  }

  private void come(long time, int cpu) {
    if (state instanceof Running(int on) && on != cpu) {
      contradicted(time);
    }
    if (state instanceof Blocked && wokenEarly >= since - EARLY_WAKE_NANOS && wokenEarly <= since) {
      state = new ThreadState.Ready(cpu, false, List.of());
    }
    if (state instanceof ThreadState.Ready(int waited, boolean preempted, _) && waited < 0) {
      state = new ThreadState.Ready(cpu, preempted, List.of());
    }
    become(time, new Running(cpu));
    wokenEarly = Long.MIN_VALUE;
  }

  private void woken(long[] words, int at, long time) {
    if (RingRecord.tid(words, at) != tid) {
      return;
    }
    ThreadState woken = new ThreadState.Ready(RingRecord.cpu(words, at), false, List.of());
    boolean born = RingRecord.detail(words, at) == 1;
    switch (state) {
      case Running _ -> wokenEarly = time;
      // The second of the two wake-ups that Linux tells knows the processor.
      case ThreadState.Ready(int cpu, boolean preempted, _) -> {
        if (!preempted && RingRecord.cpu(words, at) >= 0 && cpu != RingRecord.cpu(words, at)) {
          state = woken;
        }
      }
      case Blocked(WaitKind kind, String reason, _) -> {
        state = new Blocked(kind, reason, true);
        become(time, woken);
      }
      case Unknown(Why why) -> {
        if (born && why == Why.OUT_OF_REACH) {
          state = new Absent();
        }
        become(time, woken);
      }
      case Stopped _, Absent _, ThreadState.InPause _ -> become(time, woken);
    }
    forgetInLoss(time);
  }

  private void lost(long[] words, int at, long time) {
    int cpu = RingRecord.cpu(words, at);
    boolean isMore = lossEnd != Long.MIN_VALUE;
    lossCpu = isMore && lossCpu != cpu ? RingRecord.UNKNOWN : cpu;
    lossEnd = Math.max(lossEnd, RingRecord.end(words, at));
    forgetInLoss(time);
  }

  /// While events are lost a thread is known only if it runs where none are.
  private void forgetInLoss(long time) {
    boolean isSure = lossCpu >= 0 && state instanceof Running(int on) && on != lossCpu;
    if (time <= lossEnd && !isSure) {
      become(time, LOST);
    }
  }

  private void endLoss() {
    if (lossEnd != Long.MIN_VALUE) {
      forgetInLoss(lossEnd);
      lossEnd = Long.MIN_VALUE;
      if (!(state instanceof Running)) {
        elsewhere.clear();
      }
    }
  }

  /// What the thread was held for until now can't have been so.
  private void contradicted(long time) {
    state = CONTRADICTION;
    become(time, CONTRADICTION);
  }

  private void become(long time, ThreadState next) {
    if (time > since) {
      intervals.add(new Interval(since, time, state));
      since = time;
    }
    state = next;
  }
}
