package io.photophone.events.timeline;

/// Why a JVM let none of its Java threads run.
public enum PauseKind {
  GARBAGE_COLLECTION,
  /// Another operation for which all Java threads stand still.
  SAFEPOINT;

  private static final PauseKind[] VALUES = values();

  static PauseKind ofOrdinal(int ordinal) {
    return VALUES[ordinal];
  }
}
