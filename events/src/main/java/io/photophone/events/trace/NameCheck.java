package io.photophone.events.trace;

/// Looks now and then at some of the last stacks, to tell while a trace runs how many frames won't
/// have a name. Used by one thread.
final class NameCheck {
  /// Compiled code may be told of later than it ran.
  private static final long WAIT_NANOS = 300_000_000;

  private static final int STACKS = 64;
  private static final int DEEPEST = 256;

  private final long[][] addresses = new long[STACKS][DEEPEST];
  private final int[] counts = new int[STACKS];
  private final int[] pids = new int[STACKS];
  private final long[] timesNanos = new long[STACKS];
  private int kept;
  private long looked;
  private long unnamed;

  /// Takes a stack if there is room.
  void offer(long timeNanos, int pid, long[] stack, int count) {
    if (kept < STACKS && count > 0) {
      counts[kept] = Math.min(count, DEEPEST);
      System.arraycopy(stack, 0, addresses[kept], 0, counts[kept]);
      pids[kept] = pid;
      timesNanos[kept] = timeNanos;
      kept++;
    }
  }

  /// Looks at the stacks if they are old enough, and makes room for others.
  void look(TraceNames names, long nowNanos) {
    if (kept == 0 || nowNanos - timesNanos[kept - 1] < WAIT_NANOS) {
      return;
    }
    for (int i = 0; i < kept; i++) {
      for (int j = 0; j < counts[i]; j++) {
        look(names, pids[i], addresses[i][j], timesNanos[i]);
      }
    }
    kept = 0;
  }

  private void look(TraceNames names, int pid, long address, long timeNanos) {
    if (names.isReady(pid, address, timeNanos)) {
      looked++;
      unnamed += names.name(pid, address, timeNanos) == null ? 1 : 0;
    }
  }

  long looked() {
    return looked;
  }

  long unnamed() {
    return unnamed;
  }
}
