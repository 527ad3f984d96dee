package io.photophone.app.wiring;

import io.photophone.acquisition.daemon.RecoveryConfig;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.EventBus;
import io.photophone.model.FrameLog;
import java.nio.file.Path;

/// What instruments share, for a test.
final class FakeServices {
  private FakeServices() {}

  static Services with(AnalysisWorkers workers, Path data) {
    return new Services(
        workers,
        new TaskSupervisor(),
        new EventBus<>("events", 1000),
        RecoveryConfig.DEFAULT,
        _ -> FrameLog.NONE,
        data);
  }
}
