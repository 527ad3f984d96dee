package io.photophone.app.notes;

import io.photophone.events.timeline.Explanation;
import io.photophone.events.timeline.Interval;
import io.photophone.events.timeline.Participant;
import io.photophone.events.timeline.PauseKind;
import io.photophone.events.timeline.ProgramMark;
import io.photophone.events.timeline.ThreadState;
import io.photophone.events.timeline.ThreadState.Share;
import io.photophone.events.timeline.ThreadTimeline;
import io.photophone.events.timeline.TimelineText;
import io.photophone.model.Reading;
import io.photophone.server.WhyAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts an explanation into the form of the API.
final class WhyAnswers {
  private static final double NANOS_PER_MS = 1e6;
  private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z])(?=[A-Z])");

  private WhyAnswers() {}

  /// @param marks of the instrument, also from before
  static WhyAnswer of(
      Explanation explanation,
      List<ProgramMark> marks,
      WallClock clock,
      @Nullable Reading reading,
      List<String> remarks) {
    long from = explanation.question().fromNanos();
    long until = explanation.question().untilNanos();
    List<WhyAnswer.Line> lines = new ArrayList<>();
    for (int i = 0; i < explanation.threads().size(); i++) {
      lines.add(
          line(explanation.threads().get(i), explanation.question().participants().get(i), from));
    }
    return new WhyAnswer(
        clock.at(from),
        clock.at(until),
        reading == null ? null : reading.fromSample(),
        (until - from - explanation.question().expectedNanos()) / NANOS_PER_MS,
        explanation.sentence(),
        explanation.causes().stream()
            .map(each ->
                new WhyAnswer.Cause(
                    snakeCase(each.kind()),
                    each.sentence(),
                    each.cause().stolenNanos() / NANOS_PER_MS,
                    each.share()))
            .toList(),
        lines,
        marks.stream()
            .filter(mark -> mark.timeNanos() >= from && mark.timeNanos() <= until)
            .map(mark ->
                new WhyAnswer.Step(
                    (mark.timeNanos() - from) / NANOS_PER_MS,
                    FrameSteps.name(mark.event()),
                    mark.frame(),
                    mark.amount()))
            .toList(),
        remarks,
        TimelineText.of(explanation));
  }

  private static String snakeCase(String name) {
    return CAPITAL.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  private static WhyAnswer.Line line(ThreadTimeline thread, Participant participant, long from) {
    return new WhyAnswer.Line(
        thread.thread().name(),
        participant.tid(),
        participant.role().name().toLowerCase(Locale.ROOT),
        thread.intervals().stream().map(each -> stretch(each, from)).toList());
  }

  private static WhyAnswer.Stretch stretch(Interval interval, long from) {
    return new WhyAnswer.Stretch(
        (interval.fromNanos() - from) / NANOS_PER_MS,
        (interval.untilNanos() - from) / NANOS_PER_MS,
        state(interval.state()),
        detail(interval.state()));
  }

  private static String state(ThreadState state) {
    return switch (state) {
      case ThreadState.Running _ -> "running";
      case ThreadState.Ready _ -> "ready";
      case ThreadState.Blocked _ -> "blocked";
      case ThreadState.Stopped _ -> "stopped";
      case ThreadState.InPause(PauseKind kind, _) -> kind.name().toLowerCase(Locale.ROOT);
      case ThreadState.Absent _ -> "absent";
      case ThreadState.Unknown _ -> "unknown";
    };
  }

  private static String detail(ThreadState state) {
    return switch (state) {
      case ThreadState.Running(int cpu) -> "CPU " + cpu;
      case ThreadState.Ready ready ->
          ready.holders().isEmpty()
              ? ""
              : ready.holders().stream().map(Share::thread).findFirst().orElseThrow().words();
      case ThreadState.Blocked blocked ->
          blocked.reason().isEmpty()
              ? blocked.kind().words()
              : blocked.kind().words() + ": " + blocked.reason();
      case ThreadState.Stopped(boolean traced) -> traced ? "by a debugger" : "by a signal";
      case ThreadState.InPause(_, String cause) -> cause;
      case ThreadState.Absent _ -> "";
      case ThreadState.Unknown(ThreadState.Why why) -> why.name().toLowerCase(Locale.ROOT);
    };
  }
}
