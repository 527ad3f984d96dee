package io.photophone.events.linux;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a session was asked for; checked.
///
/// @param pages of each ring, a power of two
/// @param stackBytes of the copies of stacks
record SessionSettings(
    Target target,
    int pages,
    int stackBytes,
    boolean buildIds,
    boolean switchRecords,
    @Nullable Sampling cpuSamples,
    @Nullable StackCapture contextSwitches,
    @Nullable StackCapture pageFaults,
    Map<String, Tracepoint> tracepoints) {
  SessionSettings {
    tracepoints = Map.copyOf(tracepoints);
  }

  record Sampling(int rateHz, StackCapture stacks) {}

  /// @param filter in the kernel's words; empty for none
  record Tracepoint(String name, String filter, StackCapture stacks) {}

  boolean isMachine() {
    return target instanceof Target.Machine;
  }

  List<Integer> pids() {
    return switch (target) {
      case Target.Processes processes -> processes.pids();
      case Target.Machine() -> List.of();
    };
  }
}
