package io.photophone.channels;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts of messages that will not be received, by reason. Written and read by any thread.
final class Drops {
  private final ConcurrentHashMap<DropReason, Long> counts = new ConcurrentHashMap<>();

  void add(DropReason reason, long messages) {
    if (messages != 0) {
      counts.merge(reason, messages, Long::sum);
    }
  }

  void addAll(Map<DropReason, Long> others) {
    others.forEach(this::add);
  }

  long of(DropReason reason) {
    return counts.getOrDefault(reason, 0L);
  }

  Map<DropReason, Long> toMap() {
    return Map.copyOf(counts);
  }

  static long total(Map<DropReason, Long> dropped) {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }
}
