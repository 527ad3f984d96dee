package io.photophone.app.notes;

import io.photophone.acquisition.supervision.Task;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.BroadcastChannel;
import io.photophone.events.ErrorBatch;
import io.photophone.events.jfr.JfrEvents;
import io.photophone.events.jfr.JfrSession;
import io.photophone.events.timeline.ActivityRing;
import io.photophone.events.timeline.FreezeTrigger;
import io.photophone.events.timeline.Freezer;
import io.photophone.events.timeline.JvmReader;
import io.photophone.events.timeline.ProgramEvent;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import io.photophone.server.LiveWhy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Notes in rings of fixed size what the kernel, the virtual machine and the server do, and keeps
/// what lies around late frames, lags and gaps.
///
/// One thread reads kernel and server, another one, of JFR, the virtual machine. Where the kernel
/// refuses, the rest goes on, and each answer says what is missing and what would allow it.
public final class LiveNotes implements Notes {
  private static final System.Logger LOG = System.getLogger(LiveNotes.class.getName());

  /// Between two looks at what the kernel and the server have told.
  private static final Duration PERIOD = Duration.ofMillis(50);

  /// Within which JFR tells what happened.
  private static final long JVM_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private static final Freezer.Limits LIMITS_OF_PIECES =
      new Freezer.Limits(
          TimeUnit.SECONDS.toNanos(3),
          TimeUnit.SECONDS.toNanos(1),
          TimeUnit.SECONDS.toNanos(1),
          Integer.MAX_VALUE);

  /// Waits of Java threads that are shorter explain no late frame.
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(5);

  private static final List<String> WAITS =
      List.of("jdk.JavaMonitorEnter", "jdk.VirtualThreadPinned", "jdk.FileWrite", "jdk.FileForce");

  /// More than these make the notes themselves a load.
  private static final long MOST_RECORDS_PER_SECOND = 200_000;

  private static final long GUARD_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ActivityRing kernelRing;
  private final ActivityRing jvmRing;
  private final ActivityRing programRing;
  private final Freezer freezer;
  private final StopNotes stops;
  private final FrameEvents frames = new FrameEvents(this::note);
  private final CountDownLatch stopping = new CountDownLatch(1);

  /// What isn't noted; written by the thread that notes and by the one that starts it.
  private volatile List<String> remarks = List.of();

  private volatile String jvmRemark = "";
  private @Nullable JfrSession jvm;

  /// Of the thread that notes.
  private final ErrorBatch errors = new ErrorBatch();

  /// @param memoryMegabytes for the newest notes
  /// @param kept disturbances whose notes are kept
  public LiveNotes(int memoryMegabytes, int kept) {
    long now = System.nanoTime();
    int bytes = Integer.highestOneBit(memoryMegabytes << 20);
    kernelRing = new ActivityRing(Math.max(bytes / 2, 1 << 19), now);
    jvmRing = new ActivityRing(Math.max(bytes / 8, 1 << 17), now);
    programRing = new ActivityRing(Math.max(bytes / 8, 1 << 17), now);
    stops = new StopNotes(kernelRing, (int) ProcessHandle.current().pid());
    freezer =
        new Freezer(
            List.of(kernelRing, jvmRing, programRing),
            new Freezer.Limits(
                LIMITS_OF_PIECES.beforeNanos(),
                LIMITS_OF_PIECES.afterNanos(),
                LIMITS_OF_PIECES.restNanos(),
                Math.max(1, kept)));
  }

  @Override
  public void start(TaskSupervisor tasks) {
    startJvm();
    stops.listening();
    tasks.start(
        new Task("notes", Task.Kind.RESTARTABLE, false, this::noteUntilStopped, this::stop));
  }

  private void startJvm() {
    try {
      var builder =
          JfrSession.ofThisProcess()
              .enable(JfrEvents.GARBAGE_COLLECTION)
              .enable("jdk.ExecuteVMOperation")
              .enable(JfrEvents.THREADS);
      WAITS.forEach(each -> builder.enable(each, SHORTEST_WAIT));
      JfrSession session = builder.build();
      JvmReader reader = new JvmReader(jvmRing);
      session.events().forEach(reader::add);
      session.start();
      jvm = session;
    } catch (IOException e) {
      jvmRemark = "garbage collections aren't noted: " + e.getMessage();
    }
  }

  private void noteUntilStopped() throws InterruptedException {
    boolean wholeMachine = true;
    while (stopping.getCount() > 0) {
      try (KernelNotes kernel = KernelNotes.open(kernelRing, wholeMachine)) {
        tell(kernel.remarks(), wholeMachine);
        wholeMachine = noteWhileBearable(kernel, wholeMachine);
      }
    }
  }

  private void tell(List<String> found, boolean wholeMachine) {
    List<String> all = new ArrayList<>(found);
    if (!wholeMachine) {
      all.add(
          "the machine does so much that only this process is noted, not who took its processor");
    }
    if (!jvmRemark.isEmpty()) {
      all.add(jvmRemark);
    }
    remarks = List.copyOf(all);
    all.forEach(each -> LOG.log(System.Logger.Level.INFO, "notes: {0}", each));
  }

  /// @return whether it may go on so: false if there is more to note than is bearable
  private boolean noteWhileBearable(KernelNotes kernel, boolean wholeMachine)
      throws InterruptedException {
    long since = System.nanoTime();
    long before = 0;
    while (stopping.getCount() > 0) {
      long now = System.nanoTime();
      if (kernel.isEmpty()) {
        stopping.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        kernelRing.caughtUp(now);
      } else {
        kernel.read(PERIOD);
      }
      if (!kernel.knowsStops()) {
        stops.beat(System.nanoTime());
      }
      noteProgram();
      if (now - since > GUARD_NANOS) {
        double perSecond = (kernel.records() - before) * 1e9 / (now - since);
        if (wholeMachine && perSecond > MOST_RECORDS_PER_SECOND) {
          return false;
        }
        since = now;
        before = kernel.records();
      }
    }
    return wholeMachine;
  }

  private void noteProgram() {
    long now = System.nanoTime();
    frames.read(errors);
    programRing.caughtUp(now);
    jvmRing.caughtUp(now - JVM_DELAY_NANOS);
    freezer.poll();
    if (!errors.isEmpty()) {
      LOG.log(System.Logger.Level.ERROR, "notes: {0} could not be taken", errors.total());
      errors.clear();
    }
  }

  private void note(
      FrameStep step, long timeNanos, int tid, int instrument, long frame, long amount) {
    ProgramEvent event = ProgramEvent.valueOf(step.name());
    programRing.program(timeNanos, tid, event, instrument, frame, amount);
    switch (step) {
      case LATE, GAP, LAG ->
          freezer.trigger(new FreezeTrigger(event, timeNanos, instrument, frame));
      case CAPTURED, PUBLISHED, MEASURED, DROPPED, ENCODED, WRITTEN -> {}
    }
  }

  @Override
  public FrameLog frames(String instrument) {
    return frames.log(instrument);
  }

  @Override
  public LiveWhy why(String instrument, BroadcastChannel<Streamed<Reading>> readings) {
    Why why = new Why(freezer, frames.numberOf(instrument), readings, () -> remarks);
    return new LiveWhy(why::answer, why::disturbances);
  }

  private void stop() {
    stopping.countDown();
  }

  @Override
  public void close() {
    stop();
    JfrSession session = jvm;
    if (session != null) {
      session.close();
    }
    frames.close();
  }
}
