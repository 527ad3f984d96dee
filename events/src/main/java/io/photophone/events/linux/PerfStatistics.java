package io.photophone.events.linux;

import java.util.Map;

/// What a session read and what it could not. Nothing is lost without being counted here.
///
/// @param records of each kind, samples among them
/// @param samples of each event, with those of the recording process itself
/// @param lostInRings records that found no room in a ring, as far as the kernel has reported
/// @param throttled how often the kernel paused an event that came too often
/// @param outOfOrder records handed over after a later one
/// @param damaged records whose parts go past their end, or whose length led nowhere
/// @param unknown records of a kind or an event that isn't known
/// @param own samples of the recording process itself, left out
public record PerfStatistics(
    Map<String, Long> records,
    Map<String, Long> samples,
    long lostInRings,
    long throttled,
    long outOfOrder,
    long damaged,
    long unknown,
    long own) {
  public PerfStatistics {
    records = Map.copyOf(records);
    samples = Map.copyOf(samples);
  }

  /// Records of all kinds.
  public long read() {
    return records.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Samples of an event; 0 for one that the session doesn't have.
  public long samples(String event) {
    return samples.getOrDefault(event, 0L);
  }
}
