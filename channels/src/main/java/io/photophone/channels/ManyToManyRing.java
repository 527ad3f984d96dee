package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A ring with any number of sending and receiving threads. Each side claims with one
/// compare-and-set.
///
/// After D. Vyukov, "Bounded MPMC queue" (1024cores.net): each cell has a sequence that tells whose
/// turn it is. Different: the capacity is exact, the position of the senders carries the close, and
/// a cell holds all that belongs to a message, so that one cache line carries it.
final class ManyToManyRing<T> extends Ring<T> {
  /*
   * Cell `i` with sequence s: the sender of position s may write; with s + 1 the receiver of position s may
   * read, who leaves it with s + cells. An empty take is right only if no position is claimed: one that is
   * claimed and not yet written is waited for, since a message behind it may already count as sent.
   */
  private final @Nullable Cell[] cells;
  private final int mask;
  private final LatencyTracking tracking;
  private final Position head = new Position();
  private final Position tail = new Position();

  ManyToManyRing(int capacity, LatencyTracking tracking) {
    super(capacity);
    int count = slotsFor(capacity);
    this.tracking = tracking;
    this.mask = count - 1;
    this.cells = new Cell[count];
    for (int i = 0; i < count; i++) {
      cells[i] = new Cell(i);
    }
  }

  private Cell cell(long at) {
    Cell cell = cells[(int) at & mask];
    if (cell == null) {
      throw new AssertionError();
    }
    return cell;
  }

  @Override
  Sent offer(T message) {
    while (true) {
      long at = head.get();
      if (at < 0) {
        return Sent.CLOSED;
      }
      if (at >= head.limit()) {
        long limit = tail.get() + capacity;
        if (at >= limit) {
          return Sent.FULL;
        }
        head.limit(limit);
      }
      if (head.compareAndSet(at, at + 1)) {
        Cell cell = cell(at);
        for (int round = 0; cell.sequence() != at; round++) {
          pause(round);
        }
        cell.message = message;
        if (tracking.times(at)) {
          cell.nanos = System.nanoTime();
        }
        cell.release(at + 1);
        return Sent.SENT;
      }
      Thread.onSpinWait();
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  @Nullable T take(Stamp stamp) {
    for (int round = 0; ; ) {
      long at = tail.get();
      Cell cell = cell(at);
      long turn = cell.sequence() - (at + 1);
      if (turn == 0) {
        if (tail.compareAndSet(at, at + 1)) {
          return (T) empty(cell, at, stamp);
        }
      } else if (turn < 0) {
        if (accepted() == at) {
          return null;
        }
        pause(round++);
      }
    }
  }

  /// The message at a position; null if it isn't the front, or is not there yet.
  @SuppressWarnings("unchecked")
  @Nullable T peekAt(long at) {
    Cell cell = cell(at);
    if (cell.sequence() != at + 1) {
      return null;
    }
    T message = (T) cell.message;
    return tail.get() == at ? message : null;
  }

  @Override
  int fetch(Batch batch, int limit) {
    int most = Math.min(limit, Batch.SIZE);
    batch.isTimed = tracking != LatencyTracking.OFF;
    for (int round = 0; ; ) {
      long at = tail.get();
      int count = 0;
      while (count < most && cell(at + count).sequence() == at + count + 1) {
        count++;
      }
      if (count == 0) {
        if (accepted() == at) {
          return 0;
        }
        pause(round++);
      } else if (tail.compareAndSet(at, at + count)) {
        for (int i = 0; i < count; i++) {
          Cell cell = cell(at + i);
          batch.messages[i] = cell.message;
          batch.nanos[i] = tracking.times(at + i) ? cell.nanos : Stamp.NOT_TIMED;
          cell.message = null;
          cell.release(at + i + mask + 1);
        }
        return count;
      }
    }
  }

  @Override
  boolean settle(int received) {
    return false;
  }

  @Override
  boolean isReady() {
    return tail.get() != head.get();
  }

  @Override
  boolean isEnded() {
    return isClosed() && pending() == 0;
  }

  @Override
  boolean hasRoom() {
    return pending() < capacity;
  }

  @Override
  void close() {
    long at;
    do {
      at = head.get();
    } while (at >= 0 && !head.compareAndSet(at, at | CLOSED));
  }

  @Override
  boolean isClosed() {
    return head.get() < 0;
  }

  @Override
  long accepted() {
    return head.get() & ~CLOSED;
  }

  @Override
  long taken() {
    return tail.get();
  }

  /// Takes out the message at this position, if that is the oldest still; null if it is not.
  @SuppressWarnings("unchecked")
  @Nullable T takeAt(long at, Stamp stamp) {
    Cell cell = cell(at);
    for (int round = 0; cell.sequence() != at + 1; round++) {
      if (tail.get() != at) {
        return null;
      }
      pause(round);
    }
    return tail.compareAndSet(at, at + 1) ? (T) empty(cell, at, stamp) : null;
  }

  /// When the message at this position was sent; [Stamp#NOT_TIMED] if it is not there.
  long sentNanosAt(long at) {
    Cell cell = cell(at);
    return tracking.times(at) && cell.sequence() == at + 1 ? cell.nanos : Stamp.NOT_TIMED;
  }

  /// Empties a cell that is the receiver's own.
  private @Nullable Object empty(Cell cell, long at, Stamp stamp) {
    Object message = cell.message;
    stamp.nanos = tracking.times(at) ? cell.nanos : Stamp.NOT_TIMED;
    cell.message = null;
    cell.release(at + mask + 1);
    return message;
  }

  private static final class Cell {
    private static final VarHandle SEQUENCE;

    static {
      try {
        SEQUENCE = MethodHandles.lookup().findVarHandle(Cell.class, "sequence", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    @SuppressWarnings("UnusedVariable") // by its handle
    private long sequence;

    private @Nullable Object message;
    private long nanos;

    Cell(long sequence) {
      this.sequence = sequence;
    }

    long sequence() {
      return (long) SEQUENCE.getAcquire(this);
    }

    void release(long newSequence) {
      SEQUENCE.setRelease(this, newSequence);
    }
  }
}
