package io.photophone.channels;

import java.util.concurrent.locks.LockSupport;

/// How a sender without room and a receiver without a message wait.
public enum WaitStrategy {
  /// Keeps its processor busy: the shortest delay, for threads that have a processor each.
  SPIN,
  /// Spins a little, then lets others run; a virtual thread parks instead.
  YIELD,
  /// Spins a few microseconds, then parks: an idle channel uses no processor time.
  PARK;

  /*
   * A sender publishes with a plain release and then looks for waiters without a fence in between, since
   * a fence costs more than ten times the send itself. So it may look just before a receiver that is about
   * to park becomes visible, while the receiver looks just before the message does. The receiver covers
   * this: once enqueued it looks for about a microsecond, longer than a store takes to become visible, and
   * then parks with a limit, as a backstop, that grows from 1 ms to 16 s.
   */
  private static final int SPINS_BEFORE_PARK = 100;
  private static final int SPINS_BEFORE_PARK_VIRTUAL = 20;
  private static final int LOOKS_WHEN_ENQUEUED = 40;
  private static final long FIRST_BACKSTOP_NANOS = 1_000_000;
  private static final long LAST_BACKSTOP_NANOS = 16_000_000_000L;

  /// A timeout beyond the age of any process, safe to add to [System#nanoTime].
  static final long FOR_EVER = Long.MAX_VALUE / 2;

  /// Waits until ready.
  ///
  /// @param places where the calling thread is woken; each waiter belongs to it alone
  /// @param deadline by [System#nanoTime]
  /// @return whether it is ready; false when the deadline has passed
  boolean await(Ready ready, long deadline, Waiter... places) throws InterruptedException {
    return switch (this) {
      case SPIN -> spin(ready, deadline, false);
      case YIELD ->
          Thread.currentThread().isVirtual()
              ? park(ready, deadline, places)
              : spin(ready, deadline, true);
      case PARK -> park(ready, deadline, places);
    };
  }

  @SuppressWarnings("ThreadPriorityCheck") // to yield is what YIELD is chosen for
  private static boolean spin(Ready ready, long deadline, boolean yields)
      throws InterruptedException {
    for (int i = 0; !ready.isReady(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if ((i & 15) == 15 && deadline - System.nanoTime() <= 0) {
        return ready.isReady();
      }
      if (yields && i >= SPINS_BEFORE_PARK) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }
    return true;
  }

  private static boolean park(Ready ready, long deadline, Waiter... places)
      throws InterruptedException {
    int spins = Thread.currentThread().isVirtual() ? SPINS_BEFORE_PARK_VIRTUAL : SPINS_BEFORE_PARK;
    if (looks(ready, spins)) {
      return true;
    }
    boolean isReady = false;
    try {
      long backstop = FIRST_BACKSTOP_NANOS;
      while (true) {
        if (enqueue(places)) {
          backstop = FIRST_BACKSTOP_NANOS;
        }
        isReady = looks(ready, LOOKS_WHEN_ENQUEUED);
        if (isReady) {
          return true;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        LockSupport.parkNanos(places[0], Math.min(left, backstop));
        backstop = Math.min(4 * backstop, LAST_BACKSTOP_NANOS);
      }
    } finally {
      for (Waiter place : places) {
        place.leave(isReady && places.length == 1);
      }
    }
  }

  /// Puts every place at the end of its list, unless it is on it.
  ///
  /// @return whether one was not
  private static boolean enqueue(Waiter... places) {
    boolean isNew = false;
    for (Waiter place : places) {
      isNew |= place.enqueue();
    }
    return isNew;
  }

  private static boolean looks(Ready ready, int times) {
    for (int i = 0; i < times; i++) {
      if (ready.isReady()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /// What is waited for.
  @FunctionalInterface
  interface Ready {
    boolean isReady();
  }
}
