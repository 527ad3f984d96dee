package io.photophone.channels;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Messages of receivers that have left, for those that stay; of one receiver in the order in which
/// it would have received them. For any thread: a look is one read while there are none, a take
/// needs the lock.
final class Orphans<T> {
  /// What a receiver has left behind. A thief that still knows its ring may take from it too, so
  /// what is there is told by the ring's positions and by nothing else.
  private record Estate<T>(Held<T> held, Ring<T> ring) {
    long count() {
      return held.count() + ring.pending();
    }
  }

  /// In the order in which they were left. Replaced under this object's lock.
  private volatile List<Estate<T>> estates = List.of();

  /// @param held nobody uses it any more
  /// @param ring closed; if it is one for one receiver, nobody receives from it any more
  synchronized void add(Held<T> held, Ring<T> ring) {
    Estate<T> estate = new Estate<>(held, ring);
    if (estate.count() > 0) {
      estates = Stream.concat(estates.stream(), Stream.of(estate)).toList();
    }
  }

  long count() {
    List<Estate<T>> present = estates;
    long count = 0;
    for (int i = 0; i < present.size(); i++) {
      count += present.get(i).count();
    }
    return count;
  }

  @Nullable T take(Ring.Stamp stamp) {
    return estates.isEmpty() ? null : takeOldest(stamp);
  }

  private synchronized @Nullable T takeOldest(Ring.Stamp stamp) {
    while (!estates.isEmpty()) {
      Estate<T> estate = estates.getFirst();
      T message = estate.held.take(stamp);
      if (message == null) {
        message = estate.ring.take(stamp);
      }
      if (message != null) {
        return message;
      }
      removeFirst();
    }
    return null;
  }

  /// Takes messages out.
  int fetch(Ring.Batch into, int limit) {
    return estates.isEmpty() ? 0 : fetchOldest(into, limit);
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
        return fetched;
      }
      removeFirst();
    }
    return 0;
  }

  private void removeFirst() {
    List<Estate<T>> present = estates;
    estates = present.subList(1, present.size()).stream().toList();
  }
}
