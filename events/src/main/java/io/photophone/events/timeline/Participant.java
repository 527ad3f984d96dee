package io.photophone.events.timeline;

/// A thread that had a part in a reading.
public record Participant(int tid, Role role) {
  /// Which part.
  public enum Role {
    /// Reads the source.
    ACQUISITION("acquisition"),
    /// Carries frames on to who analyses them.
    CARRIER("carrier"),
    ANALYSIS("analysis"),
    /// Stores or sends.
    WRITER("writer"),
    OTHER("");

    private final String words;

    Role(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  public Participant {
    if (tid <= RingRecord.IDLE) {
      throw new IllegalArgumentException("tid is %d, allowed: 1 or more".formatted(tid));
    }
  }

  /// As in "the acquisition thread waited".
  String words(ThreadName name) {
    return switch (role) {
      case ACQUISITION -> "the acquisition thread";
      case CARRIER, ANALYSIS, WRITER ->
          name.name().isEmpty()
              ? "the %s thread".formatted(role.words())
              : "the %s thread %s".formatted(role.words(), name.name());
      case OTHER -> name.name().isEmpty() ? name.words() : "thread " + name.name();
    };
  }
}
