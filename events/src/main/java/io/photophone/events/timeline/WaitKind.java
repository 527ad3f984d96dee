package io.photophone.events.timeline;

/// What a blocked thread waits for.
public enum WaitKind {
  /// Something that isn't known: time, data, another thread.
  SLEEP("for something"),
  /// Work that another thread gives it.
  PARK("for work"),
  LOCK("for a lock"),
  /// Data of a device or a connection.
  SOURCE("for its source"),
  DISK("for the disk"),
  /// A page of its memory that is read from the disk.
  PAGE_FAULT("for a page from the disk");

  private static final WaitKind[] VALUES = values();

  private final String words;

  WaitKind(String words) {
    this.words = words;
  }

  /// As in "the thread waited for the disk".
  public String words() {
    return words;
  }

  static WaitKind ofOrdinal(int ordinal) {
    return VALUES[ordinal];
  }
}
