package io.photophone.events.timeline;

import java.util.ArrayList;
import java.util.List;

/// Why a reading was late: what its threads were at, and the causes, the likeliest first.
///
/// A cause is as likely as the share of the lateness that it took; what took less than a tenth, or
/// than the question wants, isn't named. Immutable, and of records alone, so that any JSON library
/// writes it.
///
/// @param causes at least one; [Cause.NothingUnusual] if nothing else is to be named
/// @param threads time lines in the order of the question's threads
/// @param sentence the likeliest cause in plain words
public record Explanation(
    Question question, List<Ranked> causes, List<ThreadTimeline> threads, String sentence) {
  /// A cause is named from this part of the lateness on.
  private static final int NAMED_PART = 10;

  /// A cause and how much of the lateness it explains.
  ///
  /// @param kind name of the cause's kind, such as `ProcessorTaken`
  /// @param share 0 to 1
  public record Ranked(String kind, Cause cause, double share, String sentence) {}

  public Explanation {
    causes = List.copyOf(causes);
    threads = List.copyOf(threads);
  }

  public static Explanation of(Activity activity, Question question) {
    List<ThreadTimeline> threads = new ArrayList<>();
    for (Participant each : question.participants()) {
      threads.add(
          ThreadTimeline.of(activity, each.tid(), question.fromNanos(), question.untilNanos()));
    }
    List<Ranked> ranked = ranked(new Suspects(activity, question, threads).causes(), question);
    return new Explanation(question, ranked, threads, ranked.getFirst().sentence());
  }

  private static List<Ranked> ranked(List<Cause> causes, Question question) {
    long late = question.lateNanos();
    long least = Math.max(question.leastNanos(), Math.max(1, late / NAMED_PART));
    List<Cause> named = new ArrayList<>();
    long mostKnown = 0;
    for (Cause each : causes) {
      if (each.stolenNanos() >= least) {
        named.add(each);
        if (!(each instanceof Cause.Unknown)) {
          mostKnown = Math.max(mostKnown, each.stolenNanos());
        }
      }
    }
    // What is known to have taken half of it is a better answer than what isn't known.
    boolean unknownLast = mostKnown >= late / 2;
    named.sort((a, b) -> {
      if (unknownLast && (a instanceof Cause.Unknown) != (b instanceof Cause.Unknown)) {
        return a instanceof Cause.Unknown ? 1 : -1;
      }
      return Long.compare(b.stolenNanos(), a.stolenNanos());
    });
    if (named.isEmpty()) {
      named.add(new Cause.NothingUnusual());
    }
    return named.stream().map(cause -> ranked(cause, late)).toList();
  }

  private static Ranked ranked(Cause cause, long late) {
    double share = Math.min(1, (double) cause.stolenNanos() / late);
    return new Ranked(cause.getClass().getSimpleName(), cause, share, Sentence.of(cause));
  }

  /// The likeliest cause.
  public Cause cause() {
    return causes.getFirst().cause();
  }
}
