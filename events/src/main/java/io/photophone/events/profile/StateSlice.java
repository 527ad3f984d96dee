package io.photophone.events.profile;

/// A while during which a thread stayed in one state.
///
/// @param cpu the processor it ran on; -1 if it did not run
public record StateSlice(
    int pid, int tid, ThreadState state, int cpu, long startNanos, long endNanos) {
  public StateSlice {
    if (endNanos < startNanos) {
      throw new IllegalArgumentException(
          "state of thread %d ends before its start: %d, %d ns"
              .formatted(tid, startNanos, endNanos));
    }
  }
}
