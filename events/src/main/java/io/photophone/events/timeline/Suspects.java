package io.photophone.events.timeline;

import io.photophone.events.timeline.Participant.Role;
import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.Ready;
import io.photophone.events.timeline.ThreadState.Share;
import io.photophone.events.timeline.ThreadState.Stopped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Everything that took time from the threads of a reading, whether much or little.
///
/// What happened to all threads of a process (a pause, a stop, a loss) counts once, by the thread
/// that it took most from; the rest counts for each thread.
final class Suspects {
  private final Activity activity;
  private final Question question;
  private final List<ThreadTimeline> threads;
  private final List<Cause> causes = new ArrayList<>();

  /// @param threads time lines of the question's threads, in their order
  Suspects(Activity activity, Question question, List<ThreadTimeline> threads) {
    this.activity = activity;
    this.question = question;
    this.threads = threads;
  }

  List<Cause> causes() {
    for (int i = 0; i < threads.size(); i++) {
      Participant participant = question.participants().get(i);
      ThreadTimeline thread = threads.get(i);
      String words = participant.words(thread.thread());
      processor(thread, words);
      disk(thread, words);
      lock(thread, words);
      silence(thread, words, participant.role());
      work(thread, words);
    }
    pauses(PauseKind.GARBAGE_COLLECTION);
    pauses(PauseKind.SAFEPOINT);
    stops();
    unknown();
    return causes;
  }

  private void processor(ThreadTimeline thread, String words) {
    Map<Integer, Long> holders = new HashMap<>();
    Map<Integer, Long> cpus = new HashMap<>();
    for (Interval each : thread.intervals()) {
      if (each.state() instanceof Ready(int cpu, _, List<Share> shares)) {
        cpus.merge(cpu, each.nanos(), Long::sum);
        shares.forEach(share -> holders.merge(share.thread().tid(), share.nanos(), Long::sum));
      }
    }
    if (cpus.isEmpty()) {
      return;
    }
    int cpu = most(cpus);
    Long idle = holders.remove(RingRecord.IDLE);
    if (idle != null) {
      causes.add(new Cause.Throttled(words, idle, cpu));
    }
    long taken = holders.values().stream().mapToLong(Long::longValue).sum();
    if (taken > 0) {
      causes.add(new Cause.ProcessorTaken(words, taken, cpu, byProcess(holders)));
    }
  }

  private static int most(Map<Integer, Long> nanos) {
    return nanos.entrySet().stream()
        .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(RingRecord.UNKNOWN);
  }

  /// Threads of one process together, by the name of the one that ran the longest.
  private List<Share> byProcess(Map<Integer, Long> nanosByThread) {
    List<Share> threadsFirst = new ArrayList<>();
    nanosByThread.forEach((tid, nanos) -> threadsFirst.add(new Share(activity.name(tid), nanos)));
    Comparator<Share> longest =
        Comparator.comparingLong(Share::nanos).reversed().thenComparingInt(s -> s.thread().tid());
    threadsFirst.sort(longest);
    Map<Integer, Share> processes = new HashMap<>();
    for (Share each : threadsFirst) {
      int pid = each.thread().pid();
      // Below zero a number for a thread whose process isn't known.
      int key = pid >= 0 ? pid : -2 - each.thread().tid();
      processes.merge(
          key, each, (first, next) -> new Share(first.thread(), first.nanos() + next.nanos()));
    }
    return processes.values().stream().sorted(longest).toList();
  }

  private void disk(ThreadTimeline thread, String words) {
    long faults = thread.blockedNanos(WaitKind.PAGE_FAULT);
    long disk = thread.blockedNanos(WaitKind.DISK) + faults;
    if (disk > 0) {
      causes.add(
          new Cause.BlockedOnDisk(words, disk, faults, longestReason(thread, WaitKind.DISK)));
    }
  }

  private void lock(ThreadTimeline thread, String words) {
    long lock = thread.blockedNanos(WaitKind.LOCK);
    if (lock > 0) {
      causes.add(new Cause.BlockedOnLock(words, lock, longestReason(thread, WaitKind.LOCK)));
    }
  }

  private static String longestReason(ThreadTimeline thread, WaitKind kind) {
    long most = 0;
    String longest = "";
    for (Interval each : thread.intervals()) {
      if (each.state() instanceof Blocked(WaitKind of, String reason, _)
          && of == kind
          && each.nanos() > most) {
        most = each.nanos();
        longest = reason;
      }
    }
    return longest;
  }

  /// The thread that reads the source waits for it most of the time: of one wait what is more than
  /// usual counts.
  private void silence(ThreadTimeline thread, String words, Role role) {
    long silent = 0;
    long sure = 0;
    for (Interval each : thread.intervals()) {
      if (each.state() instanceof Blocked(WaitKind kind, _, boolean wakeKnown)
          && isForSource(kind)) {
        long tooLong = Math.max(0, each.nanos() - question.expectedNanos());
        silent += tooLong;
        sure += wakeKnown ? tooLong : 0;
      }
    }
    if (role == Role.ACQUISITION && silent > 0) {
      causes.add(new Cause.SourceSilent(words, silent, sure * 2 > silent));
    }
  }

  /// Few sources say that they are waited for.
  private static boolean isForSource(WaitKind kind) {
    return switch (kind) {
      case SLEEP, PARK, SOURCE -> true;
      case LOCK, DISK, PAGE_FAULT -> false;
    };
  }

  private void work(ThreadTimeline thread, String words) {
    long running = thread.runningNanos();
    long tooMuch = running - question.expectedNanos();
    if (tooMuch > 0) {
      causes.add(new Cause.OwnWork(words, tooMuch, running));
    }
  }

  private void pauses(PauseKind kind) {
    int longest = longest(thread -> thread.pausedNanos(kind));
    long stolen = threads.get(longest).pausedNanos(kind);
    if (stolen == 0) {
      return;
    }
    ThreadTimeline thread = threads.get(longest);
    String words = question.participants().get(longest).words(thread.thread());
    PausesIn in =
        PausesIn.of(
            activity, kind, thread.thread().pid(), question.fromNanos(), question.untilNanos());
    causes.add(
        switch (kind) {
          case GARBAGE_COLLECTION ->
              new Cause.GarbageCollection(words, stolen, in.nanos(), in.count(), in.cause());
          case SAFEPOINT -> new Cause.Safepoint(words, stolen, in.nanos(), in.count(), in.cause());
        });
  }

  private void stops() {
    int longest = longest(ThreadTimeline::stoppedNanos);
    ThreadTimeline thread = threads.get(longest);
    long traced =
        thread.nanosWhere(state -> state instanceof Stopped(boolean byDebugger) && byDebugger);
    if (thread.stoppedNanos() > 0) {
      causes.add(
          new Cause.ProcessStopped(
              thread.thread().pid(), thread.stoppedNanos(), traced * 2 > thread.stoppedNanos()));
    }
  }

  /// A thread that isn't heard of while others are has nothing to do; records that are missing may
  /// be of any.
  private void unknown() {
    long missing = 0;
    long least = Long.MAX_VALUE;
    for (ThreadTimeline each : threads) {
      least = Math.min(least, each.unknownNanos());
      missing = Math.max(missing, each.nanosWhere(Suspects::isMissing));
    }
    long nanos = Math.max(missing, least);
    if (nanos > 0) {
      causes.add(
          new Cause.Unknown(
              nanos, activity.lostEvents(question.fromNanos(), question.untilNanos())));
    }
  }

  private static boolean isMissing(ThreadState state) {
    return state instanceof ThreadState.Unknown(ThreadState.Why why)
        && why != ThreadState.Why.OUT_OF_REACH;
  }

  private interface Measure {
    long of(ThreadTimeline thread);
  }

  /// Which thread has most of something.
  private int longest(Measure measure) {
    int longest = 0;
    for (int i = 1; i < threads.size(); i++) {
      if (measure.of(threads.get(i)) > measure.of(threads.get(longest))) {
        longest = i;
      }
    }
    return longest;
  }

  /// The pauses of a JVM within a time.
  ///
  /// @param cause of the longest
  record PausesIn(long nanos, int count, String cause) {
    static PausesIn of(Activity activity, PauseKind kind, int pid, long from, long until) {
      long[] words = activity.words();
      long nanos = 0;
      long most = 0;
      int count = 0;
      String cause = "";
      for (int at = 0; at < words.length; at += RingRecord.WORDS) {
        long start = Math.max(from, RingRecord.time(words, at));
        if (RingRecord.kind(words, at) == RingRecord.PAUSE
            && RingRecord.detail(words, at) == kind.code()
            && Pauses.isOf(RingRecord.tid(words, at), pid)) {
          long held = Math.min(until, RingRecord.end(words, at)) - start;
          if (held > 0) {
            nanos += held;
            count++;
          }
          if (held > most) {
            most = held;
            cause = activity.text(RingRecord.text(words, at));
          }
        }
      }
      return new PausesIn(nanos, count, cause);
    }
  }
}
