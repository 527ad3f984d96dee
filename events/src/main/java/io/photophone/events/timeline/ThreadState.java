package io.photophone.events.timeline;

import java.util.List;

/// What a thread was at: one state at a time.
public sealed interface ThreadState {
  /// It ran.
  record Running(int cpu) implements ThreadState {}

  /// It could have run and had no processor.
  ///
  /// @param cpu that it waited for; -1 if not known
  /// @param preempted whether it had to leave; else it was woken and waits to be let on
  /// @param holders who had the processor meanwhile, the longest first
  record Ready(int cpu, boolean preempted, List<Share> holders) implements ThreadState {
    public Ready {
      holders = List.copyOf(holders);
    }
  }

  /// It waited.
  ///
  /// @param reason what it waited for in particular; empty if that isn't known
  /// @param wakeKnown whether its end is that of the wait: else it may have waited for a processor
  ///   at last
  record Blocked(WaitKind kind, String reason, boolean wakeKnown) implements ThreadState {}

  /// A signal or a debugger stopped it.
  record Stopped(boolean traced) implements ThreadState {}

  /// Its JVM let no Java thread run.
  record InPause(PauseKind kind, String cause) implements ThreadState {}

  /// It wasn't born yet, or had ended.
  record Absent() implements ThreadState {}

  /// Nothing is known: records are missing.
  record Unknown(Why why) implements ThreadState {}

  /// Why nothing is known.
  enum Why {
    /// Before the first or after the last that the record knows of this thread.
    OUT_OF_REACH,
    /// A source said that it lost events.
    LOST,
    /// Records contradict each other, so that some must be missing.
    CONTRADICTION
  }

  /// A thread that had a processor.
  ///
  /// @param thread of number 0 if the processor was idle, -1 where it isn't known
  record Share(ThreadName thread, long nanos) {}
}
