package io.photophone.events.symbols;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Collects symbols as they are read and makes a table of them.
final class SymbolCollector implements SymbolReader.Sink {
  /// Far above the largest program known to us; a file that lies ends here.
  private static final int MOST_SYMBOLS = 1 << 24;

  private static final int MOST_NAME_BYTES = 1 << 30;

  /// How far the last symbol of a table reaches if it has no size.
  private static final long UNKNOWN_SIZE_BYTES = 4096;

  private final NamePool pool = new NamePool(MOST_NAME_BYTES);
  private final int capacity;
  private long[] starts = new long[256];
  private long[] ends = new long[256];
  private int[] names = new int[256];
  private int count;
  private long read;
  private long unreadable;
  private long dropped;

  SymbolCollector() {
    this(MOST_SYMBOLS);
  }

  SymbolCollector(int capacity) {
    this.capacity = capacity;
  }

  void addUnreadable(long entries) {
    unreadable += entries;
  }

  @Override
  public boolean symbol(long start, long end, MemorySegment bytes, long offset, int length) {
    read++;
    int name = count < capacity ? pool.add(bytes, offset, length) : NamePool.FULL;
    if (name == NamePool.FULL) {
      dropped++;
      return false;
    }
    if (count == starts.length) {
      int more = Math.min(capacity, count * 2);
      starts = Arrays.copyOf(starts, more);
      ends = Arrays.copyOf(ends, more);
      names = Arrays.copyOf(names, more);
    }
    starts[count] = start;
    ends[count] = Long.compareUnsigned(end, start) < 0 ? start : end;
    names[count] = name;
    count++;
    return true;
  }

  SymbolTable toTable(boolean newestWins) {
    int[] order = sorted();
    var layers = new Layers(order, newestWins);
    layers.lay();
    return layers.table();
  }

  /// Indices sorted by start; at the same start the outer symbol comes before the inner, and of
  /// those with the same addresses the best name comes last, the newest if they are the same.
  private int[] sorted() {
    int[] from = new int[count];
    Arrays.setAll(from, i -> i);
    int[] to = new int[count];
    for (int width = 1; width < count && width > 0; width *= 2) {
      for (int low = 0; low < count; low += 2 * width) {
        merge(from, to, low, Math.min(low + width, count), Math.min(low + 2 * width, count));
      }
      int[] swapped = from;
      from = to;
      to = swapped;
    }
    return from;
  }

  private void merge(int[] from, int[] to, int low, int middle, int high) {
    int left = low;
    int right = middle;
    for (int i = low; i < high; i++) {
      boolean takeLeft = right >= high || (left < middle && compare(from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  private int compare(int a, int b) {
    int byStart = Long.compareUnsigned(starts[a], starts[b]);
    if (byStart != 0) {
      return byStart;
    }
    int byEnd = Long.compareUnsigned(ends[b], ends[a]);
    return byEnd != 0 ? byEnd : compareNames(names[a], names[b]);
  }

  /// Names with fewer leading underscores are better, as `memcpy` before `__memcpy`, then shorter
  /// ones.
  private int compareNames(int a, int b) {
    int byUnderscores = Integer.compare(underscores(b), underscores(a));
    if (byUnderscores != 0) {
      return byUnderscores;
    }
    byte[] bytes = pool.bytes();
    int lengthA = NamePool.length(bytes, a);
    int lengthB = NamePool.length(bytes, b);
    return lengthA != lengthB
        ? Integer.compare(lengthB, lengthA)
        : Arrays.compare(bytes, b + 2, b + 2 + lengthB, bytes, a + 2, a + 2 + lengthA);
  }

  private int underscores(int name) {
    byte[] bytes = pool.bytes();
    int length = NamePool.length(bytes, name);
    int found = 0;
    while (found < length && bytes[name + 2 + found] == '_') {
      found++;
    }
    return found;
  }

  /// Lays the symbols over each other in the order of their addresses, so that each address has
  /// one.
  private final class Layers {
    private final int[] order;
    private final boolean newestWins;

    /// Positions in `order` of the symbols that are open, the one on top first: a binary heap.
    private final int[] open;

    private int openCount;
    private long[] boundaries = new long[256];
    private int[] symbols = new int[256];
    private int boundaryCount;

    /// For each position in `order`, the index in the table, or -1.
    private final int[] kept;

    private int keptCount;

    Layers(int[] order, boolean newestWins) {
      this.order = order;
      this.newestWins = newestWins;
      this.open = new int[order.length];
      this.kept = new int[order.length];
      Arrays.fill(kept, -1);
    }

    void lay() {
      int next = 0;
      long at = 0;
      while (next < order.length || openCount > 0) {
        if (openCount == 0) {
          at = starts[order[next]];
        }
        while (openCount > 0 && Long.compareUnsigned(end(open[0]), at) <= 0) {
          pop();
        }
        next = openAt(at, next);
        if (openCount == 0) {
          boundary(at, -1);
          continue;
        }
        boundary(at, open[0]);
        at = end(open[0]);
        if (next < order.length && Long.compareUnsigned(starts[order[next]], at) < 0) {
          at = starts[order[next]];
        }
      }
    }

    private int openAt(long at, int first) {
      boolean covered = openCount > 0;
      int next = first;
      while (next < order.length && starts[order[next]] == at) {
        if (ends[order[next]] != at) {
          push(next);
          covered = true;
        } else if (!covered) {
          // A label inside a function that has a size would be no function.
          ends[order[next]] = reach(next);
          push(next);
        }
        next++;
      }
      return next;
    }

    private long reach(int position) {
      long start = starts[order[position]];
      int next = position + 1;
      while (next < order.length && starts[order[next]] == start) {
        next++;
      }
      if (next < order.length) {
        return starts[order[next]];
      }
      long end = start + UNKNOWN_SIZE_BYTES;
      return Long.compareUnsigned(end, start) < 0 ? -1L : end;
    }

    private long end(int position) {
      return ends[order[position]];
    }

    private void boundary(long at, int position) {
      int symbol = position;
      if (boundaryCount > 0 && symbols[boundaryCount - 1] == symbol) {
        return;
      }
      if (boundaryCount == boundaries.length) {
        boundaries = Arrays.copyOf(boundaries, boundaryCount * 2);
        symbols = Arrays.copyOf(symbols, boundaryCount * 2);
      }
      boundaries[boundaryCount] = at;
      symbols[boundaryCount] = symbol;
      boundaryCount++;
      if (position >= 0 && kept[position] < 0) {
        kept[position] = 0;
        keptCount++;
      }
    }

    SymbolTable table() {
      long[] tableStarts = new long[keptCount];
      long[] tableEnds = new long[keptCount];
      int[] tableNames = new int[keptCount];
      int index = 0;
      for (int position = 0; position < order.length; position++) {
        if (kept[position] >= 0) {
          tableStarts[index] = starts[order[position]];
          tableEnds[index] = ends[order[position]];
          tableNames[index] = names[order[position]];
          kept[position] = index++;
        }
      }
      int[] tableSymbols = Arrays.copyOf(symbols, boundaryCount);
      for (int i = 0; i < boundaryCount; i++) {
        tableSymbols[i] = tableSymbols[i] < 0 ? -1 : kept[tableSymbols[i]];
      }
      return new SymbolTable(
          Arrays.copyOf(boundaries, boundaryCount),
          tableSymbols,
          tableStarts,
          tableEnds,
          tableNames,
          pool.toBytes(),
          new SymbolTable.Counts(read, keptCount, unreadable, dropped));
    }

    private boolean above(int a, int b) {
      return newestWins ? order[a] > order[b] : a > b;
    }

    private void push(int position) {
      int at = openCount++;
      while (at > 0 && above(position, open[(at - 1) / 2])) {
        open[at] = open[(at - 1) / 2];
        at = (at - 1) / 2;
      }
      open[at] = position;
    }

    private void pop() {
      int last = open[--openCount];
      int at = 0;
      while (2 * at + 1 < openCount) {
        int child = 2 * at + 1;
        if (child + 1 < openCount && above(open[child + 1], open[child])) {
          child++;
        }
        if (!above(open[child], last)) {
          break;
        }
        open[at] = open[child];
        at = child;
      }
      open[at] = last;
    }
  }
}
