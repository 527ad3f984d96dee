package io.photophone.events.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/// Samples in columns, in chunks so that a growth copies nothing.
final class SampleColumns {
  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK = 1 << CHUNK_SHIFT;

  private final int limit;
  private final List<Chunk> chunks = new ArrayList<>();
  private int size;
  private long newestNanos = Long.MIN_VALUE;
  private boolean inOrder = true;

  SampleColumns(int limit) {
    this.limit = limit;
  }

  boolean add(long timeNanos, int pid, int tid, int cpu, int kind, long value, int stack) {
    if (size == limit) {
      return false;
    }
    int at = size & (CHUNK - 1);
    if (at == 0) {
      chunks.add(new Chunk());
    }
    Chunk chunk = chunks.getLast();
    chunk.timeNanos[at] = timeNanos;
    chunk.pid[at] = pid;
    chunk.tid[at] = tid;
    chunk.cpu[at] = cpu;
    chunk.kind[at] = kind;
    chunk.value[at] = value;
    chunk.stack[at] = stack;
    inOrder &= timeNanos >= newestNanos;
    newestNanos = timeNanos;
    size++;
    return true;
  }

  int size() {
    return size;
  }

  /// In order of time; equally old ones in the order in which they came.
  Iterator<Sample> byTime(List<SampleKind> kinds) {
    IntStream numbers = IntStream.range(0, size);
    return inOrder
        ? numbers.mapToObj(i -> sample(i, kinds)).iterator()
        : numbers
            .boxed()
            .sorted(Comparator.comparingLong(this::timeNanos))
            .map(i -> sample(i, kinds))
            .iterator();
  }

  private long timeNanos(int number) {
    return chunks.get(number >> CHUNK_SHIFT).timeNanos[number & (CHUNK - 1)];
  }

  private Sample sample(int number, List<SampleKind> kinds) {
    Chunk chunk = chunks.get(number >> CHUNK_SHIFT);
    int at = number & (CHUNK - 1);
    return new Sample(
        chunk.timeNanos[at],
        chunk.pid[at],
        chunk.tid[at],
        chunk.cpu[at],
        kinds.get(chunk.kind[at]),
        chunk.value[at],
        chunk.stack[at]);
  }

  private static final class Chunk {
    final long[] timeNanos = new long[CHUNK];
    final long[] value = new long[CHUNK];
    final int[] pid = new int[CHUNK];
    final int[] tid = new int[CHUNK];
    final int[] cpu = new int[CHUNK];
    final int[] kind = new int[CHUNK];
    final int[] stack = new int[CHUNK];
  }
}
