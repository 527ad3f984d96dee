package io.photophone.events.timeline;

/// What a blocked thread waits for.
public enum WaitKind {
  /// Something that isn't known: time, data, another thread.
  SLEEP(0, "for something"),
  /// Work that another thread gives it.
  PARK(1, "for work"),
  LOCK(2, "for a lock"),
  /// Data of a device or a connection.
  SOURCE(3, "for its source"),
  DISK(4, "for the disk"),
  /// A page of its memory that is read from the disk.
  PAGE_FAULT(5, "for a page from the disk");

  private static final WaitKind[] VALUES = values();

  private final int code;
  private final String words;

  WaitKind(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /// As in "the thread waited for the disk".
  public String words() {
    return words;
  }

  /// By which records know it: its place in the order.
  int code() {
    return code;
  }

  static WaitKind ofCode(int code) {
    return VALUES[code];
  }
}
