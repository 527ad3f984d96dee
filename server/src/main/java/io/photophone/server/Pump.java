package io.photophone.server;

import java.util.Set;
import io.photophone.acquisition.supervision.Task;
import io.photophone.acquisition.supervision.TaskSupervisor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// A thread that starts the writes of some of the clients, so that a topic's thread has only to
/// encode and one processor doesn't do all the writing.
final class Pump {
  /// Each group is in it once at most, as its [Group#resume].
  private final BlockingQueue<Runnable> due = new LinkedBlockingQueue<>();

  private final Task task;

  /// Touched by the pump's thread alone.
  private boolean running = true;

  /// A pump that stands still.
  ///
  /// @param number tells it from the others
  Pump(int number) {
    this.task =
        new Task(
            "web writer " + number,
            Task.Kind.RESTARTABLE,
            false,
            this::run,
            () -> due.add(() -> running = false));
  }

  /// A topic's clients that this thread writes to.
  final class Group {
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean queued = new AtomicBoolean();

    void add(EventStream stream) {
      streams.add(stream);
    }

    void remove(EventStream stream) {
      streams.remove(stream);
    }

    /// Has each of them look for what there is to write.
    void wake() {
      if (!queued.get() && queued.compareAndSet(false, true)) {
        due.add(this::resume);
      }
    }

    private void resume() {
      // Before the streams look: what is published from now on queues the group again.
      queued.set(false);
      streams.forEach(EventStream::resume);
    }
  }

  void start(TaskSupervisor tasks) {
    tasks.start(task);
  }

  private void run() throws InterruptedException {
    while (running) {
      due.take().run();
    }
  }

  /// Asks its thread to end.
  void stop() {
    task.stop().run();
  }
}
