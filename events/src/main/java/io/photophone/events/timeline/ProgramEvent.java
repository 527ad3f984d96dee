package io.photophone.events.timeline;

/// What the program says of a frame, or of its frames.
public enum ProgramEvent {
  CAPTURED(0),
  PUBLISHED(1),
  LATE(2),
  GAP(3),
  MEASURED(4),
  LAG(5),
  DROPPED(6),
  ENCODED(7),
  WRITTEN(8);

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
