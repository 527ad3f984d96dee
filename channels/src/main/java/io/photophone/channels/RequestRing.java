package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Requests in the order in which they were accepted. Lock-free, for any number of senders and
/// takers; nothing allocates.
///
/// Different from a [ManyToManyRing]: senders claim a cell itself and not a position beside it, so
/// that a taker that finds nothing has looked at no line that the next sender writes first, and a
/// take writes nothing to the cell, so that a reply doesn't wait behind that write.
final class RequestRing<Q, R> implements RequestQueue<Q, R> {
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
  private final Parking receivers = new Parking();
  private final Position head = new Position();
  private final Position tail = new Position();

  /// Everything before it was cleared; may lag.
  private final Position cleared = new Position();

  private final RequestReplyChannel<Q, R> channel;

  /// @param requests how many it holds at least
  RequestRing(RequestReplyChannel<Q, R> channel, int requests) {
    this.channel = channel;
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

  @Override
  public Sent offer(Priority priority, long id, Q body) {
    long at = head.acquire();
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
      } else if (!discardFront(false)) {
        return Sent.FULL;
      }
    }
  }

  private void publish(Cell cell, long at, long id, Q body) {
    cell.id = id;
    cell.body = body;
    cell.release(turn(at, PUBLISHED));
    // Partner: who begins to look here has all that was written before the claims behind.
    head.release(at + 1);
    receivers.signal();
  }

  private boolean isTaken(long at) {
    if (at < head.limit()) {
      return true;
    }
    long end = tail.get();
    head.limit(end);
    return at < end;
  }

  /// Takes the front out if its caller waits no longer.
  ///
  /// @return whether to look again
  private boolean discardFront(boolean evenIfWanted) {
    long at = tail.get();
    Cell cell = cell(at);
    if (cell.turn() != turn(at, PUBLISHED)) {
      return tail.get() != at;
    }
    long id = cell.id;
    if (!evenIfWanted && tail.get() == at && channel.isPending(id)) {
      return false;
    }
    if (tail.compareAndSet(at, at + 1)) {
      channel.expired();
    }
    return true;
  }

  /// Any number of threads take.
  @Override
  public RequestQueue.Taker<Q, R> taker(String name) {
    return new RingTaker<>(this);
  }

  @SuppressWarnings("unchecked")
  private boolean take(RequestQueue.Taken<Q, R> into) {
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
          into.request = null;
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

  @Override
  public Parking receivers() {
    return receivers;
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

  private boolean isReady() {
    long at = tail.get();
    return cell(at).turn() > turn(at, FREE);
  }

  private boolean isEnded() {
    long at = tail.get();
    return cell(at).turn() == turn(at, CLOSED);
  }

  @Override
  public void close() {
    long at = head.acquire();
    for (int round = 0; ; ) {
      Cell cell = cell(at);
      long turn = cell.turn();
      long state = turn - turn(at, FREE);
      if (state == CLOSED) {
        return;
      }
      if (state > FREE) {
        at++;
      } else if (state == FREE || turn == turn(at - cells.length, PUBLISHED)) {
        if (state < FREE && !isTaken(at - cells.length)) {
          // No cell is left for the mark of the end. Its caller hears of the end, as all do.
          discardFront(true);
        } else if (cell.compareAndSet(turn, turn(at, CLOSED))) {
          return;
        }
      } else {
        Ring.pause(round++);
      }
    }
  }

  @Override
  public long accepted() {
    long at = head.acquire();
    while (true) {
      long state = cell(at).turn() - turn(at, FREE);
      if (state <= FREE || state == CLOSED) {
        return at;
      }
      at++;
    }
  }

  @Override
  public long pending() {
    // Taken first: never more than what is accepted later.
    long out = tail.get();
    return accepted() - out;
  }

  private record RingTaker<Q, R>(RequestRing<Q, R> ring) implements RequestQueue.Taker<Q, R> {
    @Override
    public boolean take(RequestQueue.Taken<Q, R> into) {
      return ring.take(into);
    }

    @Override
    public boolean isReady() {
      return ring.isReady();
    }

    @Override
    public boolean isEnded() {
      return ring.isEnded();
    }

    @Override
    public void leave() {}
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
