package io.photophone.events.timeline;

/// What the program says of a frame, or of its frames.
public enum ProgramEvent {
  CAPTURED(0),
  PUBLISHED(1),
  LATE(2),
  GAP(3),
  LAG(4),
  DROPPED(5),
  ENCODED(6),
  WRITTEN(7);

  private static final ProgramEvent[] VALUES = values();

  private final int code;

  ProgramEvent(int code) {
    this.code = code;
  }

  /// By which records know it: its place in the order.
  int code() {
    return code;
  }

  static ProgramEvent ofCode(int code) {
    return VALUES[code];
  }
}
