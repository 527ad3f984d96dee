package io.photophone.events.trace;

import io.photophone.events.profile.Profile;
import io.photophone.events.profile.StateSlice;
import io.photophone.events.profile.ThreadState;

/// Keeps all samples, up to the profile's limits.
record ProfileSink(Profile profile) implements SampleSink {
  @Override
  public void sample(
      long timeNanos,
      int pid,
      int tid,
      int cpu,
      int kind,
      long value,
      long[] addresses,
      int count) {
    int stack = count == 0 ? 0 : profile.stack(addresses, 0, count);
    profile.sample(timeNanos, pid, tid, cpu, kind, value, stack);
  }

  @Override
  public void state(int pid, int tid, ThreadState state, int cpu, long startNanos, long endNanos) {
    profile.state(new StateSlice(pid, tid, state, cpu, startNanos, endNanos));
  }
}
