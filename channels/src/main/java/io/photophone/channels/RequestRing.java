package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Requests in the order in which they were accepted. Lock-free, for any number of senders and
/// takers; nothing allocates.
///
/// Different from a [ManyToManyRing]: senders claim a cell itself and not a position beside it, so
/// that a taker that finds nothing has looked at no line that the next sender writes first, and a
/// take writes nothing to the cell, so that a reply doesn't wait behind that write.
final class RequestRing<Q> {
  /*
   * Cell of position p, the turn being 8 p plus one of the states below:
   *
   *   FREE ─► CLAIMED ─► PUBLISHED ─► (taken: `tail` > p) ─► CLEARING ─► FREE of p + cells
   *     └───► CLOSED                          └─────────────────────────► CLAIMED of p + cells
   *
   * Positions are claimed in order, by a compare-and-set of the cell: p + 1 only by one who has seen p
   * claimed. `head` is a hint where to begin to look, which may lag. A taker reads the cell and then moves
   * `tail`; what it read was the cell's, since a cell is written again only once `tail` has passed it. What
   * was taken is cleared by takers that find nothing, so that a request is not kept alive by an idle ring.
   */
  private static final int STATE_BITS = 3;
  private static final int FREE = 0;
  private static final int CLAIMED = 1;
  private static final int PUBLISHED = 2;
  private static final int CLEARING = 3;
  private static final int CLOSED = 4;
  private static final int MIN_CELLS = 64;

  private final Cell[] cells;
  private final int mask;
  private final Position head = new Position();
  private final Position tail = new Position();

  /// Everything before it was cleared; may lag.
  private final Position cleared = new Position();

  /// @param requests how many it holds at least
  RequestRing(int requests) {
    int count = Math.max(MIN_CELLS, Ring.slotsFor(2 * requests));
    cells = new Cell[count];
    mask = count - 1;
    for (int i = 0; i < count; i++) {
      cells[i] = new Cell(turn(i, FREE));
    }
  }

  private static long turn(long at, int state) {
    return at << STATE_BITS | state;
  }

  private Cell cell(long at) {
    return cells[(int) at & mask];
  }

  /// Takes a request in, without waiting.
  ///
  /// @param isWanted whether the request of this id is still wanted: those at the front that aren't
  ///     make room
  Sent offer(long id, Q body, LongPredicate isWanted, Runnable discarded) {
    long at = head.opaque();
    for (int round = 0; ; ) {
      Cell cell = cell(at);
      long turn = cell.turn();
      long state = turn - turn(at, FREE);
      if (state == FREE) {
        if (cell.compareAndSet(turn, turn(at, CLAIMED))) {
          publish(cell, at, id, body);
          return Sent.SENT;
        }
      } else if (state == CLOSED) {
        return Sent.CLOSED;
      } else if (state > 0) {
        at++;
      } else if (isTaken(at - cells.length)) {
        if (turn == turn(at - cells.length, PUBLISHED)) {
          if (cell.compareAndSet(turn, turn(at, CLAIMED))) {
            publish(cell, at, id, body);
            return Sent.SENT;
          }
        } else {
          Ring.pause(round++);
        }
      } else if (!discardFront(isWanted, discarded)) {
        return Sent.FULL;
      }
    }
  }

  private void publish(Cell cell, long at, long id, Q body) {
    cell.id = id;
    cell.body = body;
    cell.release(turn(at, PUBLISHED));
    head.opaque(at + 1);
  }

  private boolean isTaken(long at) {
    if (at < tail.limit()) {
      return true;
    }
    long end = tail.get();
    tail.limit(end);
    return at < end;
  }

  /// Takes the front out if it is not wanted.
  private boolean discardFront(LongPredicate isWanted, Runnable discarded) {
    long at = tail.get();
    Cell cell = cell(at);
    if (cell.turn() != turn(at, PUBLISHED)) {
      return tail.get() != at;
    }
    long id = cell.id;
    if (tail.get() == at && isWanted.test(id)) {
      return false;
    }
    if (tail.compareAndSet(at, at + 1)) {
      discarded.run();
    }
    return true;
  }

  /// Takes the oldest request out, without waiting.
  ///
  /// @return false if there is none
  @SuppressWarnings("unchecked")
  boolean take(Taken<Q> into) {
    for (int round = 0; ; ) {
      long at = tail.get();
      Cell cell = cell(at);
      long state = cell.turn() - turn(at, FREE);
      if (state == PUBLISHED) {
        long id = cell.id;
        Object body = cell.body;
        if (tail.compareAndSet(at, at + 1)) {
          into.at = at;
          into.id = id;
          into.body = (Q) body;
          return true;
        }
      } else if (state == CLAIMED) {
        // A request behind it may already count as sent.
        Ring.pause(round++);
      } else if (state <= FREE || state == CLOSED) {
        clear(at);
        return false;
      }
    }
  }

  private void clear(long end) {
    long from = cleared.opaque();
    if (from >= end) {
      return;
    }
    for (long at = Math.max(from, end - cells.length); at < end; at++) {
      Cell cell = cell(at);
      if (cell.turn() == turn(at, PUBLISHED)
          && cell.compareAndSet(turn(at, PUBLISHED), turn(at, CLEARING))) {
        cell.body = null;
        cell.release(turn(at + cells.length, FREE));
      }
    }
    cleared.opaque(end);
  }

  /// Whether a take gives a request or will never give one again.
  boolean isReady() {
    long at = tail.get();
    return cell(at).turn() > turn(at, FREE);
  }

  /// Whether it is closed and everything has been taken.
  boolean isEnded() {
    long at = tail.get();
    return cell(at).turn() == turn(at, CLOSED);
  }

  /// Refuses offers from now on. When it returns, none is under way that will be accepted.
  void close() {
    long at = head.opaque();
    for (int round = 0; ; ) {
      Cell cell = cell(at);
      long turn = cell.turn();
      long state = turn - turn(at, FREE);
      if (state == CLOSED) {
        return;
      }
      if (state > FREE) {
        at++;
      } else if ((state == FREE || isTaken(at - cells.length) && turn == turn(at - cells.length, PUBLISHED))) {
        if (cell.compareAndSet(turn, turn(at, CLOSED))) {
          return;
        }
      } else {
        Ring.pause(round++);
      }
    }
  }

  /// Requests accepted so far.
  long accepted() {
    long at = head.opaque();
    while (true) {
      long state = cell(at).turn() - turn(at, FREE);
      if (state <= FREE || state == CLOSED) {
        return at;
      }
      at++;
    }
  }

  long pending() {
    // Taken first: never more than what is accepted later.
    long out = tail.get();
    return accepted() - out;
  }

  /// A request that was taken out.
  static final class Taken<Q> {
    /// Its position in the order of all.
    long at;

    long id;
    @Nullable Q body;
  }

  /// Where a request lies. The fields that nothing uses keep the next cell's on another cache line.
  @SuppressWarnings("unused")
  private static final class Cell {
    private static final VarHandle TURN;

    static {
      try {
        TURN = MethodHandles.lookup().findVarHandle(Cell.class, "turn", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private long turn;
    private long id;
    private long b02;
    private long b03;
    private long b04;
    private long b05;
    private long b06;
    private long b07;
    private long b08;
    private long b09;
    private long b10;
    private long b11;
    private long b12;
    private long b13;
    private @Nullable Object body;

    Cell(long turn) {
      this.turn = turn;
    }

    long turn() {
      return (long) TURN.getAcquire(this);
    }

    boolean compareAndSet(long expected, long newTurn) {
      return TURN.compareAndSet(this, expected, newTurn);
    }

    void release(long newTurn) {
      TURN.setRelease(this, newTurn);
    }
  }
}
