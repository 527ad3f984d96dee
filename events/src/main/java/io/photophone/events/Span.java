package io.photophone.events;

/// A place and a length within an event in one `long`, so that finding a field allocates nothing.
public final class Span {
  private Span() {}

  static long of(int start, int length) {
    return (long) start << Integer.SIZE | length;
  }

  /// Bytes from the start of the event.
  public static int start(long span) {
    return (int) (span >>> Integer.SIZE);
  }

  /// Bytes.
  public static int length(long span) {
    return (int) span;
  }
}
