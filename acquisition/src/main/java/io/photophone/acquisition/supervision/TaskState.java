package io.photophone.acquisition.supervision;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a task is doing, at one moment.
///
/// @param restarts times that it was started again
/// @param lastFailure what it failed of last; null while it has not
public record TaskState(
    String name, Task.Kind kind, Stage stage, long restarts, @Nullable String lastFailure) {

  /// Where a task stands. One that has come to its end is not told of any more.
  public enum Stage {
    RUNNING,
    /// It failed and is started again after a pause.
    PAUSED,
    /// It failed, and with it the group.
    FAILED;

    /// The name in answers, as in `running`.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
