package io.photophone.channels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Messages in the order in which they were accepted, at most `capacity` of them.
///
/// The arrays have a power of two slots, the capacity is exact all the same: a sender goes as far
/// as the position of the receivers plus the capacity. Nothing allocates.
abstract sealed class Ring<T> permits OneToOneRing, ManyToOneRing, ManyToManyRing {
  static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  /// Sign bit of the senders' position: the ring is closed.
  static final long CLOSED = Long.MIN_VALUE;

  final int capacity;

  Ring(int capacity) {
    this.capacity = capacity;
  }

  static int slotsFor(int capacity) {
    return Integer.highestOneBit(Math.max(2, 2 * capacity - 1));
  }

  /// Takes a message in, without waiting.
  abstract Sent offer(T message);

  /// Takes the oldest message out, without waiting.
  ///
  /// @param stamp set to when it was sent
  /// @return null if there is none
  abstract @Nullable T take(Stamp stamp);

  /// Shows the oldest messages to the receiver that will [#settle] them next.
  ///
  /// @return how many, at most `limit` and the length of the batch
  abstract int fetch(Batch batch, int limit);

  /// Takes out as many of the messages last fetched as were received.
  ///
  /// @return whether the others are in the ring still; if not, they are the receiver's own
  abstract boolean settle(int received);

  /// Whether a take gives a message or will never give one again.
  abstract boolean isReady();

  /// Whether it is closed and everything has been taken.
  abstract boolean isEnded();

  /// Whether an offer would not be refused as full.
  abstract boolean hasRoom();

  /// Refuses offers from now on. When it returns, none is under way that will be accepted.
  abstract void close();

  abstract boolean isClosed();

  /// Messages accepted so far.
  abstract long accepted();

  /// Messages taken out so far.
  abstract long taken();

  final long pending() {
    // Taken first: never more than what is accepted later, but for a message that a ring with one
    // sender
    // shows before it counts it.
    long out = taken();
    return Math.max(0, accepted() - out);
  }

  /// Lets a thread get on that is between two steps of an offer or a take.
  static void pause(int round) {
    if (round < 100) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(10_000);
    }
  }

  /// When a message was sent.
  static final class Stamp {
    static final long NOT_TIMED = Long.MIN_VALUE;

    /// By [System#nanoTime], or [#NOT_TIMED].
    long nanos = NOT_TIMED;
  }

  /// Messages shown to a receiver, with when they were sent.
  static final class Batch {
    static final int SIZE = 64;

    final @Nullable Object[] messages = new Object[SIZE];

    /// By [System#nanoTime], or [Stamp#NOT_TIMED]; unused while [#isTimed] is false.
    final long[] nanos = new long[SIZE];

    boolean isTimed;
  }
}
