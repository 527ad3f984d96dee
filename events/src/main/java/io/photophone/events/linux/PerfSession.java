package io.photophone.events.linux;

import io.photophone.events.EventSource;
import io.photophone.events.RecordConsumer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Records what the kernel does for some processes or for the whole machine, while it happens.
///
/// Callbacks are registered with [#events], then [#enable] begins and [#read] runs the callbacks,
/// in the order of the records' times over all processors. Used by one thread. The clock is that of
/// [System#nanoTime].
///
/// What ran before is told first: names of threads and mappings of code, as `comm` and `mmap2`.
/// Threads that are born in the milliseconds of [PerfSessionBuilder#build] may be missed; that is
/// noticed, tried three times, and said by [#remarks]. Contract: V11, V13.
public final class PerfSession implements EventSource {
  private static final long PAGE = pageSize();
  private static final AtomicLong NEXT_ID = new AtomicLong(1);
  private static final int ATTEMPTS = 3;
  private static final int AT_ONCE = 1 << 14;

  private final long id = NEXT_ID.getAndIncrement();
  private final SessionSettings settings;
  private final NativeCalls calls;
  private final Descriptors descriptors;
  private final PerfEvents events;
  private final List<EventPlan.Planned> planned;
  private final List<String> remarks;
  private final List<Ring> rings = new ArrayList<>();
  private final RecordCursor before;
  private final RecordMerger merger;

  /// Records of what ran before, until they are handed over.
  private MemorySegment made = MemorySegment.NULL;

  private final MemorySegment waiting;
  private final long windowNanos;
  private final long latencyNanos;
  private boolean enabled;
  private boolean closed;
  private boolean keptBack;

  public static PerfSessionBuilder builder() {
    return new PerfSessionBuilder();
  }

  static PerfSession open(
      SessionSettings settings, Duration reorderWindow, Duration latency, boolean degrades)
      throws PerfException {
    NativeCalls calls = NativeCalls.open();
    long ringBytes = settings.pages() * PAGE;
    EventPlan plan =
        new EventPlan(settings, Tracefs.find(), (int) Math.min(ringBytes / 4, 1 << 30));
    List<String> refused = new ArrayList<>(plan.refused());
    List<String> remarks = new ArrayList<>(plan.remarks());
    Descriptors opened = openAll(calls, plan.events(), settings, ringBytes + PAGE, remarks);
    opened.refused().forEach((name, why) -> refused.add(name + ": " + why));
    opened.remarks().forEach((name, why) -> remarks.add(name + ": " + why));
    boolean nothingLeft = opened.refused().size() + plan.refused().size() >= plan.events().size();
    if ((!refused.isEmpty() && (!degrades || nothingLeft)) || opened.rings().isEmpty()) {
      opened.close();
      throw new PerfException(
          refused.isEmpty()
              ? "there is no process " + settings.pids()
              : String.join("; ", refused));
    }
    remarks.addAll(refused);
    return new PerfSession(settings, calls, opened, plan.events(), remarks, reorderWindow, latency);
  }

  private static Descriptors openAll(
      NativeCalls calls,
      List<EventPlan.Planned> events,
      SessionSettings settings,
      long ringBytes,
      List<String> remarks)
      throws PerfException {
    List<Integer> processors = Procfs.processors();
    for (int attempt = 1; ; attempt++) {
      Descriptors descriptors = new Descriptors(calls, events);
      try {
        List<Integer> threads = threads(settings);
        descriptors.open(threads, processors, ringBytes);
        Set<Integer> born = new HashSet<>(threads(settings));
        threads.forEach(born::remove);
        if (born.isEmpty()) {
          return descriptors;
        }
        if (attempt == ATTEMPTS) {
          remarks.add(
              "threads %s were born while the session was opened, and may be missing"
                  .formatted(born));
          return descriptors;
        }
      } catch (PerfException | RuntimeException | Error e) {
        descriptors.close();
        throw e;
      }
      descriptors.close();
    }
  }

  private static List<Integer> threads(SessionSettings settings) throws PerfException {
    if (settings.isMachine()) {
      return List.of(-1);
    }
    List<Integer> threads = new ArrayList<>();
    for (int pid : settings.pids()) {
      List<Integer> own = Procfs.threads(pid);
      if (own.isEmpty()) {
        throw new PerfException("there is no process %d".formatted(pid));
      }
      threads.addAll(own);
    }
    return threads;
  }

  private static long pageSize() {
    // The kernel's pages are of 4 KiB but on some ARM machines; a ring there needs whole ones.
    return Long.getLong("io.photophone.events.pageSize", 4096);
  }

  private PerfSession(
      SessionSettings settings,
      NativeCalls calls,
      Descriptors descriptors,
      List<EventPlan.Planned> planned,
      List<String> remarks,
      Duration reorderWindow,
      Duration latency) {
    this.settings = settings;
    this.calls = calls;
    this.descriptors = descriptors;
    this.planned = planned;
    this.remarks = List.copyOf(remarks);
    this.windowNanos = reorderWindow.toNanos();
    this.latencyNanos = latency.toNanos();
    this.events =
        new PerfEvents(
            setups(),
            settings.isMachine() ? (int) ProcessHandle.current().pid() : PerfEvents.NOBODY);
    descriptors.ids().forEach((number, event) -> events.addId(event, number));
    this.before = new RecordCursor(events.times());
    List<RecordCursor> cursors = new ArrayList<>();
    cursors.add(before);
    for (MemorySegment memory : descriptors.rings()) {
      Ring ring = new Ring(memory, PAGE, events.times());
      rings.add(ring);
      cursors.add(ring.cursor());
    }
    this.merger = new RecordMerger(cursors);
    this.waiting =
        descriptors.arena().allocate((long) rings.size() * NativeCalls.POLL_SIZE, Integer.BYTES);
    int at = 0;
    for (int owner : descriptors.owners().values()) {
      waiting.set(ValueLayout.JAVA_INT, at, owner);
      waiting.set(ValueLayout.JAVA_SHORT, at + 4L, NativeCalls.POLL_IN);
      at += NativeCalls.POLL_SIZE;
    }
  }

  /// With the attributes that the kernel took in the end.
  private List<EventSetup> setups() {
    List<EventSetup> setups = new ArrayList<>();
    for (int i = 0; i < planned.size(); i++) {
      EventSetup setup = planned.get(i).setup();
      MemorySegment attr = MemorySegment.ofArray(new long[PerfAttr.SIZE / Long.BYTES]);
      setups.add(
          new EventSetup(
              setup.name(),
              setup.role(),
              setup.format(),
              attr.copyFrom(descriptors.attr(i).bytes())));
    }
    return setups;
  }

  @Override
  public long id() {
    return id;
  }

  /// To register callbacks with.
  public PerfEvents events() {
    return events;
  }

  /// What is recorded otherwise than was asked for, or not at all, and why.
  public List<String> remarks() {
    return remarks;
  }

  /// Begins to record.
  public void enable() {
    checkOpen();
    if (enabled) {
      return;
    }
    enabled = true;
    descriptors.enable(0);
    long now = System.nanoTime();
    RunningProcesses running = new RunningProcesses(events.sampled().getFirst().layout(), now);
    (settings.isMachine() ? Procfs.processes() : settings.pids()).forEach(running::add);
    made = running.records();
    before.pieces(made, new long[] {0, made.byteSize()}, 2);
    for (int i = 1; i < planned.size(); i++) {
      descriptors.enable(i);
    }
  }

  /// Ends to record; what is in the rings can still be read.
  public void disable() {
    checkOpen();
    for (int i = planned.size() - 1; i >= 0; i--) {
      descriptors.disable(i);
    }
    enabled = false;
  }

  /// Hands over records older than the window within which others may still come from another
  /// processor; all of them after [#disable].
  @Override
  public int readData(RecordConsumer consumer, int most) {
    checkOpen();
    long until = enabled ? System.nanoTime() - windowNanos : Long.MAX_VALUE;
    for (Ring each : rings) {
      each.look();
    }
    int count = merger.handOver(consumer, until, most);
    keptBack = false;
    for (Ring each : rings) {
      each.giveBack();
      keptBack |= each.cursor().hasRecord();
    }
    return count;
  }

  /// Runs the callbacks for what is recorded, for some time, or until the thread is interrupted.
  ///
  /// @return records that were read
  public long read(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    long count = 0;
    while (!Thread.currentThread().isInterrupted()) {
      int now = readData(events, AT_ONCE);
      count += now;
      long left = end - System.nanoTime();
      if (left <= 0) {
        return count;
      }
      if (now < AT_ONCE) {
        await(Math.min(left, keptBack ? Math.max(windowNanos, 1) : latencyNanos));
      }
    }
    return count;
  }

  /// Runs the callbacks for all that is in the rings, to be called after [#disable].
  ///
  /// @return records that were read
  public long drain() {
    long count = 0;
    for (int now = readData(events, AT_ONCE); now > 0; now = readData(events, AT_ONCE)) {
      count += now;
    }
    return count;
  }

  /// Creates a file for [#record].
  ///
  /// @throws IOException if it can't be written
  public RecordingSink sink(Path path) throws IOException {
    return new RecordingSink(
        path,
        events.sampled().stream().map(SampledEvent::setup).toList(),
        descriptors.ids(),
        rings.size() + 1);
  }

  /// Writes to a file what is recorded, for some time, or until the thread is interrupted; no
  /// callback runs. What is in the rings after [#disable] is written by a time of zero.
  ///
  /// @param sink of this session
  /// @throws IOException if the file can't be written
  public void record(RecordingSink sink, Duration time) throws IOException {
    checkOpen();
    long end = System.nanoTime() + time.toNanos();
    if (made.byteSize() > 0) {
      sink.block(rings.size(), made, MemorySegment.NULL);
      made = MemorySegment.NULL;
      before.pieces(made, new long[0], 0);
    }
    while (true) {
      for (int i = 0; i < rings.size(); i++) {
        int ring = i;
        rings.get(i).drainTo((first, second) -> sink.block(ring, first, second));
      }
      long left = end - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        return;
      }
      await(Math.min(left, latencyNanos));
    }
  }

  /// Until a ring fills, but no longer than it is said.
  private void await(long nanos) {
    int millis = (int) Math.min((nanos + 999_999) / 1_000_000, Integer.MAX_VALUE);
    calls.poll(waiting, rings.size(), millis);
    for (long at = 0; at < waiting.byteSize(); at += NativeCalls.POLL_SIZE) {
      short told = waiting.get(ValueLayout.JAVA_SHORT, at + 6);
      if ((told & NativeCalls.POLL_GONE) != 0) {
        // The owner's thread has ended; its ring still serves the others, without waking us.
        waiting.set(ValueLayout.JAVA_INT, at, -1);
        waiting.set(ValueLayout.JAVA_SHORT, at + 6, (short) 0);
      }
    }
  }

  /// What was read and what was lost up to now.
  public PerfStatistics statistics() {
    long damaged = before.damaged();
    for (Ring each : rings) {
      damaged += each.cursor().damaged();
    }
    return events.statistics(damaged);
  }

  /// What the kernel counted, by the events' names: after [#disable] and [#drain], samples and
  /// losses of each event but the CPU samples add up to it.
  ///
  /// @throws IOException if the kernel doesn't tell
  public Map<String, EventCount> counts() throws IOException {
    checkOpen();
    Map<String, EventCount> counts = new LinkedHashMap<>();
    for (int i = 1; i < planned.size(); i++) {
      counts.put(planned.get(i).setup().name(), descriptors.count(i));
    }
    return counts;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      descriptors.close();
    }
  }
}
