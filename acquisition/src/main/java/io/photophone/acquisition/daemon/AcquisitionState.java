package io.photophone.acquisition.daemon;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the acquisition is doing, at one moment.
///
/// @param error what went wrong last, for people; null while nothing has
/// @param errors failures of the source since the daemon was made
/// @param lostSamples samples that the source or a failure lost, for each channel
/// @param skippedTicks frame periods that passed without a frame because reading was late
public record AcquisitionState(
    Phase phase, @Nullable String error, long errors, long lostSamples, long skippedTicks) {

  /// Where a daemon stands.
  public enum Phase {
    STOPPED,
    STARTING,
    RUNNING,
    /// The source failed and is opened anew after a pause.
    RETRYING,
    /// The source came to its end.
    ENDED;

    /// The name in answers, as in `running`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
