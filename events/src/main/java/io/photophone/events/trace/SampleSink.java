package io.photophone.events.trace;

import io.photophone.events.profile.ThreadState;

/// Where samples go while they are recorded.
interface SampleSink {
  /// Takes a sample.
  ///
  /// @param kind the profile's number of it
  /// @param addresses the innermost first; the first `count` of them count
  void sample(
      long timeNanos, int pid, int tid, int cpu, int kind, long value, long[] addresses, int count);

  /// What a thread did for a while.
  void state(int pid, int tid, ThreadState state, int cpu, long startNanos, long endNanos);
}
