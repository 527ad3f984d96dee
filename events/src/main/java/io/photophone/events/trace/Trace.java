package io.photophone.events.trace;

import io.photophone.events.EventFilter;
import io.photophone.events.linux.EventCount;
import io.photophone.events.linux.PerfEvents;
import io.photophone.events.linux.PerfSession;
import io.photophone.events.linux.PerfStatistics;
import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Loss;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.SampleKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Traces programs: time on processors and off them, and any event of the kernel, each with its
/// call stack, in C, Java and the kernel, into a profile that exports write.
///
/// ```java
/// try (Trace trace = Trace.builder().pid(pid).cpu(99).offCpu().build()) {
///   trace.start();
///   trace.read(Duration.ofSeconds(10));
///   trace.finish();
///   Exports.standard().write(trace.profile(), trace.names(), Path.of("profile.pb.gz"));
/// }
/// ```
///
/// What is kept is bounded, and what is lost is counted in the profile. Used by one thread.
/// Contract: V13, V16.
public final class Trace implements AutoCloseable {
  private static final int MOST_REMARKS = 100;

  /// Longs of 8 bytes of the samples of the last seconds: 128 MiB.
  private static final int WINDOW_LONGS = 1 << 24;

  private static final long NANOS = 1_000_000_000;
  private static final Duration STEP = Duration.ofMillis(200);
  private static final long LOOK_NANOS = NANOS;

  private final TraceBuilder wanted;
  private final Set<String> remarks;
  private final JvmNames jvms;
  private final PerfSession session;
  private final Profile profile;
  private final TraceNames names;
  private final NameCheck check = new NameCheck();
  private final StackReader stacks;
  private final OffCpu offCpu;
  private final ProcessRecorder processes;
  private final SampleRecorder samples;
  private final @Nullable SampleWindow window;
  private final int offCpuKind;
  private long lookedNanos;
  private boolean finished;

  /// Nothing is asked for yet.
  public static TraceBuilder builder() {
    return new TraceBuilder();
  }

  static Trace open(TraceBuilder wanted) throws IOException {
    Set<String> remarks = new LinkedHashSet<>();
    List<Integer> pids =
        wanted.machine
            ? ProcessHandle.allProcesses().map(each -> (int) each.pid()).toList()
            : TraceSession.withChildren(wanted.pids);
    JvmNames jvms = new JvmNames(pids, remarks::add);
    try {
      TraceSession opened = TraceSession.open(wanted, jvms.names(), remarks::add);
      return of(wanted, opened, jvms, remarks);
    } catch (IOException | RuntimeException e) {
      jvms.close();
      throw e;
    }
  }

  private static Trace of(
      TraceBuilder wanted, TraceSession opened, JvmNames jvms, Set<String> remarks) {
    remarks.addAll(opened.session().remarks());
    try {
      return new Trace(wanted, opened, jvms, remarks);
    } catch (RuntimeException e) {
      opened.session().close();
      throw e;
    }
  }

  private Trace(TraceBuilder wanted, TraceSession opened, JvmNames jvms, Set<String> remarks) {
    this.wanted = wanted;
    this.jvms = jvms;
    this.remarks = remarks;
    session = opened.session();
    profile = new Profile(wanted.limits);
    CodeRanges code = new CodeRanges(profile, wanted.limits.mappings());
    names = new TraceNames(code, jvms.code());
    stacks = new StackReader(session.events(), code);
    window = wanted.keep.map(last -> new SampleWindow(last.toNanos(), WINDOW_LONGS)).orElse(null);
    SampleSink sink = window == null ? new ProfileSink(profile) : window;
    offCpuKind = wanted.offCpu ? profile.kind(SampleKind.OFF_CPU) : -1;
    offCpu = new OffCpu(sink, offCpuKind);
    processes = new ProcessRecorder(profile, code, offCpu);
    samples = new SampleRecorder(session.events(), sink, stacks, offCpu, check);
    follow(opened);
  }

  private void follow(TraceSession opened) {
    PerfEvents events = session.events();
    processes.follow(events);
    jvms.follow(events);
    if (wanted.rateHz != 0 && events.find(PerfEvents.CPU_SAMPLE).isPresent()) {
      samples.followCpu(profile.kind(SampleKind.CPU), NANOS / wanted.rateHz);
    }
    if (wanted.offCpu) {
      int own = (int) ProcessHandle.current().pid();
      samples.followSwitches(wanted.machine, wanted.machine ? own : -1);
    }
    for (TracedEvent event : wanted.events) {
      if (events.find(event.name()).isPresent()) {
        Optional<EventFilter> rest =
            event.rest(events.event(event.name()).format(), opened.filters(wanted, event));
        samples.followEvent(event.name(), profile.kind(SampleKind.ofEvent(event.name())), rest);
      }
    }
  }

  /// Begins to record.
  public void start() {
    session.enable();
    if (wanted.asksJvms) {
      jvms.ask();
    } else {
      jvms.takeThere();
    }
  }

  /// Takes what is recorded for some time, or until the thread is interrupted or all traced
  /// processes have ended.
  public void read(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos();
        left > 0 && !ended() && !Thread.currentThread().isInterrupted();
        left = end - System.nanoTime()) {
      session.read(Duration.ofNanos(Math.min(left, STEP.toNanos())));
      step(System.nanoTime());
    }
  }

  private void step(long nowNanos) {
    jvms.takeAnswers();
    if (window != null) {
      window.now(nowNanos);
    }
    if (nowNanos - lookedNanos > LOOK_NANOS) {
      lookedNanos = nowNanos;
      check.look(names, nowNanos);
    }
  }

  /// Whether all traced processes have ended.
  public boolean ended() {
    // Ends may be among what was lost, so the kernel is asked whether any thread is left.
    return !wanted.machine
        && processes.anySeen()
        && processes.threads().stream()
            .noneMatch(tid -> Files.exists(Path.of("/proc", Integer.toString(tid))));
  }

  /// Ends the recording, and completes the profile.
  ///
  /// @throws IOException if the kernel doesn't tell what it lost
  public void finish() throws IOException {
    if (finished) {
      return;
    }
    finished = true;
    long endNanos = System.nanoTime();
    session.disable();
    session.drain();
    awaitAnswers();
    offCpu.finish(endNanos, wanted.machine ? (_, _) -> false : Trace::sleeps);
    if (window != null) {
      window.now(endNanos);
      long from = endNanos - wanted.keep.orElseThrow().toNanos();
      window.replay(new ProfileSink(profile), from, offCpuKind);
      profile.lost(Loss.SAMPLES, window.displaced());
    }
    countLosses();
    remark(names.kernelFailure().orElse(""));
    if (stacks.incomplete() > 0) {
      remark(
          "%d of %d stacks end early: in compiled Java without -XX:+PreserveFramePointer, in files"
                  .formatted(stacks.incomplete(), stacks.copies())
              + " without .eh_frame, or beyond the copy");
    }
  }

  private void awaitAnswers() {
    // JVMs answer within a limit; what they tell names the frames of before.
    while (jvms.isWaiting() && !Thread.currentThread().isInterrupted()) {
      session.read(STEP);
      jvms.takeAnswers();
    }
  }

  private void countLosses() throws IOException {
    PerfStatistics statistics = session.statistics();
    long told = 0;
    for (EventCount each : session.counts().values()) {
      told += Math.max(each.lost(), 0);
    }
    profile.lost(
        Loss.LOST_RECORDS,
        Math.max(told, statistics.lostInRings()) + statistics.damaged() + statistics.unknown());
    profile.lost(Loss.THROTTLED, statistics.throttled());
    if (!session.events().errors().isEmpty()) {
      remark("records that could not be taken: " + session.events().errors().first());
      profile.lost(Loss.SAMPLES, session.events().errors().total());
    }
  }

  /// Of a thread that was there all the time without a switch: it either ran or slept throughout.
  private static boolean sleeps(int pid, int tid) {
    try {
      String stat = Files.readString(Path.of("/proc/%d/task/%d/stat".formatted(pid, tid)));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'R';
    } catch (IOException | StringIndexOutOfBoundsException e) {
      return false;
    }
  }

  /// What was recorded; complete once the trace is finished.
  public Profile profile() {
    return profile;
  }

  /// Names of the profile's frames, read when they are asked for.
  public FrameNames names() {
    return names;
  }

  /// How far the trace has come.
  public TraceCounts counts() {
    PerfStatistics statistics = session.statistics();
    return new TraceCounts(
        samples.samples(),
        samples.switches(),
        statistics.lostInRings(),
        statistics.throttled(),
        check.looked(),
        check.unnamed());
  }

  /// What is recorded otherwise than was asked for, or not at all, and why.
  public List<String> remarks() {
    return new ArrayList<>(remarks);
  }

  private void remark(String text) {
    if (!text.isEmpty() && remarks.size() < MOST_REMARKS) {
      remarks.add(text);
    }
  }

  @Override
  public void close() throws IOException {
    // In the reverse order: the probes of the JVMs go last, since the session records them.
    try (jvms;
        session;
        names) {}
  }
}
