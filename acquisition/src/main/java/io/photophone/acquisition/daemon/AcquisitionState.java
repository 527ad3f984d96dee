package io.photophone.acquisition.daemon;

import io.photophone.model.BreakerState;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How the acquisition is doing, at one moment.
///
/// @param error what went wrong last, for people; null while nothing has
/// @param errors failures of the source since the daemon was made
/// @param lostSamples samples that the source or a failure lost, for each channel
/// @param skippedTicks frame periods that passed without a frame because reading was late
/// @param breaker whether a source that fails is tried
/// @param stalls reads that took longer than they may
/// @param clockSteps how often the wall clock was set
public record AcquisitionState(
    Phase phase,
    @Nullable String error,
    long errors,
    long lostSamples,
    long skippedTicks,
    BreakerState breaker,
    long stalls,
    long clockSteps) {

  /// One whose source neither hung nor failed often, by a clock that nobody set.
  public AcquisitionState(
      Phase phase, @Nullable String error, long errors, long lostSamples, long skippedTicks) {
    this(phase, error, errors, lostSamples, skippedTicks, BreakerState.CLOSED, 0, 0);
  }

  /// Where a daemon stands, and where it may go from there. Contract: B13.
  public enum Phase {
    STOPPED,
    STARTING,
    RUNNING,
    /// The source failed and is opened anew after a pause.
    RETRYING,
    /// The source hangs: a read has taken longer than it may.
    STALLED,
    STOPPING,
    /// The source came to its end.
    ENDED,
    /// The daemon failed in a way that to try again doesn't mend; a reset leads out.
    ERROR;

    /// The phases that may follow; from any to [#ERROR].
    public Set<Phase> next() {
      return switch (this) {
        case STOPPED -> EnumSet.of(STARTING, ERROR);
        case ENDED -> EnumSet.of(STARTING, STOPPED, ERROR);
        case STARTING -> EnumSet.of(RUNNING, STOPPING, STOPPED, ERROR);
        case RUNNING -> EnumSet.of(RETRYING, STALLED, STOPPING, ENDED, ERROR);
        case RETRYING -> EnumSet.of(RUNNING, STALLED, STOPPING, ENDED, ERROR);
        case STALLED -> EnumSet.of(RUNNING, RETRYING, STOPPING, ENDED, ERROR);
        case STOPPING -> EnumSet.of(STOPPED, ERROR);
        case ERROR -> EnumSet.of(STOPPED);
      };
    }

    /// The name in answers, as in `running`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
