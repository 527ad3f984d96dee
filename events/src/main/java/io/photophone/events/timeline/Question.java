package io.photophone.events.timeline;

import java.util.List;

/// Which reading is asked about.
///
/// @param fromNanos such as when its first frame was captured, or when a missing one was due to be
/// @param untilNanos such as when it was published
/// @param expectedNanos how long that takes when all is well
/// @param participants the threads that made it, in the order in which the data went
public record Question(
    long fromNanos, long untilNanos, long expectedNanos, List<Participant> participants) {
  public Question {
    if (fromNanos >= untilNanos) {
      throw new IllegalArgumentException(
          "until is %d, allowed: more than from, %d".formatted(untilNanos, fromNanos));
    }
    if (expectedNanos < 0) {
      throw new IllegalArgumentException(
          "expectedNanos is %d, allowed: 0 or more".formatted(expectedNanos));
    }
    if (participants.isEmpty()) {
      throw new IllegalArgumentException("participants is empty, allowed: one or more");
    }
    participants = List.copyOf(participants);
  }

  /// By how much it took longer; at least 1.
  public long lateNanos() {
    return Math.max(1, untilNanos - fromNanos - expectedNanos);
  }
}
