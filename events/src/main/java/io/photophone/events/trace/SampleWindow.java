package io.photophone.events.trace;

import io.photophone.events.profile.ThreadState;
import java.util.List;

/// Keeps the samples of the last seconds and forgets those before: a ring of records, which grows
/// to a bound.
///
/// ```
/// length in longs | told | time | pid, tid | cpu, kind | value | addresses
/// ```
///
/// A state has its number, negative, in the place of the kind, and its end in that of the value.
/// Used by one thread. A sample allocates nothing once the ring has grown.
final class SampleWindow implements SampleSink {
  private static final int HEADER = 6;
  private static final int FIRST_CAPACITY = 1 << 14;
  private static final long LOW = 0xFFFF_FFFFL;
  private static final List<ThreadState> STATES = List.of(ThreadState.values());
  private static final long[] NO_ADDRESSES = {};

  private final long keepNanos;
  private final int mostLongs;
  private long[] ring = new long[FIRST_CAPACITY];

  /// Positions in longs since the beginning; the oldest record is at `head`.
  private long head;

  private long tail;
  private long nowNanos = Long.MIN_VALUE;
  private long displaced;

  /// @param mostLongs of 8 bytes each, a power of two
  SampleWindow(long keepNanos, int mostLongs) {
    if (Integer.bitCount(mostLongs) != 1 || mostLongs < FIRST_CAPACITY) {
      throw new IllegalArgumentException(
          "a window of %d longs, allowed: powers of 2 from %d"
              .formatted(mostLongs, FIRST_CAPACITY));
    }
    this.keepNanos = keepNanos;
    this.mostLongs = mostLongs;
  }

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
    add(timeNanos, pid, tid, cpu, kind, value, addresses, count);
  }

  @Override
  public void state(int pid, int tid, ThreadState state, int cpu, long startNanos, long endNanos) {
    add(startNanos, pid, tid, cpu, -1 - STATES.indexOf(state), endNanos, NO_ADDRESSES, 0);
  }

  /// Time goes on: what came too long before is forgotten.
  void now(long timeNanos) {
    nowNanos = Math.max(nowNanos, timeNanos);
    while (head < tail && at(head + 1) < nowNanos - keepNanos) {
      head += at(head);
    }
  }

  private void add(
      long timeNanos,
      int pid,
      int tid,
      int cpu,
      int kind,
      long value,
      long[] addresses,
      int count) {
    int length = HEADER + count;
    if (!makeRoom(length)) {
      displaced++;
      return;
    }
    put(length);
    put(nowNanos);
    put(timeNanos);
    put(((long) pid << Integer.SIZE) | (tid & LOW));
    put(((long) cpu << Integer.SIZE) | (kind & LOW));
    put(value);
    for (int i = 0; i < count; i++) {
      put(addresses[i]);
    }
  }

  private boolean makeRoom(int length) {
    while (ring.length < mostLongs && tail - head + length > ring.length) {
      grow();
    }
    if (length > ring.length) {
      return false;
    }
    while (tail - head + length > ring.length) {
      displaced++;
      head += at(head);
    }
    return true;
  }

  private void grow() {
    long[] larger = new long[2 * ring.length];
    for (long i = head; i < tail; i++) {
      larger[(int) (i & (larger.length - 1))] = at(i);
    }
    ring = larger;
  }

  private void put(long value) {
    ring[(int) (tail++ & (ring.length - 1))] = value;
  }

  private long at(long position) {
    return ring[(int) (position & (ring.length - 1))];
  }

  /// Records that had to go although they were young enough.
  long displaced() {
    return displaced;
  }

  /// Hands over what is kept, in the order in which it came.
  ///
  /// @param fromNanos where longer ones that began before are cut
  /// @param duration which kind's values are nanoseconds from the sample's time on; -1 for none
  void replay(SampleSink to, long fromNanos, int duration) {
    long[] addresses = new long[1 << 10];
    for (long from = head; from < tail; from += at(from)) {
      int count = (int) at(from) - HEADER;
      if (count > addresses.length) {
        addresses = new long[2 * count];
      }
      for (int i = 0; i < count; i++) {
        addresses[i] = at(from + HEADER + i);
      }
      replay(from, to, fromNanos, duration, addresses, count);
    }
  }

  private void replay(
      long from, SampleSink to, long fromNanos, int duration, long[] addresses, int count) {
    long timeNanos = at(from + 2);
    int pid = (int) (at(from + 3) >> Integer.SIZE);
    int tid = (int) at(from + 3);
    int cpu = (int) (at(from + 4) >> Integer.SIZE);
    int kind = (int) at(from + 4);
    long value = at(from + 5);
    long cut = Math.max(fromNanos - timeNanos, 0);
    if (kind < 0) {
      to.state(pid, tid, STATES.get(-1 - kind), cpu, Math.min(timeNanos + cut, value), value);
    } else if (kind == duration) {
      to.sample(timeNanos + cut, pid, tid, cpu, kind, Math.max(value - cut, 0), addresses, count);
    } else {
      to.sample(timeNanos, pid, tid, cpu, kind, value, addresses, count);
    }
  }
}
