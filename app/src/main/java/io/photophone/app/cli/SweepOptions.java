package io.photophone.app.cli;

import io.photophone.analysis.resonance.SweepPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The plan of a sweep on the command line.
final class SweepOptions {
  @Option(names = "--from", paramLabel = "HZ", description = "First frequency (1900).")
  private @Nullable Double fromHz;

  @Option(names = "--to", paramLabel = "HZ", description = "Last frequency (2100).")
  private @Nullable Double toHz;

  @Option(names = "--steps", paramLabel = "N", description = "How many frequencies (41).")
  private @Nullable Integer steps;

  @Option(names = "--dwell", paramLabel = "S", description = "Seconds at each frequency (0.4).")
  private @Nullable Double dwellS;

  @Option(
      names = "--quality",
      paramLabel = "Q",
      description = "Highest quality factor for which each step has time to settle (100).")
  private @Nullable Double expectedQuality;

  SweepPlan plan() {
    return SweepPlan.DEFAULT.with(fromHz, toHz, steps, dwellS, expectedQuality);
  }

  /// Whether any was given.
  boolean given() {
    return fromHz != null
        || toHz != null
        || steps != null
        || dwellS != null
        || expectedQuality != null;
  }
}
