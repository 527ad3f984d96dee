package io.photophone.events.timeline;

import io.photophone.events.timeline.ThreadState.Absent;
import io.photophone.events.timeline.ThreadState.Blocked;
import io.photophone.events.timeline.ThreadState.InPause;
import io.photophone.events.timeline.ThreadState.Ready;
import io.photophone.events.timeline.ThreadState.Running;
import io.photophone.events.timeline.ThreadState.Stopped;
import io.photophone.events.timeline.ThreadState.Unknown;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// An explanation as plain text of at most 100 columns, to be read without colour: the sentence
/// first, then a bar for each thread, a legend, and what else took time.
///
/// Each character of a bar is an equal part of the time, and shows what the thread was at for most
/// of it.
public final class TimelineText {
  private static final int COLUMNS = 100;
  private static final int LABEL = 24;
  private static final int BAR = COLUMNS - LABEL - 2;
  private static final int PERCENT = 100;

  private TimelineText() {}

  private enum Sign {
    RUNNING('─', "running"),
    READY('░', "waiting for a processor"),
    BLOCKED('▒', "waiting"),
    DISK('▓', "waiting for the disk"),
    COLLECTION('█', "garbage collection"),
    SAFEPOINT('▄', "safepoint"),
    STOPPED('■', "stopped"),
    ABSENT(' ', "not there"),
    UNKNOWN('?', "unknown");

    private final char character;
    private final String words;

    Sign(char character, String words) {
      this.character = character;
      this.words = words;
    }

    static Sign of(ThreadState state) {
      return switch (state) {
        case Running _ -> RUNNING;
        case Ready _ -> READY;
        case Blocked(WaitKind kind, _, _) ->
            kind == WaitKind.DISK || kind == WaitKind.PAGE_FAULT ? DISK : BLOCKED;
        case Stopped _ -> STOPPED;
        case InPause(PauseKind kind, _) ->
            kind == PauseKind.GARBAGE_COLLECTION ? COLLECTION : SAFEPOINT;
        case Absent _ -> ABSENT;
        case Unknown _ -> UNKNOWN;
      };
    }
  }

  public static String of(Explanation explanation) {
    List<String> lines = new ArrayList<>();
    wrap(explanation.sentence() + ".", lines);
    lines.add("");
    Question question = explanation.question();
    lines.add(scale(question.untilNanos() - question.fromNanos()));
    Set<Sign> used = EnumSet.noneOf(Sign.class);
    for (int i = 0; i < explanation.threads().size(); i++) {
      ThreadTimeline thread = explanation.threads().get(i);
      String label = label(question.participants().get(i), thread.thread());
      lines.add(label + "  " + bar(thread, used));
    }
    wrap(
        used.stream()
            .filter(sign -> sign != Sign.ABSENT)
            .map(sign -> sign.character + " " + sign.words)
            .collect(Collectors.joining("   ")),
        lines);
    others(explanation, lines);
    return String.join("\n", lines) + "\n";
  }

  private static void others(Explanation explanation, List<String> lines) {
    if (explanation.causes().size() > 1) {
      lines.add("");
      for (Explanation.Ranked each : explanation.causes()) {
        wrap("%3d %%  %s".formatted(Math.round(PERCENT * each.share()), each.sentence()), lines);
      }
    }
  }

  private static String scale(long nanos) {
    String end = Sentence.duration(nanos);
    return " ".repeat(LABEL + 2) + "0" + " ".repeat(BAR - 1 - end.length()) + end;
  }

  private static String label(Participant participant, ThreadName name) {
    String called = name.name().isEmpty() ? Integer.toString(participant.tid()) : name.name();
    String role = participant.role().words();
    String label = printable(role.isEmpty() || role.equals(called) ? called : role + " " + called);
    return label.length() > LABEL
        ? label.substring(0, LABEL - 1) + "…"
        : label + " ".repeat(LABEL - label.length());
  }

  /// Names come from foreign programs, and a terminal obeys control characters.
  private static String printable(String name) {
    return name.codePoints()
        .map(each -> each < ' ' || each > '~' ? '.' : each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String bar(ThreadTimeline thread, Set<Sign> used) {
    StringBuilder bar = new StringBuilder(BAR);
    long nanos = thread.untilNanos() - thread.fromNanos();
    List<Interval> intervals = thread.intervals();
    int first = 0;
    for (int i = 0; i < BAR; i++) {
      long from = thread.fromNanos() + nanos * i / BAR;
      long until = thread.fromNanos() + nanos * (i + 1) / BAR;
      while (first < intervals.size() - 1 && intervals.get(first).untilNanos() <= from) {
        first++;
      }
      Sign sign = longest(intervals, first, from, until);
      used.add(sign);
      bar.append(sign.character);
    }
    return bar.toString().stripTrailing();
  }

  private static Sign longest(List<Interval> intervals, int first, long from, long until) {
    Map<Sign, Long> nanos = new EnumMap<>(Sign.class);
    Sign longest = Sign.of(intervals.get(first).state());
    long most = 0;
    for (int i = first; i < intervals.size() && intervals.get(i).fromNanos() < until; i++) {
      Interval each = intervals.get(i);
      long held = Math.min(until, each.untilNanos()) - Math.max(from, each.fromNanos());
      Sign sign = Sign.of(each.state());
      long sum = nanos.merge(sign, held, Long::sum);
      if (sum > most) {
        most = sum;
        longest = sign;
      }
    }
    return longest;
  }

  /// Breaks at blanks; a word longer than a line is cut into lines.
  private static void wrap(String text, List<String> lines) {
    String rest = text;
    while (rest.length() > COLUMNS) {
      int blank = rest.lastIndexOf(' ', COLUMNS);
      int end = blank > 0 ? blank : COLUMNS;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
  }
}
