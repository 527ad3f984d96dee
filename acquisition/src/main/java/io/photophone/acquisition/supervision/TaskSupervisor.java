package io.photophone.acquisition.supervision;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A group of tasks: starts them, starts those again that may fail, and stops them all when one
/// fails that may not, or when it is told to.
///
/// Whatever a task throws is a failure, an [Error] as well. A task that has come to its end is
/// forgotten and counted. All methods may be called from any thread. Contract: B2, B6, B7, E1.
public final class TaskSupervisor implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TaskSupervisor.class.getName());

  /// What the tasks may take together to end.
  public static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  /// A task that has run for so long begins anew with short pauses.
  private static final long HEALTHY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final RetryPolicy<Object> RESTART =
      RetryPolicy.builder()
          .withMaxRetries(-1)
          .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(30), 2)
          .withJitter(0.2)
          .build();

  private final ConcurrentLinkedQueue<Running> running = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<String> failure = new CompletableFuture<>();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  /// At 0 once the group stops; ends the pauses.
  private final CountDownLatch stopping = new CountDownLatch(1);

  /// How the tasks of a group ended.
  ///
  /// @param late those that had not ended in time, and were interrupted
  public record Shutdown(Outcome outcome, List<String> late) {
    public Shutdown {
      late = List.copyOf(late);
    }
  }

  /// The worst that happened.
  public enum Outcome {
    CLEAN,
    /// A critical task had failed.
    ERROR,
    TIMED_OUT
  }

  /// A group without tasks.
  public TaskSupervisor() {}

  /// Starts a task.
  ///
  /// @throws IllegalStateException if the group stops
  public void start(Task task) {
    if (isStopping()) {
      throw new IllegalStateException("the group stops: %s can't start".formatted(task.name()));
    }
    Running started = new Running(task);
    running.add(started);
    started.thread.start();
    if (isStopping()) {
      task.stop().run();
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /// The tasks that have not come to their end, in the order in which they started.
  public List<TaskState> tasks() {
    return running.stream().map(Running::state).toList();
  }

  /// Tasks that came to their end.
  public long endedCount() {
    return ended.get();
  }

  /// Failures of all tasks.
  public long failureCount() {
    return failures.get();
  }

  /// Completed with the reason when a critical task has failed.
  public CompletableFuture<String> failure() {
    return failure.copy();
  }

  /// The reason why the group has failed; null while it has not.
  public @Nullable String failureNow() {
    return failure.getNow(null);
  }

  private void askAllToStop() {
    stopping.countDown();
    running.forEach(each -> each.task.stop().run());
  }

  /// Asks every task to stop and waits for them, for the given time together. Those that are late
  /// are interrupted and reported.
  public Shutdown shutdown(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    askAllToStop();
    List<String> late = new ArrayList<>();
    boolean interrupted = false;
    for (Running each : running) {
      try {
        long left = deadline - System.nanoTime();
        if (!each.thread.join(Duration.ofNanos(Math.max(0, left)))) {
          late.add(each.task.name());
          each.thread.interrupt();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        late.add(each.task.name());
        each.thread.interrupt();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Outcome outcome;
    if (!late.isEmpty()) {
      outcome = Outcome.TIMED_OUT;
      LOG.log(System.Logger.Level.WARNING, "tasks that did not end in time: {0}", late);
    } else {
      outcome = failure.isDone() ? Outcome.ERROR : Outcome.CLEAN;
      LOG.log(System.Logger.Level.INFO, "all tasks have ended: {0}", outcome);
    }
    return new Shutdown(outcome, late);
  }

  /// The same with [#STOP_LIMIT]. Idempotent.
  @Override
  public void close() {
    shutdown(STOP_LIMIT);
  }

  /// A task with its thread. Its fields are written by that thread.
  private final class Running implements Runnable {
    private final Task task;
    private final Thread thread;
    private volatile TaskState.Stage stage = TaskState.Stage.RUNNING;
    private final AtomicLong restarts = new AtomicLong();
    private volatile @Nullable String lastFailure;

    /// Failures in a row; of the task's thread alone.
    private @Nullable Execution<Object> attempts;

    Running(Task task) {
      this.task = task;
      Thread.Builder builder = task.virtual() ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
      this.thread = builder.name(task.name()).unstarted(this);
    }

    TaskState state() {
      return new TaskState(task.name(), task.kind(), stage, restarts.get(), lastFailure);
    }

    @Override
    public void run() {
      LOG.log(System.Logger.Level.DEBUG, "{0} starts", task.name());
      try {
        while (runOnce()) {
          restarts.incrementAndGet();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (stage != TaskState.Stage.FAILED) {
        running.remove(this);
        ended.incrementAndGet();
        LOG.log(System.Logger.Level.DEBUG, "{0} has ended", task.name());
      }
    }

    /// @return whether to run it once more
    private boolean runOnce() throws InterruptedException {
      long began = System.nanoTime();
      try {
        task.body().run();
        return false;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | Error e) {
        return failed(e, System.nanoTime() - began);
      }
    }

    private boolean failed(Throwable e, long ranNanos) throws InterruptedException {
      failures.incrementAndGet();
      String reason = "%s failed: %s".formatted(task.name(), e);
      lastFailure = e.toString();
      LOG.log(System.Logger.Level.ERROR, task.name() + " failed", e);
      return switch (task.kind()) {
        case CRITICAL -> {
          stage = TaskState.Stage.FAILED;
          failure.complete(reason);
          askAllToStop();
          yield false;
        }
        case RESTARTABLE -> pauseAfter(e, ranNanos);
      };
    }

    private boolean pauseAfter(Throwable e, long ranNanos) throws InterruptedException {
      Execution<Object> present = attempts;
      if (present == null || ranNanos >= HEALTHY_NANOS) {
        present = Execution.of(RESTART);
        attempts = present;
      }
      present.recordException(e);
      stage = TaskState.Stage.PAUSED;
      boolean goesOn = !stopping.await(present.getDelay().toNanos(), TimeUnit.NANOSECONDS);
      stage = TaskState.Stage.RUNNING;
      return goesOn;
    }
  }
}
