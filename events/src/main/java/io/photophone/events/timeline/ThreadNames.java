package io.photophone.events.timeline;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Names of threads by number, in a table of fixed size: where a thread finds no place it takes
/// that of another, and that is counted. One thread writes; any thread takes a copy.
///
/// The kernel's names come as 16 bytes with every switch, so they are compared as two words, and
/// the lock is taken for a change alone.
final class ThreadNames {
  private static final int PROBES = 8;

  /// Fibonacci hashing: 2^32 divided by the golden ratio.
  private static final int SPREAD = 0x9E3779B9;

  private final int shift;
  private final int mask;

  /// All are written by one thread under the monitor, and read by it without.
  private final int[] tids;

  private final int[] pids;
  private final long[] firsts;
  private final long[] seconds;
  private final int[] texts;
  private int victim;
  private long replaced;

  /// @param places a power of two
  ThreadNames(int places) {
    this.shift = Integer.SIZE - Integer.numberOfTrailingZeros(places);
    this.mask = places - 1;
    this.tids = new int[places];
    this.pids = new int[places];
    this.firsts = new long[places];
    this.seconds = new long[places];
    this.texts = new int[places];
  }

  /// The name that the kernel has for a thread.
  ///
  /// @param pid -1 where it isn't known: then what was known stays
  /// @param first bytes of the name, the first one lowest, zeros after its end
  void nameByKernel(int tid, int pid, long first, long second) {
    if (tid <= 0) {
      return;
    }
    int at = find(tid);
    if (at >= 0 && firsts[at] == first && seconds[at] == second && (pid < 0 || pids[at] == pid)) {
      return;
    }
    synchronized (this) {
      int place = placeOf(at, tid, pid);
      firsts[place] = first;
      seconds[place] = second;
    }
  }

  /// The name that a JVM has for a thread, which goes before the kernel's: that has 15 bytes.
  void nameByJvm(int tid, int pid, int text) {
    if (tid <= 0) {
      return;
    }
    int at = find(tid);
    if (at >= 0 && texts[at] == text && (pid < 0 || pids[at] == pid)) {
      return;
    }
    synchronized (this) {
      texts[placeOf(at, tid, pid)] = text;
    }
  }

  private int find(int tid) {
    int start = (tid * SPREAD) >>> shift;
    for (int probe = 0; probe < PROBES; probe++) {
      int at = (start + probe) & mask;
      if (tids[at] == tid) {
        return at;
      }
    }
    return -1;
  }

  private int placeOf(int found, int tid, int pid) {
    int at = found >= 0 ? found : free(tid);
    if (found < 0) {
      tids[at] = tid;
      pids[at] = pid;
      firsts[at] = 0;
      seconds[at] = 0;
      texts[at] = Texts.NONE;
    } else if (pid >= 0) {
      // A number that went to another process brings no name along.
      if (pids[at] >= 0 && pids[at] != pid) {
        texts[at] = Texts.NONE;
      }
      pids[at] = pid;
    }
    return at;
  }

  private int free(int tid) {
    int start = (tid * SPREAD) >>> shift;
    for (int probe = 0; probe < PROBES; probe++) {
      int at = (start + probe) & mask;
      if (tids[at] == 0) {
        return at;
      }
    }
    replaced++;
    victim++;
    return (start + victim % PROBES) & mask;
  }

  synchronized Map<Integer, ThreadName> copy(String[] allTexts) {
    Map<Integer, ThreadName> copy = new HashMap<>();
    for (int at = 0; at < tids.length; at++) {
      if (tids[at] != 0) {
        String name = texts[at] == Texts.NONE ? kernelName(at) : allTexts[texts[at]];
        copy.put(tids[at], new ThreadName(tids[at], pids[at], name));
      }
    }
    return copy;
  }

  private String kernelName(int at) {
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(firsts[at])
            .putLong(seconds[at])
            .array();
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  synchronized long replaced() {
    return replaced;
  }
}
