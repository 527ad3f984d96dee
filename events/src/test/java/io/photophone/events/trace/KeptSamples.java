package io.photophone.events.trace;

import io.photophone.events.profile.ThreadState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A sink that tests look into.
final class KeptSamples implements SampleSink {
  record Kept(long timeNanos, int pid, int tid, int cpu, int kind, long value, List<Long> stack) {}

  record State(int pid, int tid, ThreadState state, int cpu, long startNanos, long endNanos) {}

  final List<Kept> samples = new ArrayList<>();
  final List<State> states = new ArrayList<>();

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
    List<Long> stack = Arrays.stream(addresses, 0, count).boxed().toList();
    samples.add(new Kept(timeNanos, pid, tid, cpu, kind, value, stack));
  }

  @Override
  public void state(int pid, int tid, ThreadState state, int cpu, long startNanos, long endNanos) {
    states.add(new State(pid, tid, state, cpu, startNanos, endNanos));
  }
}
