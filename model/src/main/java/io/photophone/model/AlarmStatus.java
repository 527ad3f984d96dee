package io.photophone.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An alarm at one moment.
///
/// @param alarm name of the rule
/// @param rule the rule in words, as in `above 50 ppm for 3 s`
/// @param latching whether it must be acknowledged to go away
/// @param since when it came to this state
/// @param value concentration of the newest reading that counted; null before the first
/// @param standardUncertainty of that concentration
/// @param unit of both
/// @param acknowledgedBy null unless the state is [AlarmState#ACKNOWLEDGED]
/// @param unusable why the newest reading doesn't count; null if it does or there is none
public record AlarmStatus(
    String alarm,
    String gas,
    String rule,
    boolean latching,
    AlarmState state,
    Instant since,
    @Nullable Double value,
    @Nullable Double standardUncertainty,
    @Nullable String unit,
    @Nullable String acknowledgedBy,
    @Nullable String unusable) {}
