package io.photophone.events.jfr;

import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.MetadataEvent;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

/// Events of a JVM's flight recorder in the common form, on the clock of [System#nanoTime].
///
/// {@snippet :
/// try (JfrSession session =
///     JfrSession.ofThisProcess().enable(JfrEvents.GARBAGE_COLLECTION).build()) {
///   Event collection = session.event("jdk.GarbageCollection");
///   FieldRef cause = collection.format().fieldRef("cause");
///   FieldRef longest = collection.format().fieldRef("longestPause");
///   collection.addCallback(
///       data -> pauses.add(data.textOf(cause) + " " + data.longOf(longest) + " ns"));
///   session.start();
///   work.run();
///   session.stop();
/// }
/// }
///
/// An event's time is that of its start, its process the JVM, its thread what the operating system
/// calls it, as far as JFR knows them. Durations and times are nanoseconds, a thread is three
/// fields (`…Id` of Java, `…OsId`, `…Name`), classes and methods are texts, and the fields of a
/// structure bear its name before theirs. Events arrive in the order in which they ended. JFR
/// itself hands them on once a second, so that one is half a second late in the mean and a second
/// at the most; JDK 25 offers no shorter time. [#stop] hands over what there is.
///
/// The times of this JVM, and of recordings made while a session ran in theirs, are right to 0.1
/// ms, whatever happens to the wall clock. Of other recordings they are as right as the wall clock
/// was steady between the event and the making of the session, and mean nothing after the machine
/// was started anew.
///
/// One thread reads the recording and runs the callbacks; whatever they throw is reported and does
/// not end it. All methods are for any thread. Contract: V14.
public final class JfrSession implements AutoCloseable {
  private final EventStream stream;
  private final boolean withStackTraces;
  private final Consumer<Event> onNewEvent;
  private final Consumer<ErrorBatch> onErrors;
  private final JfrClock clock = new JfrClock(wallOffsetNanos());
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();
  private final @Nullable Runnable marking;

  /// Of the thread that reads the recording.
  private final ErrorBatch errors = new ErrorBatch();

  private final EventData data = new EventData();

  private volatile int pid;

  private final AtomicLong events = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();
  private final AtomicLong lostBytes = new AtomicLong();
  private final AtomicLong losses = new AtomicLong();
  private final AtomicLong byWallClock = new AtomicLong();
  private final AtomicLong errorCount = new AtomicLong();

  private record Kind(Event event, JfrFields fields) {}

  /// @param types those that are known beforehand
  JfrSession(JfrSessionBuilder builder, EventStream stream, List<EventType> types, int pid) {
    this.stream = stream;
    this.withStackTraces = builder.withStackTraces;
    this.onNewEvent = builder.onNewEvent;
    this.onErrors = builder.onErrors;
    this.pid = pid;
    this.marking = stream instanceof RecordingStream ? ClockMarker::mark : null;
    types.stream()
        .filter(type -> builder.isWanted(type.getName()))
        .forEach(type -> kinds.put(type.getName(), kind(type)));
    stream.setOrdered(true);
    stream.setReuse(true);
    stream.onMetadata(this::learn);
    stream.onEvent(ClockMarker.NAME, this::mark);
    stream.onEvent("jdk.DataLoss", this::lost);
    stream.onEvent("jdk.JVMInformation", this::introduced);
    if (builder.settings.isEmpty()) {
      stream.onEvent(this::happened);
    } else {
      builder.settings.keySet().forEach(name -> stream.onEvent(name, this::happened));
    }
    stream.onError(failure -> fail("recording", failure));
    stream.onFlush(this::report);
    stream.onClose(this::report);
  }

  /// A session of what this JVM does from its start on.
  public static JfrSessionBuilder ofThisProcess() {
    return new JfrSessionBuilder(JfrSessionBuilder.Source.THIS_PROCESS, Path.of(""));
  }

  /// A session of a finished recording.
  public static JfrSessionBuilder ofFile(Path file) {
    return new JfrSessionBuilder(JfrSessionBuilder.Source.FILE, file);
  }

  /// A session of another JVM that records: from now on, for as long as it does.
  ///
  /// @param directory of the JVM's repository: `jcmd PID JFR.configure` tells it
  public static JfrSessionBuilder ofRepository(Path directory) {
    return new JfrSessionBuilder(JfrSessionBuilder.Source.REPOSITORY, directory);
  }

  private static long wallOffsetNanos() {
    long before = System.nanoTime();
    long wall = nanosOf(Instant.now());
    return before + (System.nanoTime() - before) / 2 - wall;
  }

  private static long nanosOf(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /// A kind of event to register callbacks with.
  ///
  /// @param name as JFR names it, such as `jdk.GarbageCollection`
  /// @throws IllegalArgumentException if it isn't enabled or the recording hasn't described it yet
  public Event event(String name) {
    Kind kind = kinds.get(name);
    if (kind == null) {
      throw new IllegalArgumentException(
          "no event %s in this session, but: %s"
              .formatted(name, String.join(", ", kinds.keySet().stream().sorted().toList())));
    }
    return kind.event;
  }

  /// All kinds of events that are known so far.
  public List<Event> events() {
    return kinds.values().stream().map(Kind::event).toList();
  }

  /// Starts a thread that reads the recording and runs the callbacks.
  public void start() {
    stream.startAsync();
    if (marking != null) {
      FlightRecorder.addPeriodicEvent(ClockMarker.class, marking);
      marking.run();
    }
  }

  /// Ends the recording of this process, after all its events have been handed over. Of another
  /// one, stops reading.
  public void stop() {
    endMarking();
    if (stream instanceof RecordingStream recording) {
      ClockMarker.mark();
      recording.stop();
    } else {
      stream.close();
    }
  }

  private void endMarking() {
    if (marking != null) {
      FlightRecorder.removePeriodicEvent(marking);
    }
  }

  /// Waits until a file was read, or the session was closed by another thread.
  public void awaitEnd(Duration longest) throws InterruptedException {
    stream.awaitTermination(longest);
  }

  public JfrStats stats() {
    return new JfrStats(
        events.get(),
        unknown.get(),
        lostBytes.get(),
        losses.get(),
        byWallClock.get(),
        errorCount.get());
  }

  @Override
  public void close() {
    endMarking();
    stream.close();
  }

  /// Reads the clock markers of a file before the events that they are for.
  void learnClock(Path file) throws IOException {
    try (EventStream markers = EventStream.openFile(file)) {
      markers.setOrdered(true);
      markers.onEvent(ClockMarker.NAME, this::mark);
      markers.onEvent("jdk.JVMInformation", this::introduced);
      markers.start();
    }
  }

  private void learn(MetadataEvent metadata) {
    metadata.getAddedEventTypes().forEach(this::kindOf);
  }

  private @Nullable Kind kindOf(EventType type) {
    Kind known = kinds.get(type.getName());
    if (known != null || isOwn(type)) {
      return known;
    }
    Kind added;
    try {
      added = kind(type);
    } catch (IllegalArgumentException e) {
      fail(type.getName(), e);
      return null;
    }
    kinds.put(type.getName(), added);
    onNewEvent.accept(added.event);
    return added;
  }

  private static boolean isOwn(EventType type) {
    return type.getName().equals(ClockMarker.NAME);
  }

  private Kind kind(EventType type) {
    JfrFields fields = new JfrFields(type, withStackTraces);
    return new Kind(new Event(type.getId(), fields.format()), fields);
  }

  private void mark(RecordedEvent event) {
    clock.mark(
        ticks(event),
        event.getDuration().toNanos(),
        event.getLong("nanoTime"),
        nanosOf(event.getStartTime()));
  }

  /// The start as JFR stamped it, before it was turned into wall time.
  private static long ticks(RecordedEvent event) {
    return event.getLong("startTime");
  }

  private void lost(RecordedEvent event) {
    losses.incrementAndGet();
    lostBytes.addAndGet(event.getLong("amount"));
  }

  private void introduced(RecordedEvent event) {
    pid = (int) event.getLong("pid");
  }

  private void happened(RecordedEvent from) {
    if (isOwn(from.getEventType())) {
      return;
    }
    Kind kind = kindOf(from.getEventType());
    if (kind == null) {
      unknown.incrementAndGet();
      return;
    }
    if (!clock.isMarked()) {
      byWallClock.incrementAndGet();
    }
    long timeNanos = clock.nanos(ticks(from), nanosOf(from.getStartTime()));
    EventWriter written;
    try {
      written = kind.fields.copy(from, timeNanos);
    } catch (RuntimeException e) {
      unknown.incrementAndGet();
      fail(kind.event.name(), e);
      return;
    }
    data.moveTo(kind.fields.format(), written.segment(), 0, written.length())
        .happened(timeNanos, pid, tidOf(from), EventData.UNKNOWN);
    events.incrementAndGet();
    long before = errors.total();
    kind.event.process(data, errors);
    errorCount.addAndGet(errors.total() - before);
  }

  /// Of samples, the thread that was sampled.
  private static int tidOf(RecordedEvent event) {
    RecordedThread thread =
        event.hasField("sampledThread") ? event.getThread("sampledThread") : event.getThread();
    return thread == null || thread.getOSThreadId() <= 0
        ? EventData.UNKNOWN
        : (int) thread.getOSThreadId();
  }

  private void fail(String item, Throwable cause) {
    errors.add(item, cause);
    errorCount.incrementAndGet();
  }

  private void report() {
    if (!errors.isEmpty()) {
      try {
        onErrors.accept(errors);
      } finally {
        errors.clear();
      }
    }
  }
}
