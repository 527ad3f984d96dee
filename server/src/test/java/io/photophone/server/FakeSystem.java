package io.photophone.server;

import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.EventBus;
import io.photophone.model.SystemEvent;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// The program around a server under test.
final class FakeSystem implements AutoCloseable {
  final TaskSupervisor tasks = new TaskSupervisor();
  final EventBus<SystemEvent> events = new EventBus<>("events", 16);

  /// What a reload does; a test may set another.
  volatile LiveSystem.Reload reload = List::of;

  /// The data directory; a test may set another.
  volatile Path data = Path.of("");

  LiveSystem live() {
    return new LiveSystem(
        tasks,
        events,
        data,
        () -> JsonMapper.shared().createObjectNode().put("data", "./data"),
        () -> reload.reload());
  }

  @Override
  public void close() {
    tasks.close();
  }
}
