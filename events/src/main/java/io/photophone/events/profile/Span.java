package io.photophone.events.profile;

/// Something with a start and an end on one thread: a request, a collection, a frame on its way.
///
/// @param parent the number of the span that it is part of, [#NO_PARENT] for none
public record Span(String name, long startNanos, long endNanos, int pid, int tid, int parent) {
  public static final int NO_PARENT = -1;

  public Span {
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(
          "span %s ends before its start: %d, %d ns".formatted(name, startNanos, endNanos));
    }
  }
}
