package io.photophone.app.notes;

import io.photophone.events.timeline.ProgramEvent;
import io.photophone.events.timeline.ProgramMark;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A stretch of time to explain: about a late frame, else about a gap or a lag, else all of it.
///
/// @param expectedNanos how long it takes when all is well
/// @param leastNanos that a cause must have taken to be told
record Stretch(long fromNanos, long untilNanos, long expectedNanos, long leastNanos) {
  /// What is shown before and after what was late.
  static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// Between frames, where nothing tells it.
  private static final long USUAL_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(33);

  /// Before a gap or a lag within which its cause lies, at most.
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// Chooses what to explain between two times.
  ///
  /// @param marks of the instrument, in order, also from before
  /// @param askedNanos what was late just then is explained before what was later than that
  static Stretch of(List<ProgramMark> marks, long askedNanos, long from, long until) {
    ProgramMark late = worst(marks, askedNanos, from);
    if (late != null) {
      return new Stretch(
          late.timeNanos() - late.amount() - MARGIN_NANOS,
          late.timeNanos() + MARGIN_NANOS,
          2 * MARGIN_NANOS,
          0);
    }
    long period = periodNanos(marks);
    ProgramMark missed =
        marks.stream()
            .filter(mark -> mark.timeNanos() >= from && isMissed(mark))
            .min(Comparator.comparingLong(mark -> Math.abs(mark.timeNanos() - askedNanos)))
            .orElse(null);
    if (missed != null) {
      long end = missed.timeNanos() + MARGIN_NANOS;
      long start = stepBefore(marks, missed) - MARGIN_NANOS;
      return new Stretch(start, end, Math.min(end - start, period + 2 * MARGIN_NANOS), 0);
    }
    long end = Math.max(until, from + 1);
    return new Stretch(from, end, end - from, period / 2);
  }

  private static @Nullable ProgramMark worst(List<ProgramMark> marks, long asked, long from) {
    Comparator<ProgramMark> later = Comparator.comparingLong(ProgramMark::amount);
    List<ProgramMark> late =
        marks.stream()
            .filter(mark -> mark.timeNanos() >= from && mark.event() == ProgramEvent.LATE)
            .toList();
    return late.stream()
        .filter(mark -> wasLateAt(mark, asked))
        .max(later)
        .or(() -> late.stream().max(later))
        .orElse(null);
  }

  private static boolean wasLateAt(ProgramMark late, long time) {
    return time >= late.timeNanos() - late.amount() - MARGIN_NANOS
        && time <= late.timeNanos() + MARGIN_NANOS;
  }

  private static boolean isMissed(ProgramMark mark) {
    return switch (mark.event()) {
      case GAP, LAG -> true;
      case CAPTURED, PUBLISHED, LATE, MEASURED, DROPPED, ENCODED, WRITTEN -> false;
    };
  }

  /// When what missed frames last had one: before that nothing was missed.
  private static long stepBefore(List<ProgramMark> marks, ProgramMark missed) {
    Predicate<ProgramMark> step =
        missed.event() == ProgramEvent.GAP
            ? mark -> mark.event() == ProgramEvent.CAPTURED && mark.frame() < missed.frame()
            : mark -> mark.event() == ProgramEvent.MEASURED;
    long earliest = missed.timeNanos() - LONGEST_NANOS;
    return marks.stream()
        .filter(mark -> mark.timeNanos() < missed.timeNanos() && step.test(mark))
        .mapToLong(ProgramMark::timeNanos)
        .filter(time -> time >= earliest)
        .max()
        .orElse(earliest);
  }

  /// Between two frames, mostly.
  private static long periodNanos(List<ProgramMark> marks) {
    long[] times =
        marks.stream()
            .filter(mark -> mark.event() == ProgramEvent.PUBLISHED)
            .mapToLong(ProgramMark::timeNanos)
            .toArray();
    long[] apart =
        Stream.iterate(1, i -> i < times.length, i -> i + 1)
            .mapToLong(i -> times[i] - times[i - 1])
            .sorted()
            .toArray();
    return apart.length == 0 ? USUAL_PERIOD_NANOS : apart[apart.length / 2];
  }
}
