package io.photophone.app.notes;

import io.photophone.channels.BroadcastChannel;
import io.photophone.events.timeline.Activity;
import io.photophone.events.timeline.Explanation;
import io.photophone.events.timeline.FreezeTrigger;
import io.photophone.events.timeline.Freezer;
import io.photophone.events.timeline.Participant;
import io.photophone.events.timeline.Participant.Role;
import io.photophone.events.timeline.ProgramEvent;
import io.photophone.events.timeline.ProgramMark;
import io.photophone.events.timeline.Question;
import io.photophone.events.timeline.ThreadName;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import io.photophone.server.LiveWhy;
import io.photophone.server.LiveWhy.Unknown;
import io.photophone.server.WhyAnswer;
import io.photophone.server.WhyQuestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Explains one instrument's readings by the notes. Any thread.
final class Why {
  /// About a time that somebody names: as exact as a clock on a wall.
  private static final long ABOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// The slowest source tells what happened within this time.
  private static final long TOLD_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(4);

  /// After the window's end within which its reading is there, if nothing is wrong.
  private static final long READY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Freezer freezer;
  private final int instrument;
  private final BroadcastChannel<Streamed<Reading>> readings;
  private final Supplier<List<String>> remarks;
  private final WallClock clock = WallClock.SYSTEM;

  /// @param instrument its number in the notes
  /// @param readings retains those that can be asked about
  /// @param remarks what isn't noted, and why
  Why(
      Freezer freezer,
      int instrument,
      BroadcastChannel<Streamed<Reading>> readings,
      Supplier<List<String>> remarks) {
    this.freezer = freezer;
    this.instrument = instrument;
    this.readings = readings;
    this.remarks = remarks;
  }

  List<LiveWhy.Disturbance> disturbances() {
    List<LiveWhy.Disturbance> told = new ArrayList<>();
    for (Freezer.Frozen each : freezer.kept()) {
      FreezeTrigger trigger = each.trigger();
      if (trigger.instrument() == instrument) {
        told.add(
            new LiveWhy.Disturbance(
                clock.at(trigger.timeNanos()),
                FrameSteps.name(trigger.event()),
                trigger.frame(),
                amount(each)));
      }
    }
    return List.copyOf(told);
  }

  private static long amount(Freezer.Frozen piece) {
    FreezeTrigger trigger = piece.trigger();
    return piece.activity().marks(trigger.timeNanos(), trigger.timeNanos()).stream()
        .filter(mark -> mark.event() == trigger.event() && mark.frame() == trigger.frame())
        .mapToLong(ProgramMark::amount)
        .findFirst()
        .orElse(0);
  }

  WhyAnswer answer(WhyQuestion question) {
    return switch (question) {
      case WhyQuestion.At(Instant time) ->
          about(null, clock.nanosOf(time), ABOUT_NANOS, ABOUT_NANOS);
      case WhyQuestion.OfReading(long fromSample) -> about(reading(fromSample));
      case WhyQuestion.Newest() -> newest();
    };
  }

  private WhyAnswer newest() {
    List<Freezer.Frozen> kept =
        freezer.kept().stream().filter(each -> each.trigger().instrument() == instrument).toList();
    if (!kept.isEmpty()) {
      long time = kept.getLast().trigger().timeNanos();
      return about(null, time, Stretch.MARGIN_NANOS, Stretch.MARGIN_NANOS);
    }
    List<Reading> all = retained();
    if (!all.isEmpty() && all.getLast().startTime() == null) {
      return about(all.getLast());
    }
    long told = freezer.toldNanos();
    return all.reversed().stream()
        .filter(each -> each.startTime() != null && endNanos(each) <= told)
        .findFirst()
        .map(this::about)
        .orElseThrow(() ->
            new Unknown(
                all.isEmpty()
                    ? "there is no reading yet, and nothing was late"
                    : "nothing was late, and of the first readings not all is told yet: "
                        + LiveWhy.LATER));
  }

  private List<Reading> retained() {
    List<Reading> found = new ArrayList<>();
    for (Streamed<Reading> each : readings.retained()) {
      if (each instanceof Streamed.Item<Reading>(Reading reading)) {
        found.add(reading);
      }
    }
    return found;
  }

  private Reading reading(long fromSample) {
    List<Reading> all = retained();
    return all.stream()
        .filter(each -> each.fromSample() == fromSample)
        .findFirst()
        .orElseThrow(() ->
            new Unknown(
                all.isEmpty()
                    ? "there is no reading yet"
                    : "no reading begins at sample %d; those that are retained begin at %d to %d"
                        .formatted(
                            fromSample, all.getFirst().fromSample(), all.getLast().fromSample())));
  }

  private WhyAnswer about(Reading reading) {
    if (reading.startTime() == null) {
      throw new Unknown("the reading has no time: its source is a recording that doesn't tell");
    }
    return about(reading, endNanos(reading), lengthNanos(reading), READY_NANOS);
  }

  private static long lengthNanos(Reading reading) {
    return Math.round(1e9 * (reading.toSample() - reading.fromSample()) / reading.sampleRateHz());
  }

  /// @param reading with a time
  private long endNanos(Reading reading) {
    return clock.nanosOf(Objects.requireNonNull(reading.startTime())) + lengthNanos(reading);
  }

  /// Explains the worst of what happened about a time: what was late just then, or else from so
  /// long before until so long after it.
  ///
  /// @param asked null: the reading of the time that turns out to be the worst
  private WhyAnswer about(@Nullable Reading asked, long timeNanos, long before, long after) {
    long from = timeNanos - before;
    long until = timeNanos + after;
    Activity activity = freezer.around(timeNanos, from - ABOUT_NANOS, until);
    boolean happened = timeNanos <= System.nanoTime();
    if (happened && activity.untilNanos() <= from && isNewest(activity.untilNanos())) {
      throw new Unknown(
          "what happened at %s isn't all told yet: %s"
              .formatted(clock.at(timeNanos), LiveWhy.LATER));
    }
    if (activity.untilNanos() <= from || activity.fromNanos() >= until) {
      throw new Unknown(
          "nothing is noted of %s: the notes reach from %s to %s"
              .formatted(
                  clock.at(timeNanos),
                  clock.at(activity.fromNanos()),
                  clock.at(activity.untilNanos())));
    }
    List<ProgramMark> marks =
        activity.marks(from - ABOUT_NANOS, until).stream()
            .filter(mark -> mark.instrument() == instrument)
            .toList();
    Stretch stretch =
        Stretch.of(
            marks,
            timeNanos,
            Math.max(from, activity.fromNanos()),
            Math.min(until, activity.untilNanos()));
    List<Participant> participants = participants(activity, marks);
    if (participants.isEmpty()) {
      throw new Unknown(
          "the threads that made the reading of %s aren't known; %s"
              .formatted(clock.at(timeNanos), String.join("; ", remarks.get())));
    }
    Explanation explanation =
        Explanation.of(
            activity,
            new Question(
                stretch.fromNanos(),
                stretch.untilNanos(),
                stretch.expectedNanos(),
                stretch.leastNanos(),
                participants));
    return WhyAnswers.of(
        explanation,
        marks,
        clock,
        asked == null ? readingAt(stretch.untilNanos()) : asked,
        remarks(activity, stretch.untilNanos(), until));
  }

  private List<String> remarks(Activity activity, long stretchUntil, long until) {
    List<String> all = new ArrayList<>(remarks.get());
    long told = activity.untilNanos();
    if (told < Math.max(stretchUntil, until)) {
      all.add(
          "what happened after %s isn't all told %s"
              .formatted(clock.at(told), isNewest(told) ? "yet: ask again in 3 s" : "any more"));
    }
    return all;
  }

  /// Whether more will be told.
  private boolean isNewest(long toldNanos) {
    return System.nanoTime() - toldNanos < TOLD_WITHIN_NANOS;
  }

  /// The threads that took a step of the frames, and those that measure, in the order of the data.
  private static List<Participant> participants(Activity activity, List<ProgramMark> marks) {
    Map<Integer, Role> found = new LinkedHashMap<>();
    for (Role role : List.of(Role.ACQUISITION, Role.CARRIER)) {
      for (ProgramMark mark : marks) {
        if (mark.tid() > 0 && role == roleOf(mark.event())) {
          found.putIfAbsent(mark.tid(), role);
        }
      }
    }
    int own = (int) ProcessHandle.current().pid();
    activity.names().stream()
        .filter(name -> name.pid() == own && name.name().startsWith("analysis "))
        .map(ThreadName::tid)
        .sorted()
        .forEach(tid -> found.putIfAbsent(tid, Role.ANALYSIS));
    return found.entrySet().stream()
        .map(each -> new Participant(each.getKey(), each.getValue()))
        .toList();
  }

  private static @Nullable Role roleOf(ProgramEvent event) {
    return switch (event) {
      case CAPTURED, PUBLISHED, LATE, GAP -> Role.ACQUISITION;
      case MEASURED, LAG -> Role.CARRIER;
      case DROPPED, ENCODED, WRITTEN -> null;
    };
  }

  /// The reading whose window a time lies in, or ended with.
  private @Nullable Reading readingAt(long nanos) {
    Instant time = clock.at(nanos);
    Reading found = null;
    for (Reading each : retained()) {
      Instant start = each.startTime();
      if (start != null && !start.isAfter(time)) {
        found = each;
      }
    }
    return found;
  }
}
