package io.photophone.acquisition.environment;

import io.photophone.model.Environment;
import java.time.Instant;

/// What a sensor told, and since when it holds.
public record TimedEnvironment(Instant time, Environment environment) {}
