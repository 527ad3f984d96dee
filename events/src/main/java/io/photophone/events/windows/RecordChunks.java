package io.photophone.events.windows;

import io.photophone.events.RecordConsumer;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Carries records from the thread on which Windows delivers them to the one that reads the source.
///
/// Records are copied into chunks, which the threads exchange as a whole, so that neither locks for
/// each record. Windows can't be made to wait: where the reader is too slow for all chunks, records
/// are lost and counted.
final class RecordChunks {
  private static final int LENGTH_SIZE = 4;

  private static final class Chunk {
    final MemorySegment bytes;
    int used;

    Chunk(int size) {
      bytes = MemorySegment.ofArray(new byte[size]);
    }
  }

  private final ArrayBlockingQueue<Chunk> free;
  private final ArrayBlockingQueue<Chunk> full;
  private final AtomicLong lost = new AtomicLong();

  /// The writing thread's.
  private @Nullable Chunk written;

  /// The reading thread's.
  private @Nullable Chunk read;

  private int readTo;

  RecordChunks(int chunks, int chunkSize) {
    free = new ArrayBlockingQueue<>(chunks);
    full = new ArrayBlockingQueue<>(chunks);
    for (int i = 0; i < chunks; i++) {
      free.add(new Chunk(chunkSize));
    }
  }

  /// Copies an `EVENT_RECORD`; by the writing thread.
  void add(MemorySegment memory, long address) {
    Chunk chunk = written == null ? free.poll() : written;
    if (chunk != null && !copied(memory, address, chunk) && chunk.used > 0) {
      full.add(chunk);
      chunk = free.poll();
      if (chunk != null) {
        boolean _ = copied(memory, address, chunk);
      }
    }
    written = chunk;
    if (chunk == null || chunk.used == 0) {
      lost.incrementAndGet();
    }
  }

  private static boolean copied(MemorySegment memory, long address, Chunk chunk) {
    long at = (long) chunk.used + LENGTH_SIZE;
    int length = EtwRecord.copy(memory, address, chunk.bytes, at, chunk.bytes.byteSize() - at);
    if (length < 0) {
      return false;
    }
    Words.put32(chunk.bytes, chunk.used, length);
    chunk.used += LENGTH_SIZE + length;
    return true;
  }

  /// Makes all that was added readable; by the writing thread.
  void handOver() {
    Chunk chunk = written;
    if (chunk != null && chunk.used > 0) {
      full.add(chunk);
      written = null;
    }
  }

  /// By the reading thread.
  ///
  /// @return how many records were handed over
  int read(RecordConsumer consumer, int most) {
    int count = 0;
    while (count < most) {
      if (read == null) {
        read = full.poll();
        readTo = 0;
      }
      Chunk chunk = read;
      if (chunk == null) {
        break;
      }
      int length = Words.s32(chunk.bytes, readTo);
      int record = readTo + LENGTH_SIZE;
      readTo = record + length;
      boolean last = readTo == chunk.used;
      try {
        count++;
        consumer.record(chunk.bytes, record, length);
      } finally {
        if (last) {
          chunk.used = 0;
          read = null;
          free.add(chunk);
        }
      }
    }
    return count;
  }

  /// Records for which there was no room. Any thread.
  long lost() {
    return lost.get();
  }
}
