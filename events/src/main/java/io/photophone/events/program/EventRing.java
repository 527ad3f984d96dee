package io.photophone.events.program;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/// Slots of equal size that any thread fills and one thread empties, in the order in which they
/// were claimed. A full ring drops what is new, and counts it. Nothing blocks, locks or allocates.
///
/// The first word of a slot is its stamp. It is `p` when the slot is free for position `p`, `p + 1`
/// once that is filled, and `p + capacity`, that is free for the next round, when it was read.
/// Whoever moves the tail from `p` to `p + 1` owns the slot until it stamps it.
final class EventRing {
  /// Words that the ring itself needs in each slot.
  static final int STAMP_WORDS = 1;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] words;
  private final MemorySegment segment;
  private final int capacity;
  private final int mask;
  private final int shift;

  /// Next position to claim; moved by those who emit.
  private final AtomicLong tail = new AtomicLong();

  /// Next position to read; written by the reader.
  private final AtomicLong head = new AtomicLong();

  private final AtomicLong dropped = new AtomicLong();

  /// @param capacity slots, a power of two
  /// @param slotWords words of a slot, with its stamp; a power of two
  EventRing(int capacity, int slotWords) {
    this.capacity = capacity;
    this.mask = capacity - 1;
    this.shift = Integer.numberOfTrailingZeros(slotWords);
    this.words = new long[Math.multiplyExact(capacity, slotWords)];
    this.segment = MemorySegment.ofArray(words);
    for (int i = 0; i < capacity; i++) {
      words[i << shift] = i;
    }
    VarHandle.releaseFence();
  }

  /// Any thread.
  ///
  /// @return the position to fill and then [#publish]; -1 if the ring is full
  long claim() {
    while (true) {
      long at = tail.getAcquire();
      // Partner of the release in `free`: what the reader read, it has read.
      long stamp = (long) WORD.getAcquire(words, slot(at));
      if (stamp == at) {
        if (tail.compareAndSet(at, at + 1)) {
          return at;
        }
      } else if (stamp < at) {
        dropped.incrementAndGet();
        return -1;
      }
      Thread.onSpinWait();
    }
  }

  /// By the thread that claimed the position, once it has filled the slot.
  void publish(long position) {
    // Partner of the acquire in `isReady`.
    WORD.setRelease(words, slot(position), position + 1);
  }

  /// Whether the next slot is filled. The reader.
  boolean isReady() {
    long at = head.getPlain();
    return (long) WORD.getAcquire(words, slot(at)) == at + 1;
  }

  /// The position that is read next. The reader.
  long next() {
    return head.getPlain();
  }

  /// Frees the slot that was read. The reader.
  void free() {
    long at = head.getPlain();
    WORD.setRelease(words, slot(at), at + capacity);
    head.setRelease(at + 1);
  }

  private int slot(long position) {
    return ((int) position & mask) << shift;
  }

  /// Where the words of a slot behind its stamp begin in [#segment], in bytes.
  long contentOf(long position) {
    return (long) (slot(position) + STAMP_WORDS) * Long.BYTES;
  }

  MemorySegment segment() {
    return segment;
  }

  long claimed() {
    return tail.get();
  }

  long read() {
    return head.get();
  }

  long dropped() {
    return dropped.get();
  }
}
