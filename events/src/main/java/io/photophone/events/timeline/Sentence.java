package io.photophone.events.timeline;

import io.photophone.events.timeline.ThreadState.Share;
import java.util.List;
import java.util.Locale;

/// A cause in one sentence of plain words, with numbers.
final class Sentence {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLISECOND = 1e6;
  private static final double NANOS_PER_MICROSECOND = 1e3;
  private static final int PERCENT = 100;

  private Sentence() {}

  static String of(Cause cause) {
    String words =
        switch (cause) {
          case Cause.ProcessorTaken(String thread, long stolen, int cpu, List<Share> holders) ->
              "%s waited %s for a processor%s"
                  .formatted(thread, duration(stolen), holder(cpu, holders));
          case Cause.Throttled(String thread, long stolen, int cpu) ->
              "%s waited %s for CPU %d although it was idle: a quota held the thread back"
                  .formatted(thread, duration(stolen), cpu);
          case Cause.GarbageCollection(
                  String thread,
                  long stolen,
                  long paused,
                  int pauses,
                  String gcCause) ->
              "the JVM paused %s for %s%s; %s stood still for %s of that time"
                  .formatted(
                      duration(paused),
                      count(pauses, "garbage collection"),
                      bracketed(gcCause),
                      thread,
                      duration(stolen));
          case Cause.Safepoint(
                  String thread,
                  long stolen,
                  long paused,
                  int pauses,
                  String operation) ->
              "the JVM stopped all its threads for %s at %s%s; %s stood still for %s of that time"
                  .formatted(
                      duration(paused),
                      count(pauses, "safepoint"),
                      bracketed(operation),
                      thread,
                      duration(stolen));
          case Cause.ProcessStopped(int pid, long stolen, boolean traced) ->
              "the process%s was stopped for %s by a %s"
                  .formatted(
                      pid < 0 ? "" : " (pid %d)".formatted(pid),
                      duration(stolen),
                      traced ? "debugger" : "signal");
          case Cause.BlockedOnDisk(String thread, long stolen, long faults, String reason) ->
              faults * 2 > stolen
                  ? "%s waited %s for pages of its memory from the disk"
                      .formatted(thread, duration(stolen))
                  : "%s waited %s for the disk%s"
                      .formatted(thread, duration(stolen), bracketed(reason));
          case Cause.BlockedOnLock(String thread, long stolen, String lock) ->
              "%s waited %s for a lock%s".formatted(thread, duration(stolen), bracketed(lock));
          case Cause.SourceSilent(String thread, long stolen, boolean wakeKnown) ->
              !wakeKnown
                  ? "%s waited %s longer than usual, for its source or for a processor: when it was woken isn't known"
                      .formatted(thread, duration(stolen))
                  : "the source was silent for %s longer than usual: %s only waited for it"
                      .formatted(duration(stolen), thread);
          case Cause.OwnWork(String thread, long stolen, long running) ->
              "%s had too much to do: it ran for %s, %s more than there was time for"
                  .formatted(thread, duration(running), duration(stolen));
          case Cause.Unknown(long stolen, long lost) ->
              lost > 0
                  ? "nothing is known of %s: %,d events were lost".formatted(duration(stolen), lost)
                  : "nothing is known of %s: the record doesn't reach there"
                      .formatted(duration(stolen));
          case Cause.NothingUnusual() -> "nothing unusual happened to the threads of this reading";
        };
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static String holder(int cpu, List<Share> holders) {
    if (holders.isEmpty()) {
      return "";
    }
    long total = holders.stream().mapToLong(Share::nanos).sum();
    Share first = holders.getFirst();
    String who = first.thread().tid() < 0 ? "an unknown thread" : first.thread().words();
    return "; %s held %s for %d %% of that time"
        .formatted(
            who,
            cpu < 0 ? "it" : "CPU " + cpu,
            Math.round((double) PERCENT * first.nanos() / total));
  }

  private static String bracketed(String text) {
    return text.isEmpty() ? "" : " (%s)".formatted(text);
  }

  private static String count(int count, String what) {
    return count == 1 ? "a " + what : "%d %ss".formatted(count, what);
  }

  /// Three digits and a unit.
  static String duration(long nanos) {
    if (nanos >= NANOS_PER_SECOND) {
      return String.format(Locale.ROOT, "%.2f s", nanos / NANOS_PER_SECOND);
    }
    if (nanos >= 10 * NANOS_PER_MILLISECOND) {
      return String.format(Locale.ROOT, "%.0f ms", nanos / NANOS_PER_MILLISECOND);
    }
    if (nanos >= NANOS_PER_MILLISECOND / 10) {
      return String.format(Locale.ROOT, "%.2f ms", nanos / NANOS_PER_MILLISECOND);
    }
    return String.format(Locale.ROOT, "%.1f µs", nanos / NANOS_PER_MICROSECOND);
  }
}
