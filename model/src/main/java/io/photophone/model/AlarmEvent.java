package io.photophone.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A change of an alarm's state.
///
/// @param alarm name of the rule
/// @param time end of the window of the reading that changed it, or when it was acknowledged
/// @param value concentration of the newest reading that counted; null before the first
/// @param standardUncertainty of that concentration
/// @param unit of both
/// @param who acknowledged it; null where a reading or the lack of one changed the state
public record AlarmEvent(
    String alarm,
    AlarmState from,
    AlarmState to,
    Instant time,
    @Nullable Double value,
    @Nullable Double standardUncertainty,
    @Nullable String unit,
    @Nullable String who) {

  public AlarmEvent {
    if (from == to) {
      throw new IllegalArgumentException("no change of alarm %s: %s".formatted(alarm, from));
    }
  }
}
