package io.photophone.events.timeline;

/// Why a JVM let none of its Java threads run.
public enum PauseKind {
  GARBAGE_COLLECTION(0),
  /// Another operation for which all Java threads stand still.
  SAFEPOINT(1);

  private static final PauseKind[] VALUES = values();

  private final int code;

  PauseKind(int code) {
    this.code = code;
  }

  /// By which records know it: its place in the order.
  int code() {
    return code;
  }

  static PauseKind ofCode(int code) {
    return VALUES[code];
  }
}
