package io.photophone.events.symbols;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What compiled code one process had where, and when: addresses are used again, so that a name is
/// right only at its time.
///
/// ```java
/// map.load(timeNanos, start, sizeBytes, "java.util.HashMap.get");
/// map.unload(laterNanos, start);
/// String name = map.nameAt(address, timeNanos);
/// ```
///
/// Events may come late: each is put where its time says. Code that is loaded over other code ends
/// that, also if its unloading was never told. When the map is full, the code that was unloaded
/// first is forgotten; if all of it is live, new code is refused; both are counted.
///
/// Owned by one thread. A look-up doesn't allocate.
///
/// Contract: V19.
public final class CodeMap {
  /// Enough for the code of a large server, live and gone.
  public static final int DEFAULT_CAPACITY = 1 << 16;

  private static final long LARGEST_CODE_BYTES = 256L << 20;

  /// How a map came about.
  ///
  /// @param loaded pieces of code that were taken
  /// @param unloaded of them, those whose end was told
  /// @param replaced those whose end was seen only by what came after
  /// @param unknownUnloads ends of code that nothing is known of
  /// @param forgotten pieces of code that made room
  /// @param refused pieces with impossible addresses, or without room
  public record Counts(
      long loaded,
      long unloaded,
      long replaced,
      long unknownUnloads,
      long forgotten,
      long refused) {}

  private final int capacity;
  private int count;

  // Pieces of code, in the order of their start; those with the same start in the order they came.
  private long[] starts = new long[64];
  private long[] ends = new long[64];
  private long[] fromNanos = new long[64];
  private long[] toNanos = new long[64];
  private @Nullable String[] names = new @Nullable String[64];

  /// The largest end up to each piece: where a search backwards may stop.
  private long[] reach = new long[64];

  private long loaded;
  private long unloaded;
  private long replaced;
  private long unknownUnloads;
  private long forgotten;
  private long refused;

  public CodeMap() {
    this(DEFAULT_CAPACITY);
  }

  /// @param capacity pieces of code that are remembered, live and gone
  public CodeMap(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is not positive: " + capacity);
    }
    this.capacity = capacity;
  }

  /// Takes code that was loaded at a time.
  public void load(long timeNanos, long start, long sizeBytes, String name) {
    if (!takes(start, sizeBytes)) {
      return;
    }
    long end = start + sizeBytes;
    long to = Long.MAX_VALUE;
    int after = firstFrom(end);
    for (int i = after - 1; i >= 0 && reach[i] > start; i--) {
      if (ends[i] <= start) {
        continue;
      }
      if (fromNanos[i] > timeNanos) {
        to = Math.min(to, fromNanos[i]);
      } else if (toNanos[i] > timeNanos) {
        toNanos[i] = timeNanos;
        replaced++;
      }
    }
    insert(start, end, timeNanos, to, name);
  }

  /// Ends the code at a start.
  public void unload(long timeNanos, long start) {
    for (int i = firstFrom(start + 1) - 1; i >= 0 && starts[i] == start; i--) {
      if (fromNanos[i] <= timeNanos && toNanos[i] > timeNanos) {
        toNanos[i] = timeNanos;
        unloaded++;
        return;
      }
    }
    unknownUnloads++;
  }

  /// Takes what a snapshot of all code shows, such as a `PerfMap`. Code that was already known
  /// stays as it is; other code has been there since what was known before it ended, or for ever.
  ///
  /// @return entries of the snapshot that can't be understood
  public long snapshot(long timeNanos, SymbolReader snapshot) throws IOException {
    return snapshot.read((start, end, bytes, offset, length) -> {
      seen(timeNanos, start, end - start, bytes, offset, length);
      return true;
    });
  }

  private void seen(
      long timeNanos, long start, long size, MemorySegment bytes, long offset, int length) {
    if (!takes(start, size)) {
      return;
    }
    var name =
        new String(
            bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    long end = start + size;
    long from = Long.MIN_VALUE;
    long to = Long.MAX_VALUE;
    int after = firstFrom(end);
    for (int i = after - 1; i >= 0 && reach[i] > start; i--) {
      if (ends[i] <= start) {
        continue;
      }
      if (fromNanos[i] > timeNanos) {
        to = Math.min(to, fromNanos[i]);
      } else if (toNanos[i] <= timeNanos) {
        from = Math.max(from, toNanos[i]);
      } else if (starts[i] == start && ends[i] == end && name.equals(names[i])) {
        return;
      } else {
        toNanos[i] = timeNanos;
        from = timeNanos;
        replaced++;
      }
    }
    insert(start, end, from, to, name);
  }

  /// The name of the code at an address at a time, or null if none is known.
  public @Nullable String nameAt(long address, long timeNanos) {
    for (int i = firstFrom(address + 1) - 1; i >= 0 && reach[i] > address; i--) {
      if (ends[i] > address && fromNanos[i] <= timeNanos && timeNanos < toNanos[i]) {
        return names[i];
      }
    }
    return null;
  }

  /// Pieces of code that are remembered.
  public int size() {
    return count;
  }

  public Counts counts() {
    return new Counts(loaded, unloaded, replaced, unknownUnloads, forgotten, refused);
  }

  private boolean takes(long start, long size) {
    boolean possible =
        start >= 0 && size > 0 && size <= LARGEST_CODE_BYTES && start <= Long.MAX_VALUE - size - 1;
    if (!possible || (count == capacity && !forget())) {
      refused++;
      return false;
    }
    return true;
  }

  /// The first piece whose start is at an address or after it.
  private int firstFrom(long address) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts[middle] < address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void insert(long start, long end, long from, long to, String name) {
    if (count == starts.length) {
      resize(Math.min(capacity, count * 2));
    }
    int at = firstFrom(start + 1);
    int moved = count - at;
    System.arraycopy(starts, at, starts, at + 1, moved);
    System.arraycopy(ends, at, ends, at + 1, moved);
    System.arraycopy(fromNanos, at, fromNanos, at + 1, moved);
    System.arraycopy(toNanos, at, toNanos, at + 1, moved);
    System.arraycopy(names, at, names, at + 1, moved);
    starts[at] = start;
    ends[at] = end;
    fromNanos[at] = from;
    toNanos[at] = to;
    names[at] = name;
    count++;
    loaded++;
    setReach(at);
  }

  private void setReach(int first) {
    long most = first == 0 ? 0 : reach[first - 1];
    for (int i = first; i < count; i++) {
      most = Math.max(most, ends[i]);
      reach[i] = most;
    }
  }

  /// Forgets a quarter of the code that is gone, that which ended first.
  ///
  /// @return false if all is live
  private boolean forget() {
    long[] gone = Arrays.stream(toNanos, 0, count).filter(to -> to != Long.MAX_VALUE).toArray();
    if (gone.length == 0) {
      return false;
    }
    Arrays.sort(gone);
    long newest = gone[gone.length / 4];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (toNanos[i] > newest) {
        starts[kept] = starts[i];
        ends[kept] = ends[i];
        fromNanos[kept] = fromNanos[i];
        toNanos[kept] = toNanos[i];
        names[kept] = names[i];
        kept++;
      }
    }
    forgotten += count - kept;
    Arrays.fill(names, kept, count, null);
    count = kept;
    setReach(0);
    return true;
  }

  private void resize(int length) {
    starts = Arrays.copyOf(starts, length);
    ends = Arrays.copyOf(ends, length);
    fromNanos = Arrays.copyOf(fromNanos, length);
    toNanos = Arrays.copyOf(toNanos, length);
    names = Arrays.copyOf(names, length);
    reach = Arrays.copyOf(reach, length);
  }
}
