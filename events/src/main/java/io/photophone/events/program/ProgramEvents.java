package io.photophone.events.program;

import io.photophone.events.DataField;
import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.EventSource;
import io.photophone.events.RecordConsumer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The events of a program: any thread emits, one thread reads.
///
/// {@snippet :
/// EventFormat late =
///     EventFormat.builder("frame_late")
///         .integer("sequence", Long.BYTES, true)
///         .integer("byNanos", Long.BYTES, true)
///         .build();
/// ProgramEvents events = ProgramEvents.builder().event(late).alsoToJfr("com.example").build();
/// ProgramEvent frameLate = events.event("frame_late");
/// FieldRef byNanos = late.fieldRef("byNanos");
/// frameLate.event().addCallback(data -> said.add("late by " + data.longOf(byNanos) + " ns"));
/// frameLate.emit(17, 2_500_000); // any thread
/// events.read(new ErrorBatch(), 1000); // one thread
/// }
///
/// Between the two is a ring of fixed size. When it is full, what is new is dropped and counted. An
/// event's time is taken before its place in the ring, so that events of several threads may arrive
/// in another order than that of their times. A record is
///
/// ```
/// | i64 time | u32 thread, of the operating system | u32 kind | i64 Java thread | numbers |
/// ```
///
/// Contract: V15.
public final class ProgramEvents implements EventSource {
  private static final int TIME = 0;
  private static final int TID = 8;
  private static final int KIND = 12;
  private static final int JAVA_THREAD = 16;
  static final int HEADER_BYTES = 24;

  private final long id;
  private final EventRing ring;
  private final List<ProgramEvent> kinds = new ArrayList<>();
  private final List<JfrMirror> mirrors = new ArrayList<>();
  private final IntSupplier threadId;
  private final int pid = (int) ProcessHandle.current().pid();
  private final AtomicLong unwritten = new AtomicLong();
  private final DataField javaThread = new DataField("Java thread");

  /// Of the thread that reads.
  private final EventData data = new EventData();

  ProgramEvents(ProgramEventsBuilder builder) throws IOException {
    id = builder.id;
    threadId = builder.threadId;
    javaThread.set(JAVA_THREAD, Long.BYTES);
    int longest = 0;
    try {
      for (EventFormat format : builder.formats) {
        ProgramEvent kind = kind(format, builder.jfrPrefix, builder.device);
        kinds.add(kind);
        longest = Math.max(longest, kind.length());
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    int bytes = EventRing.STAMP_WORDS * Long.BYTES + HEADER_BYTES + longest;
    int words = (bytes + Long.BYTES - 1) / Long.BYTES;
    ring = new EventRing(builder.capacity, Integer.highestOneBit(words * 2 - 1));
  }

  private ProgramEvent kind(
      EventFormat format, @Nullable String jfrPrefix, @Nullable UserEventsDevice device)
      throws IOException {
    List<NumberField> fields = NumberField.of(format);
    JfrMirror jfr = jfrPrefix == null ? null : new JfrMirror(jfrPrefix, format, fields);
    if (jfr != null) {
      mirrors.add(jfr);
    }
    UserEventMirror userEvent =
        device == null ? null : new UserEventMirror(device, format, fields, unwritten);
    return new ProgramEvent(
        this, kinds.size(), new Event(kinds.size(), format), fields, jfr, userEvent);
  }

  public static ProgramEventsBuilder builder() {
    return new ProgramEventsBuilder();
  }

  /// A kind of event, to emit it and to register callbacks with; to be asked for once.
  ///
  /// @throws IllegalArgumentException if it wasn't declared
  public ProgramEvent event(String name) {
    for (ProgramEvent each : kinds) {
      if (each.event().name().equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "no event %s, but: %s"
            .formatted(
                name,
                kinds.stream().map(each -> each.event().name()).collect(Collectors.joining(", "))));
  }

  /// The number of the Java thread that emitted an event, for [EventData#longOf(DataField, int)].
  public DataField javaThread() {
    return javaThread;
  }

  /// Runs the callbacks of events that wait. One thread reads, always the same or one after the
  /// other.
  ///
  /// @param errors receives what callbacks threw
  /// @param most events that are handed over at the most
  /// @return how many were
  public int read(ErrorBatch errors, int most) {
    int count = 0;
    while (count < most && ring.isReady()) {
      long at = ring.contentOf(ring.next());
      try {
        process(ring.segment(), at, lengthAt(at), errors);
      } finally {
        ring.free();
      }
      count++;
    }
    return count;
  }

  private int lengthAt(long at) {
    return HEADER_BYTES + kinds.get(ring.segment().get(ValueLayout.JAVA_INT, at + KIND)).length();
  }

  /// The records as they are, in place of [#read]; a consumer that throws has had its record.
  @Override
  public int readData(RecordConsumer consumer, int most) {
    int count = 0;
    while (count < most && ring.isReady()) {
      long at = ring.contentOf(ring.next());
      try {
        consumer.record(ring.segment(), at, lengthAt(at));
      } finally {
        ring.free();
      }
      count++;
    }
    return count;
  }

  /// Runs the callbacks of a record that [#readData] handed over, perhaps long ago. By one thread.
  ///
  /// @throws IllegalArgumentException if it is no record of these events
  public void process(MemorySegment segment, long offset, int length, ErrorBatch errors) {
    int kind =
        length < HEADER_BYTES ? -1 : segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset + KIND);
    if (kind < 0 || kind >= kinds.size()) {
      throw new IllegalArgumentException(
          "record of %d bytes of kind %d, allowed: %d bytes or more, kinds to %d"
              .formatted(length, kind, HEADER_BYTES, kinds.size() - 1));
    }
    Event event = kinds.get(kind).event();
    data.moveTo(event.format(), segment, offset, length, HEADER_BYTES, length - HEADER_BYTES)
        .happened(
            segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + TIME),
            pid,
            segment.get(ValueLayout.JAVA_INT_UNALIGNED, offset + TID),
            EventData.UNKNOWN);
    event.process(data, errors);
  }

  /// Claims a place and writes all but the numbers.
  ///
  /// @return -1 if there is none
  long begin(int kind) {
    long now = System.nanoTime();
    int tid = threadId.getAsInt();
    long position = ring.claim();
    if (position >= 0) {
      MemorySegment segment = ring.segment();
      long at = ring.contentOf(position);
      segment.set(ValueLayout.JAVA_LONG, at + TIME, now);
      segment.set(ValueLayout.JAVA_INT, at + TID, tid);
      segment.set(ValueLayout.JAVA_INT, at + KIND, kind);
      segment.set(ValueLayout.JAVA_LONG, at + JAVA_THREAD, Thread.currentThread().threadId());
    }
    return position;
  }

  MemorySegment segment() {
    return ring.segment();
  }

  long payloadOf(long position) {
    return ring.contentOf(position) + HEADER_BYTES;
  }

  void publish(long position) {
    ring.publish(position);
  }

  public ProgramStats stats() {
    // In this order, so that never more is read than was emitted.
    long read = ring.read();
    return new ProgramStats(ring.claimed(), read, ring.dropped(), unwritten.get());
  }

  @Override
  public long id() {
    return id;
  }

  /// JFR no longer knows the events. What is emitted later waits in the ring, or is dropped.
  @Override
  public void close() {
    mirrors.forEach(JfrMirror::close);
    mirrors.clear();
  }
}
