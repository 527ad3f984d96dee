package io.photophone.events.windows;

import io.photophone.events.DataField;
import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventDataException;
import io.photophone.events.FormatException;
import io.photophone.events.RecordConsumer;
import io.photophone.events.windows.EventRecordLayout.ExtendedItem;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes the records of an ETW session or recording, finds the event of each, and runs its
/// callbacks.
///
/// An event is known by provider, id or opcode, and version, once it was [added][#add]; or by the
/// description that TraceLogging puts into each event, which is read when it is first seen. Reading
/// a record of a known event allocates nothing. Damaged records run no callback and are counted.
/// Used by one thread, the source's. Contract: V17.
public final class EtwRecordReader implements RecordConsumer {
  private static final int STACK_MATCH_ID = 8;

  private final QpcClock clock;
  private final EventTable events = new EventTable();
  private final SchemaTable schemas = new SchemaTable();
  private final EventData data = new EventData();
  private final ErrorBatch errors = new ErrorBatch();
  private final DataField stack = new DataField("stack");
  private MemorySegment rewritten = MemorySegment.ofArray(new byte[1 << 10]);
  private Listener listener = (_, _) -> {};
  private long nextId;
  private long records;
  private long unknown;
  private long damaged;

  /// Is told of each kind of events that describe themselves, so as to add callbacks.
  @FunctionalInterface
  public interface Listener {
    /// A kind of events was met for the first time.
    ///
    /// @param event for which there are no callbacks yet; the event that made it known is still to
    ///   be handed to those added here
    void seen(UUID provider, Event event);
  }

  /// A reader that knows of no events yet.
  ///
  /// @param clock of the session or recording
  public EtwRecordReader(QpcClock clock) {
    this.clock = clock;
  }

  /// Makes a kind of events known.
  ///
  /// @return where callbacks are added; the same for the same provider, number and version
  public Event add(EtwEvent added) {
    return events
        .add(
            new EventTable.Entry(
                added.provider().getMostSignificantBits(),
                added.provider().getLeastSignificantBits(),
                EventTable.key(added.classic(), added.number(), added.version()),
                added.format(),
                new Event(nextId++, added.format().format())))
        .event();
  }

  /// Who is told of events that describe themselves.
  public void onSelfDescribing(Listener told) {
    listener = told;
  }

  /// The addresses of the call stack, where the session was asked for it; the innermost first.
  public DataField stack() {
    return stack;
  }

  /// What went wrong with records and in callbacks.
  public ErrorBatch errors() {
    return errors;
  }

  /// Records taken, whatever became of them.
  public long records() {
    return records;
  }

  /// Records of events that nobody added, and that don't describe themselves.
  public long unknown() {
    return unknown;
  }

  /// Records that contradict themselves or their format.
  public long damaged() {
    return damaged;
  }

  @Override
  public void record(MemorySegment segment, long offset, int length) {
    records++;
    if (!EtwRecord.isWhole(segment, offset, length)) {
      reject(
          "record " + records, new EventDataException("record", "parts", 0, length + 1L, length));
      return;
    }
    EventTable.Entry entry = entry(segment, offset);
    if (entry == null) {
      return;
    }
    Event event = entry.event();
    if (!event.hasCallbacks()) {
      return;
    }
    try {
      move(entry, segment, offset, length);
    } catch (EventDataException e) {
      reject(event.name(), e);
      return;
    }
    locateStack(segment, offset);
    event.process(data, errors);
  }

  private void reject(String item, Exception cause) {
    damaged++;
    errors.add(item, cause);
  }

  private EventTable.@Nullable Entry entry(MemorySegment segment, long offset) {
    int flags = Words.u16(segment, offset + EventRecordLayout.FLAGS);
    boolean classic = (flags & EventRecordLayout.FLAG_CLASSIC) != 0;
    EventTable.Entry known =
        events.find(
            Words.guidHigh(segment, offset + EventRecordLayout.PROVIDER),
            Words.guidLow(segment, offset + EventRecordLayout.PROVIDER),
            classic,
            classic
                ? Words.u8(segment, offset + EventRecordLayout.OPCODE)
                : Words.u16(segment, offset + EventRecordLayout.ID),
            Words.u8(segment, offset + EventRecordLayout.VERSION));
    if (known != null) {
      return known;
    }
    long schema = EtwRecord.item(segment, offset, ExtendedItem.SELF_DESCRIPTION);
    if (schema == EtwRecord.ABSENT) {
      unknown++;
      return null;
    }
    return selfDescribing(segment, offset + EventRecordLayout.PROVIDER, schema);
  }

  private EventTable.@Nullable Entry selfDescribing(
      MemorySegment segment, long provider, long offset) {
    int length = EtwRecord.itemSize(segment, offset);
    SchemaTable.Schema schema = schemas.find(segment, provider, offset, length);
    if (schema == null) {
      if (schemas.isFull()) {
        unknown++;
        return null;
      }
      schema = describe(segment, provider, offset, length);
    }
    if (schema.problem() != null) {
      reject(Words.guid(segment, provider).toString(), schema.problem());
    }
    return schema.entry();
  }

  private SchemaTable.Schema describe(
      MemorySegment segment, long provider, long offset, int length) {
    UUID guid = Words.guid(segment, provider);
    EtwFormat format;
    try {
      format = SelfDescription.parse(segment, offset, length);
    } catch (FormatException e) {
      return schemas.add(segment, provider, offset, length, null, e);
    }
    Event event = new Event(nextId++, format.format());
    EventTable.Entry entry =
        new EventTable.Entry(
            guid.getMostSignificantBits(), guid.getLeastSignificantBits(), 0, format, event);
    SchemaTable.Schema schema = schemas.add(segment, provider, offset, length, entry, null);
    listener.seen(guid, event);
    return schema;
  }

  /// Takes the view to the user data, written anew behind a copy of its record if it must be.
  private void move(EventTable.Entry entry, MemorySegment segment, long offset, int length) {
    EtwFormat format = entry.format();
    int userLength = EtwRecord.userDataLength(segment, offset);
    if (format.isRewritten()) {
      int most = length + format.longest(userLength);
      if (most > rewritten.byteSize()) {
        rewritten = MemorySegment.ofArray(new byte[Integer.highestOneBit(most) << 1]);
      }
      long userData = offset + EtwRecord.USER_DATA;
      int size = format.rewrite(segment, userData, userLength, rewritten, length);
      MemorySegment.copy(segment, offset, rewritten, 0, length);
      data.moveTo(format.format(), rewritten, 0, length + size, length, size);
    } else {
      data.moveTo(format.format(), segment, offset, length, EtwRecord.USER_DATA, userLength);
    }
    int flags = Words.u16(segment, offset + EventRecordLayout.FLAGS);
    data.happened(
        clock.nanos(Words.s64(segment, offset + EventRecordLayout.TIME_STAMP)),
        Words.s32(segment, offset + EventRecordLayout.PROCESS_ID),
        Words.s32(segment, offset + EventRecordLayout.THREAD_ID),
        (flags & EventRecordLayout.FLAG_PROCESSOR_INDEX) != 0
            ? Words.u16(segment, offset + EventRecordLayout.PROCESSOR)
            : Words.u8(segment, offset + EventRecordLayout.PROCESSOR));
  }

  private void locateStack(MemorySegment segment, long offset) {
    long content = EtwRecord.item(segment, offset, ExtendedItem.STACK_TRACE_64);
    if (content == EtwRecord.ABSENT || EtwRecord.itemSize(segment, content) < STACK_MATCH_ID) {
      stack.clear();
      return;
    }
    int size = EtwRecord.itemSize(segment, content);
    stack.set((int) (content - offset) + STACK_MATCH_ID, size - STACK_MATCH_ID);
  }
}
