package io.photophone.acquisition.daemon;

import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.channels.Priority;

/// What one can ask of a running daemon, through [DaemonControl]. Contract: B9.
public sealed interface DaemonCommand {

  /// Opens the source and publishes; nothing if it runs already.
  record Start() implements DaemonCommand {}

  /// Ends the acquisition; nothing if it doesn't run. Goes before everything that waits, and a
  /// start that is under way is given up.
  record Stop() implements DaemonCommand {}

  /// Cuts frames so that this many are published a second, from the next frame on.
  ///
  /// @param fps in the range of `target_fps`
  record ChangeTargetFps(double fps) implements DaemonCommand {
    public ChangeTargetFps {
      StreamingConfig.TARGET_FPS.check("target_fps", fps);
    }
  }

  /// Leads out of [AcquisitionState.Phase#ERROR].
  record Reset() implements DaemonCommand {}

  /// Changes nothing.
  record GetStats() implements DaemonCommand {}

  /// How urgent it is.
  default Priority priority() {
    return switch (this) {
      case Stop() -> Priority.REAL_TIME;
      case Start(), ChangeTargetFps _, Reset() -> Priority.HIGH;
      case GetStats() -> Priority.NORMAL;
    };
  }
}
