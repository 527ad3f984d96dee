package io.photophone.events.linux;

import java.util.List;

/// Whom a session records.
sealed interface Target {
  /// Processes with all their threads, those they start later, and their children.
  record Processes(List<Integer> pids) implements Target {
    public Processes {
      pids = List.copyOf(pids);
    }
  }

  /// All processes on all processors.
  record Machine() implements Target {}
}
