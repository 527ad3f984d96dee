package io.photophone.channels;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Messages of receivers that have left, for those that stay; of one receiver in the order in which
/// it would have received them. For any thread: a look is one read while there are none, a take
/// needs the lock.
final class Orphans<T> {
  /// What a receiver has left behind.
  private record Estate<T>(Held<T> held, Ring<T> ring) {}

  /// Guarded by this object's lock.
  private final ArrayDeque<Estate<T>> estates = new ArrayDeque<>();

  /// Written under the lock.
  private volatile long count;

  /// @param held nobody uses it any more
  /// @param ring closed, and nobody receives from it any more
  synchronized void add(Held<T> held, Ring<T> ring) {
    estates.add(new Estate<>(held, ring));
    count += held.count() + ring.pending();
  }

  long count() {
    return count;
  }

  @Nullable T take(Ring.Stamp stamp) {
    return count == 0 ? null : takeOldest(stamp);
  }

  private synchronized @Nullable T takeOldest(Ring.Stamp stamp) {
    while (!estates.isEmpty()) {
      Estate<T> estate = estates.getFirst();
      T message = estate.held.take(stamp);
      if (message == null) {
        message = estate.ring.take(stamp);
      }
      if (message != null) {
        count--;
        return message;
      }
      estates.removeFirst();
    }
    return null;
  }

  /// Takes messages out.
  int fetch(Ring.Batch into, int limit) {
    return count == 0 ? 0 : fetchOldest(into, limit);
  }

  private synchronized int fetchOldest(Ring.Batch into, int limit) {
    while (!estates.isEmpty()) {
      Estate<T> estate = estates.getFirst();
      int fetched = estate.held.fetch(into, limit);
      if (fetched > 0) {
        estate.held.settle(fetched);
      } else {
        fetched = estate.ring.fetch(into, limit);
        estate.ring.settle(fetched);
      }
      if (fetched > 0) {
        count -= fetched;
        return fetched;
      }
      estates.removeFirst();
    }
    return 0;
  }
}
