package io.photophone.events.profile;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// Mappings of one address space at all times. A look-up gives the newest that covers the address
/// and was there at the time; of equally old ones the one added last.
final class Mappings {
  /*
   * Up to 16 mappings are looked at one by one. More are indexed: all starts and ends, sorted, cut the
   * addresses into pieces; a segment tree over the pieces holds each mapping in O(log n) nodes, and a
   * look-up walks from its piece to the root. So even mappings that all overlap cost n log n memory
   * and log n time, which a list for each piece would not.
   *
   * Ranks, not mappings, stand in the nodes: positions in the order of time. The newest mapping that
   * is not too new is the greatest rank below a bound, in each node and over all of them.
   *
   * Mappings added since are looked at one by one until they are more than a sixteenth, so that
   * adding and looking up by turns stays cheap.
   */
  private static final int LINEAR = 16;
  private static final Comparator<Mapping> BY_TIME = Comparator.comparingLong(Mapping::timeNanos);

  private Mapping[] all = new Mapping[4];
  private int size;

  private int indexed;
  private Mapping[] byTime = {};
  private long[] boundaries = {};
  private int[][] nodes = {};

  void add(Mapping mapping) {
    if (size == all.length) {
      all = Arrays.copyOf(all, 2 * size);
    }
    all[size++] = mapping;
  }

  int size() {
    return size;
  }

  @Nullable Mapping find(long address, long timeNanos) {
    if (size - indexed > LINEAR + indexed / LINEAR) {
      index();
    }
    Mapping newest = indexed == 0 ? null : findIndexed(address, timeNanos);
    for (int i = indexed; i < size; i++) {
      Mapping mapping = all[i];
      if (mapping.timeNanos() <= timeNanos
          && (newest == null || mapping.timeNanos() >= newest.timeNanos())
          && mapping.contains(address)) {
        newest = mapping;
      }
    }
    return newest;
  }

  private @Nullable Mapping findIndexed(long address, long timeNanos) {
    int piece = Arrays.binarySearch(boundaries, signed(address));
    if (piece < 0) {
      piece = -piece - 2;
    }
    if (piece < 0) {
      return null;
    }
    int bound = countUpTo(timeNanos);
    int best = -1;
    for (int node = nodes.length / 2 + piece; node > 0; node >>= 1) {
      best = Math.max(best, greatestBelow(nodes[node], bound));
    }
    return best < 0 ? null : byTime[best];
  }

  private int countUpTo(long timeNanos) {
    int low = 0;
    int high = byTime.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (byTime[middle].timeNanos() <= timeNanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int greatestBelow(int[] ranks, int bound) {
    int last = ranks.length - 1;
    if (last < 0 || ranks[last] < bound) {
      return last < 0 ? -1 : ranks[last];
    }
    int at = Arrays.binarySearch(ranks, bound);
    int below = (at < 0 ? -at - 1 : at) - 1;
    return below < 0 ? -1 : ranks[below];
  }

  private void index() {
    indexed = size;
    byTime = Arrays.copyOf(all, size);
    Arrays.sort(byTime, BY_TIME);
    boundaries = boundaries(byTime);
    int leaves = Integer.highestOneBit(boundaries.length) << 1;
    int[] counts = new int[2 * leaves];
    for (Mapping mapping : byTime) {
      cover(mapping, leaves, counts, null, 0);
    }
    nodes = new int[2 * leaves][];
    for (int node = 0; node < nodes.length; node++) {
      nodes[node] = new int[counts[node]];
    }
    Arrays.fill(counts, 0);
    for (int rank = 0; rank < byTime.length; rank++) {
      cover(byTime[rank], leaves, counts, nodes, rank);
    }
  }

  /// Counts a mapping in the nodes that make up its range, and enters its rank if there are lists.
  private void cover(
      Mapping mapping, int leaves, int[] counts, int @Nullable [][] lists, int rank) {
    int low = leaves + Arrays.binarySearch(boundaries, signed(mapping.startAddress()));
    int high = leaves + Arrays.binarySearch(boundaries, signed(mapping.endAddress()));
    while (low < high) {
      if ((low & 1) != 0) {
        enter(low++, counts, lists, rank);
      }
      if ((high & 1) != 0) {
        enter(--high, counts, lists, rank);
      }
      low >>= 1;
      high >>= 1;
    }
  }

  private static void enter(int node, int[] counts, int @Nullable [][] lists, int rank) {
    if (lists != null) {
      lists[node][counts[node]] = rank;
    }
    counts[node]++;
  }

  private static long[] boundaries(Mapping[] mappings) {
    long[] sorted = new long[2 * mappings.length];
    for (int i = 0; i < mappings.length; i++) {
      sorted[2 * i] = signed(mappings[i].startAddress());
      sorted[2 * i + 1] = signed(mappings[i].endAddress());
    }
    return Arrays.stream(sorted).sorted().distinct().toArray();
  }

  /// Maps the order of unsigned numbers to that of signed ones.
  private static long signed(long unsigned) {
    return unsigned ^ Long.MIN_VALUE;
  }
}
