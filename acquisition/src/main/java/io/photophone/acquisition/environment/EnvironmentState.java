package io.photophone.acquisition.environment;

import io.photophone.model.Environment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a feed is doing.
///
/// @param sensor what people call the sensor
/// @param environment what holds now
/// @param time since when the newest answer holds, however old; null where there is none or it
///   always holds
/// @param ageS seconds since then, by the machine's clock; NaN without a time
/// @param reads answers of the sensor
/// @param errors times that it failed
/// @param error why it failed last; null if its last answer was good
public record EnvironmentState(
    String sensor,
    Environment environment,
    @Nullable Instant time,
    double ageS,
    long reads,
    long errors,
    @Nullable String error) {}
