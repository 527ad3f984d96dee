package io.photophone.events.timeline;

import java.util.List;

/// Which reading is asked about.
///
/// @param fromNanos such as when its first frame was captured, or when a missing one was due to be
/// @param untilNanos such as when it was published
/// @param expectedNanos how long that takes when all is well
/// @param leastNanos that a cause must have taken to be named; 0 where a tenth of the lateness is
///   enough
/// @param participants the threads that made it, in the order in which the data went
public record Question(
    long fromNanos,
    long untilNanos,
    long expectedNanos,
    long leastNanos,
    List<Participant> participants) {
  public Question {
    if (fromNanos >= untilNanos) {
      throw new IllegalArgumentException(
          "until is %d, allowed: more than from, %d".formatted(untilNanos, fromNanos));
    }
    if (expectedNanos < 0) {
      throw new IllegalArgumentException(
          "expectedNanos is %d, allowed: 0 or more".formatted(expectedNanos));
    }
    if (leastNanos < 0) {
      throw new IllegalArgumentException(
          "leastNanos is %d, allowed: 0 or more".formatted(leastNanos));
    }
    if (participants.isEmpty()) {
      throw new IllegalArgumentException("participants is empty, allowed: one or more");
    }
    participants = List.copyOf(participants);
  }

  /// Names whatever took a tenth of the lateness.
  public Question(
      long fromNanos, long untilNanos, long expectedNanos, List<Participant> participants) {
    this(fromNanos, untilNanos, expectedNanos, 0, participants);
  }

  /// By how much it took longer; at least 1.
  public long lateNanos() {
    return Math.max(1, untilNanos - fromNanos - expectedNanos);
  }
}
