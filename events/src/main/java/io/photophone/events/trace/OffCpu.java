package io.photophone.events.trace;

import io.photophone.events.profile.ThreadState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// When each thread left a processor, where in its program, and when it came back: the time between
/// is a sample. Used by one thread. A switch allocates nothing once the thread is known.
final class OffCpu {
  /// Of the kernel's numbers of threads, which end at 4194304.
  private static final int CHUNK_SHIFT = 10;

  private static final int CHUNKS = 1 << 12;
  private static final long[] NO_ADDRESSES = {};

  private final SampleSink sink;
  private final int kind;
  private final Away[] @Nullable [] threads = new Away[CHUNKS][];

  /// @param kind the number of samples of time off a processor; -1 if nobody wants them
  OffCpu(SampleSink sink, int kind) {
    this.sink = sink;
    this.kind = kind;
  }

  private enum Phase {
    UNSEEN,
    /// There since before the recording; whether it runs isn't known yet.
    THERE,
    RUNNING,
    AWAY
  }

  private static final class Away {
    Phase phase = Phase.UNSEEN;

    /// -1 if it isn't known.
    int pid = -1;

    int cpu;
    long sinceNanos;
    ThreadState state = ThreadState.SLEEPING;
    long[] addresses = NO_ADDRESSES;
    int count;
  }

  /// Tells whether a thread, which was not seen to switch, sleeps.
  @FunctionalInterface
  interface Sleeping {
    boolean sleeps(int pid, int tid);
  }

  /// A thread was there when the recording began.
  void there(long timeNanos, int pid, int tid) {
    Away thread = thread(tid);
    if (thread != null && thread.phase == Phase.UNSEEN) {
      thread.phase = Phase.THERE;
      thread.pid = pid;
      thread.sinceNanos = timeNanos;
      thread.count = 0;
    }
  }

  /// A thread left its processor.
  ///
  /// @param addresses of its calls, the innermost first; copied
  void left(
      long timeNanos, int pid, int tid, int cpu, ThreadState state, long[] addresses, int count) {
    Away thread = thread(tid);
    if (thread == null) {
      return;
    }
    thread.pid = pid;
    ran(thread, tid, cpu, timeNanos);
    if (thread.addresses.length < count) {
      thread.addresses = new long[Integer.highestOneBit(count) << 1];
    }
    System.arraycopy(addresses, 0, thread.addresses, 0, count);
    thread.count = count;
    thread.phase = Phase.AWAY;
    thread.cpu = cpu;
    thread.state = state;
    thread.sinceNanos = timeNanos;
  }

  /// A thread got a processor.
  ///
  /// @param pid -1 if it isn't told
  void came(long timeNanos, int pid, int tid, int cpu) {
    Away thread = thread(tid);
    if (thread == null) {
      return;
    }
    if (thread.phase == Phase.AWAY || thread.phase == Phase.THERE) {
      wasAway(thread, tid, timeNanos);
    }
    thread.phase = Phase.RUNNING;
    thread.pid = pid >= 0 ? pid : thread.pid;
    thread.cpu = cpu;
    thread.sinceNanos = timeNanos;
  }

  /// A thread has ended.
  void ended(long timeNanos, int tid) {
    Away thread = thread(tid);
    if (thread != null) {
      ran(thread, tid, thread.cpu, timeNanos);
      thread.phase = Phase.UNSEEN;
      thread.pid = -1;
      thread.addresses = NO_ADDRESSES;
    }
  }

  /// The recording ends: threads that are away have been so up to now.
  void finish(long timeNanos, Sleeping sleeping) {
    for (int i = 0; i < threads.length; i++) {
      for (int j = 0; threads[i] != null && j < threads[i].length; j++) {
        Away thread = threads[i][j];
        if (thread != null) {
          finish(thread, (i << CHUNK_SHIFT) | j, timeNanos, sleeping);
        }
      }
    }
  }

  private void finish(Away thread, int tid, long timeNanos, Sleeping sleeping) {
    boolean away =
        switch (thread.phase) {
          case AWAY -> true;
          case THERE -> sleeping.sleeps(thread.pid, tid);
          case RUNNING, UNSEEN -> false;
        };
    if (away) {
      wasAway(thread, tid, timeNanos);
    } else if (thread.phase == Phase.RUNNING) {
      ran(thread, tid, thread.cpu, timeNanos);
    }
    thread.phase = Phase.UNSEEN;
  }

  private void ran(Away thread, int tid, int cpu, long timeNanos) {
    boolean ran = thread.phase == Phase.RUNNING || thread.phase == Phase.THERE;
    if (ran && thread.pid >= 0) {
      sink.state(
          thread.pid,
          tid,
          ThreadState.RUNNING,
          cpu,
          thread.sinceNanos,
          Math.max(timeNanos, thread.sinceNanos));
    }
  }

  private void wasAway(Away thread, int tid, long timeNanos) {
    long end = Math.max(timeNanos, thread.sinceNanos);
    sink.sample(
        thread.sinceNanos,
        thread.pid,
        tid,
        thread.cpu,
        kind,
        end - thread.sinceNanos,
        thread.addresses,
        thread.count);
    ThreadState state = thread.phase == Phase.THERE ? ThreadState.SLEEPING : thread.state;
    sink.state(thread.pid, tid, state, -1, thread.sinceNanos, end);
  }

  /// Null for a number that no thread has, or if nobody wants to know.
  private @Nullable Away thread(int tid) {
    if (kind < 0 || tid <= 0 || tid >>> CHUNK_SHIFT >= CHUNKS) {
      return null;
    }
    Away[] chunk = threads[tid >>> CHUNK_SHIFT];
    if (chunk == null) {
      chunk = new Away[1 << CHUNK_SHIFT];
      Arrays.setAll(chunk, _ -> new Away());
      threads[tid >>> CHUNK_SHIFT] = chunk;
    }
    return chunk[tid & ((1 << CHUNK_SHIFT) - 1)];
  }
}
