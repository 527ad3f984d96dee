package io.photophone.events.windows;

/// What a session lost, and where.
///
/// @param events that Windows had no buffer for
/// @param buffers of events that Windows threw away since they were not taken in time
/// @param records that were taken, but not read in time by [EtwSession#readData]
public record EtwLosses(long events, long buffers, long records) {
  public boolean areNone() {
    return events == 0 && buffers == 0 && records == 0;
  }
}
