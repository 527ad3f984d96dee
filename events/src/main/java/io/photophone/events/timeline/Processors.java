package io.photophone.events.timeline;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Which thread each processor ran, and when. Immutable.
final class Processors {
  private final long fromNanos;
  private final long untilNanos;
  private final Map<Integer, Turns> turns;

  /// Of one processor: from each time on a thread, until the next time.
  private static final class Turns {
    private long[] times = new long[16];
    private int[] tids = new int[16];
    private int count;

    void add(long time, int tid) {
      if (count == times.length) {
        times = Arrays.copyOf(times, count * 2);
        tids = Arrays.copyOf(tids, count * 2);
      }
      times[count] = time;
      tids[count++] = tid;
    }

    /// A switch: where it doesn't follow from the one before, records are missing between.
    void switched(long from, long time, int left, int came) {
      if (count == 0) {
        add(Math.min(from, time), left);
      } else if (tids[count - 1] != left) {
        tids[count - 1] = RingRecord.UNKNOWN;
      }
      add(time, came);
    }
  }

  /// Takes the time that a thread had a processor.
  interface Holder {
    void held(int tid, long nanos);
  }

  private Processors(long from, long until, Map<Integer, Turns> turns) {
    this.fromNanos = from;
    this.untilNanos = until;
    this.turns = turns;
  }

  static Processors of(long[] words, long from, long until) {
    Map<Integer, Turns> turns = new HashMap<>();
    for (int at = 0; at < words.length; at += RingRecord.WORDS) {
      if (RingRecord.kind(words, at) == RingRecord.SWITCH) {
        turns
            .computeIfAbsent(RingRecord.cpu(words, at), _ -> new Turns())
            .switched(
                from,
                RingRecord.time(words, at),
                RingRecord.tid(words, at),
                RingRecord.otherTid(words, at));
      }
    }
    return new Processors(from, until, turns);
  }

  /// Says who held a processor; time of which that isn't known goes to thread -1.
  void holders(int cpu, long from, long until, Holder holder) {
    Turns of = cpu < 0 ? null : turns.get(cpu);
    long known = Math.max(from, fromNanos);
    long end = Math.min(until, untilNanos);
    if (of == null || known >= end) {
      holder.held(RingRecord.UNKNOWN, until - from);
      return;
    }
    if (known - from + until - end > 0) {
      holder.held(RingRecord.UNKNOWN, known - from + until - end);
    }
    int turn = Math.max(0, turnAt(of, known));
    if (of.times[turn] > known) {
      holder.held(RingRecord.UNKNOWN, Math.min(end, of.times[turn]) - known);
    }
    for (; turn < of.count && of.times[turn] < end; turn++) {
      long turnEnd = turn + 1 < of.count ? of.times[turn + 1] : untilNanos;
      long held = Math.min(end, turnEnd) - Math.max(known, of.times[turn]);
      if (held > 0) {
        holder.held(of.tids[turn], held);
      }
    }
  }

  /// The last turn that began by then; -1 if none did.
  private static int turnAt(Turns of, long time) {
    int low = 0;
    int high = of.count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (of.times[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }
}
