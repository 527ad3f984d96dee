package io.photophone.events.timeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A machine with few processors and a plain scheduler in steps of 0.1 ms, which tells a ring what
/// happens and keeps what each thread was at in each step. Random, by its seed.
final class SimulatedMachine {
  static final long STEP_NANOS = 100_000;
  static final int STEPS = 8000;
  private static final int SLICE = 30;

  /// What is done to the server's threads.
  enum Disturbance {
    HOG("ProcessorTaken"),
    COLLECTION("GarbageCollection"),
    STOP("ProcessStopped"),
    DISK("BlockedOnDisk"),
    SILENCE("SourceSilent");

    final String cause;

    Disturbance(String cause) {
      this.cause = cause;
    }
  }

  enum At {
    RUNNING,
    READY,
    BLOCKED
  }

  /// A thread: runs for a while, then sleeps for a while.
  final class Task {
    final int tid;
    final boolean isServer;
    final At[] truth = new At[STEPS];
    At at = At.BLOCKED;
    int cpu;
    int untilStep;
    int left;
    int slice;

    Task(int tid, boolean isServer) {
      this.tid = tid;
      this.isServer = isServer;
      this.untilStep = 1 + random.nextInt(20);
      this.cpu = random.nextInt(cpus);
    }

    boolean isHog() {
      return tid == Story.HOG;
    }
  }

  final Random random;
  final Story story = new Story(1 << 22);
  final Disturbance disturbance;
  final int begins;
  final int lasts;
  final List<Task> tasks = new ArrayList<>();
  private final int cpus;
  private final Task[] current;
  private final List<List<Task>> queues = new ArrayList<>();
  private boolean done;

  SimulatedMachine(long seed) {
    random = new Random(seed);
    cpus = 1 + random.nextInt(3);
    current = new Task[cpus];
    disturbance = Disturbance.values()[random.nextInt(Disturbance.values().length)];
    begins = 2000 + random.nextInt(500);
    lasts = 1000 + random.nextInt(3000);
    for (int cpu = 0; cpu < cpus; cpu++) {
      queues.add(new ArrayList<>());
    }
    tasks.add(new Task(Story.ACQUISITION, true));
    tasks.add(new Task(Story.ANALYSIS, true));
    Task hog = new Task(Story.HOG, false);
    hog.untilStep = Integer.MAX_VALUE;
    tasks.add(hog);
    for (int i = 0; i < cpus * 2; i++) {
      tasks.add(new Task(200 + i, false));
    }
    for (int step = 0; step < STEPS; step++) {
      step(step);
    }
    story.ring.caughtUp(STEPS * STEP_NANOS);
  }

  private void step(int step) {
    disturb(step);
    for (Task task : tasks) {
      if (task.at == At.BLOCKED && task.untilStep <= step) {
        wake(task, step);
      }
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      schedule(cpu, step);
    }
    for (Task task : tasks) {
      task.truth[step] = task.at;
    }
  }

  private void wake(Task task, int step) {
    task.at = At.READY;
    if (random.nextInt(10) == 0 && !(task.isServer && disturbance == Disturbance.HOG)) {
      task.cpu = random.nextInt(cpus);
    }
    task.left = task.isServer ? 3 + random.nextInt(10) : 1 + random.nextInt(10);
    if (task.isHog()) {
      task.cpu = tasks.getFirst().cpu;
      task.left = lasts;
    }
    queues.get(task.cpu).add(task);
    story.ring.woken(step * STEP_NANOS, task.cpu, task.tid, 0);
  }

  private void disturb(int step) {
    if (step != begins) {
      return;
    }
    int end = begins + lasts;
    switch (disturbance) {
      case HOG -> tasks.get(2).untilStep = step;
      case COLLECTION ->
          story.ring.paused(
              step * STEP_NANOS,
              end * STEP_NANOS,
              Story.SERVER,
              PauseKind.GARBAGE_COLLECTION,
              "System.gc()");
      case STOP -> {
        for (Task task : tasks) {
          if (task.isServer && task.at == At.BLOCKED) {
            task.untilStep = step;
          }
        }
      }
      case DISK, SILENCE -> {
        // Comes when a thread would sleep.
      }
    }
  }

  private boolean isDisturbed(int step) {
    return step >= begins && step < begins + lasts;
  }

  private void schedule(int cpu, int step) {
    Task task = current[cpu];
    List<Task> queue = queues.get(cpu);
    SwitchState state = SwitchState.YIELDED;
    if (task != null) {
      boolean isHeld =
          task.isServer
              && isDisturbed(step)
              && (disturbance == Disturbance.COLLECTION || disturbance == Disturbance.STOP);
      if (isHeld || task.left == 0) {
        state = block(task, step, isHeld);
      } else {
        task.slice--;
        boolean hogWaits = queue.stream().anyMatch(Task::isHog);
        if (!task.isHog() && !queue.isEmpty() && (task.slice <= 0 || hogWaits)) {
          state = SwitchState.PREEMPTED;
          task.at = At.READY;
          queue.add(task);
        } else {
          task.left--;
          return;
        }
      }
    }
    Task next = queue.stream().filter(Task::isHog).findFirst().orElse(null);
    if (next == null && !queue.isEmpty()) {
      next = queue.getFirst();
    }
    queue.remove(next);
    current[cpu] = next;
    if (next != null) {
      next.at = At.RUNNING;
      next.slice = SLICE;
      next.left--;
    }
    if (task != null || next != null) {
      story.ring.switched(
          step * STEP_NANOS,
          cpu,
          task == null ? 0 : task.tid,
          state,
          next == null ? 0 : next.tid,
          "");
    }
  }

  private SwitchState block(Task task, int step, boolean isHeld) {
    task.at = At.BLOCKED;
    if (isHeld) {
      task.untilStep = begins + lasts;
      return disturbance == Disturbance.STOP ? SwitchState.STOPPED : SwitchState.SLEEPING;
    }
    task.untilStep = task.isHog() ? Integer.MAX_VALUE : step + 30 + random.nextInt(60);
    int victim = disturbance == Disturbance.DISK ? Story.ANALYSIS : Story.ACQUISITION;
    boolean isLong = disturbance == Disturbance.DISK || disturbance == Disturbance.SILENCE;
    if (isLong && !done && step >= begins && task.tid == victim) {
      done = true;
      task.untilStep = step + lasts;
      return disturbance == Disturbance.DISK ? SwitchState.DISK : SwitchState.SLEEPING;
    }
    return SwitchState.SLEEPING;
  }

  Explanation why() {
    return story.why(begins * 0.1 - 20, Math.min(STEPS * 0.1, (begins + lasts) * 0.1 + 30), 50);
  }
}
