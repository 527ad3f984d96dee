package io.photophone.app.wiring;

import io.photophone.acquisition.daemon.RecoveryConfig;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.EventBus;
import io.photophone.model.FrameLog;
import io.photophone.model.SystemEvent;
import java.nio.file.Path;
import java.util.function.Function;

/// What all instruments share, made once at the start and handed down. Contract: E7.
///
/// @param workers measure
/// @param tasks look after the threads
/// @param recovery what is done about a source that fails or hangs
/// @param frameLogs hear of the frames of the instrument of that name
/// @param data the data directory, in which sweeps are kept
record Services(
    AnalysisWorkers workers,
    TaskSupervisor tasks,
    EventBus<SystemEvent> events,
    RecoveryConfig recovery,
    Function<String, FrameLog> frameLogs,
    Path data) {

  void tell(SystemEvent event) {
    events.publish(event.topic(), event);
  }
}
