package io.photophone.acquisition.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.supervision.TaskSupervisor.Outcome;
import io.photophone.acquisition.supervision.TaskSupervisor.Shutdown;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
final class TaskSupervisorTest {
  private final TaskSupervisor supervisor = new TaskSupervisor();
  private final CountDownLatch stop = new CountDownLatch(1);

  @AfterEach
  void nothing_goes_on() {
    stop.countDown();
    supervisor.close();
    assertTrue(
        supervisor.tasks().stream().allMatch(task -> task.stage() == TaskState.Stage.FAILED));
  }

  @ParameterizedTest
  @Tag("B6")
  @Tag("E1")
  @ValueSource(booleans = {false, true})
  void a_task_runs_on_a_thread_of_its_name_until_it_is_asked_to_stop(boolean virtual)
      throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    supervisor.start(
        new Task(
            "waiting",
            Task.Kind.CRITICAL,
            virtual,
            () -> {
              thread.complete(Thread.currentThread());
              stop.await();
            },
            stop::countDown));
    assertEquals("waiting", thread.get().getName());
    assertEquals(virtual, thread.get().isVirtual());
    assertEquals(
        List.of(new TaskState("waiting", Task.Kind.CRITICAL, TaskState.Stage.RUNNING, 0, null)),
        supervisor.tasks());
    assertEquals(
        new Shutdown(Outcome.CLEAN, List.of()), supervisor.shutdown(Duration.ofSeconds(10)));
    assertFalse(thread.get().isAlive());
  }

  @Test
  @Tag("B6")
  void a_task_that_has_come_to_its_end_is_forgotten_and_counted() throws Exception {
    for (int i = 0; i < 100; i++) {
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      supervisor.start(restartable("short " + i, () -> thread.complete(Thread.currentThread())));
      thread.get().join();
    }
    assertEquals(List.of(), supervisor.tasks());
    assertEquals(100, supervisor.endedCount());
    assertEquals(0, supervisor.failureCount());
  }

  @ParameterizedTest
  @Tag("B6")
  @ValueSource(booleans = {false, true})
  void a_restartable_task_that_throws_is_started_again_even_after_an_error(boolean error)
      throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch again = new CountDownLatch(1);
    supervisor.start(
        restartable(
            "feed",
            () -> {
              if (runs.getAndIncrement() == 0) {
                if (error) {
                  throw new StackOverflowError("deep");
                }
                throw new IllegalStateException("broken");
              }
              again.countDown();
              stop.await();
            }));
    again.await();
    TaskState state = supervisor.tasks().getFirst();
    assertEquals(TaskState.Stage.RUNNING, state.stage());
    assertTrue(state.lastFailure().contains(error ? "deep" : "broken"), state::toString);
    assertEquals(1, state.restarts());
    assertEquals(1, supervisor.failureCount());
    assertNull(supervisor.failureNow());
  }

  @Test
  @Tag("B6")
  void the_failure_of_a_critical_task_stops_the_group_and_is_told() throws Exception {
    CompletableFuture<Thread> other = new CompletableFuture<>();
    supervisor.start(
        restartable(
            "other",
            () -> {
              other.complete(Thread.currentThread());
              stop.await();
            }));
    other.get();
    supervisor.start(
        new Task(
            "frames",
            Task.Kind.CRITICAL,
            true,
            () -> {
              throw new NoClassDefFoundError("gone");
            },
            () -> {}));
    assertEquals("frames failed: java.lang.NoClassDefFoundError: gone", supervisor.failure().get());
    other.get().join();
    TaskState failed = supervisor.tasks().getFirst();
    assertEquals("frames", failed.name());
    assertEquals(TaskState.Stage.FAILED, failed.stage());
    assertThrows(
        IllegalStateException.class, () -> supervisor.start(restartable("late", () -> {})));
    assertEquals(Outcome.ERROR, supervisor.shutdown(Duration.ofSeconds(10)).outcome());
  }

  /// Ten tasks that don't listen cost one limit, not ten.
  @Test
  @Tag("B7")
  void the_limit_is_that_of_the_whole_group_and_who_is_late_is_interrupted_and_told()
      throws Exception {
    int tasks = 10;
    CountDownLatch started = new CountDownLatch(tasks);
    CountDownLatch interrupted = new CountDownLatch(tasks);
    for (int i = 0; i < tasks; i++) {
      supervisor.start(
          new Task(
              "deaf " + i,
              Task.Kind.RESTARTABLE,
              true,
              () -> {
                started.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                  throw e;
                }
              },
              () -> {}));
    }
    started.await();
    long began = System.nanoTime();
    Shutdown shutdown = supervisor.shutdown(Duration.ofMillis(300));
    long tookMillis = (System.nanoTime() - began) / 1_000_000;
    assertTrue(tookMillis < 300 * tasks / 2, "it took " + tookMillis + " ms");
    assertEquals(Outcome.TIMED_OUT, shutdown.outcome());
    assertEquals(tasks, shutdown.late().size());
    interrupted.await();
  }

  @Test
  @Tag("B7")
  void a_task_that_waits_for_its_restart_ends_at_once() throws Exception {
    supervisor.start(
        restartable(
            "hopeless",
            () -> {
              throw new IllegalStateException("broken");
            }));
    while (supervisor.tasks().getFirst().stage() != TaskState.Stage.PAUSED) {
      Thread.onSpinWait();
    }
    assertEquals(Outcome.CLEAN, supervisor.shutdown(Duration.ofSeconds(10)).outcome());
    assertEquals(List.of(), supervisor.tasks());
  }

  private Task restartable(String name, Task.Body body) {
    return new Task(name, Task.Kind.RESTARTABLE, true, body, stop::countDown);
  }
}
