package io.photophone.channels;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// Decides when a class of a [PriorityChannel] has waited long enough. Shared by the channel's
/// receivers.
final class StarvationBound {
  /*
   * By messages: `served` counts what is received, `since` holds for each class the count when it was last
   * served or seen without a message. A class is overdue three messages before its bound, since three other
   * classes may be overdue at the same moment, and the one that has waited longest goes first. Updates of
   * several receivers may cross; each then errs by one message at most.
   */
  static final StarvationBound NONE = new StarvationBound(Long.MAX_VALUE, Long.MAX_VALUE);

  private static final int CLASSES = Priority.values().length;

  private final long mostMessages;
  private final long mostNanos;
  private final AtomicLong served = new AtomicLong();
  private final AtomicLongArray since = new AtomicLongArray(CLASSES);

  private StarvationBound(long mostMessages, long mostNanos) {
    this.mostMessages = mostMessages;
    this.mostNanos = mostNanos;
  }

  static StarvationBound messages(int most) {
    return new StarvationBound(most - (CLASSES - 2), Long.MAX_VALUE);
  }

  static StarvationBound nanos(long most) {
    return new StarvationBound(Long.MAX_VALUE, most);
  }

  boolean isNone() {
    return mostMessages == Long.MAX_VALUE && mostNanos == Long.MAX_VALUE;
  }

  boolean needsTimes() {
    return mostNanos != Long.MAX_VALUE;
  }

  void served(int rank) {
    if (mostMessages != Long.MAX_VALUE) {
      since.setOpaque(rank, served.incrementAndGet());
    }
  }

  void empty(int rank) {
    if (mostMessages != Long.MAX_VALUE) {
      since.setOpaque(rank, served.get());
    }
  }

  /// By how much a class that has a message has waited too long, negative if it has not.
  ///
  /// @param frontNanos when its oldest message was sent, or [Ring.Stamp#NOT_TIMED]
  long overdue(int rank, long nowNanos, long frontNanos) {
    if (needsTimes()) {
      return frontNanos == Ring.Stamp.NOT_TIMED ? -1 : nowNanos - frontNanos - mostNanos;
    }
    return served.get() - since.getOpaque(rank) - mostMessages;
  }
}
