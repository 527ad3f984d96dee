package io.photophone.server;

import io.photophone.acquisition.supervision.Task;
import io.photophone.acquisition.supervision.TaskSupervisor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A task that does something at equal intervals. What fails is tried again when its supervisor
/// starts it again.
final class Ticker {
  private final Task task;

  /// At 0 once it is to end.
  private final CountDownLatch stopping = new CountDownLatch(1);

  Ticker(String name, Duration period, Runnable work) {
    task =
        new Task(
            name,
            Task.Kind.RESTARTABLE,
            false,
            () -> run(period.toNanos(), work),
            stopping::countDown);
  }

  /// Starts it; the first time is now.
  void start(TaskSupervisor tasks) {
    tasks.start(task);
  }

  private void run(long periodNanos, Runnable work) throws InterruptedException {
    long next = System.nanoTime();
    do {
      work.run();
      next = Math.max(next + periodNanos, System.nanoTime());
    } while (!stopping.await(next - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  /// Asks it to end.
  void stop() {
    task.stop().run();
  }
}
