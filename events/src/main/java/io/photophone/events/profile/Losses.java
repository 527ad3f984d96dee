package io.photophone.events.profile;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// How much a profile lacks, by reason. Every export carries it.
///
/// @param counts those that are not zero
public record Losses(Map<Loss, Long> counts) {
  public Losses {
    Map<Loss, Long> copy = new EnumMap<>(Loss.class);
    counts.forEach((loss, count) -> {
      if (count < 0) {
        throw new IllegalArgumentException("count of " + loss + " is negative: " + count);
      }
      if (count > 0) {
        copy.put(loss, count);
      }
    });
    counts = Collections.unmodifiableMap(copy);
  }

  public long count(Loss loss) {
    return counts.getOrDefault(loss, 0L);
  }

  /// With so many more for one reason.
  public Losses plus(Loss loss, long count) {
    Map<Loss, Long> sum = new EnumMap<>(Loss.class);
    sum.putAll(counts);
    sum.merge(loss, count, Long::sum);
    return new Losses(sum);
  }

  /// For people: `3 samples dropped, 1 times throttled by the kernel`, or `nothing lost`.
  public String text() {
    return counts.isEmpty()
        ? "nothing lost"
        : counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().text())
            .collect(Collectors.joining(", "));
  }
}
