package io.photophone.events.timeline;

/// What the program says of a frame, or of its frames.
public enum ProgramEvent {
  CAPTURED,
  PUBLISHED,
  LATE,
  GAP,
  LAG,
  DROPPED,
  ENCODED,
  WRITTEN;

  private static final ProgramEvent[] VALUES = values();

  static ProgramEvent ofOrdinal(int ordinal) {
    return VALUES[ordinal];
  }
}
