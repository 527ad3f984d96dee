package io.photophone.events;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// One event while its callbacks run: a view of the source's own bytes, moved from event to event.
///
/// Every event has a time, a process, a thread and a processor, whatever it came from; the rest is
/// in its fields. What a callback wants to keep it must copy: after the callbacks a read is
/// refused. Reads by reference neither look up nor allocate, but for [#textOf] and [#bytesOf].
///
/// The event lies in a record, which may hold more: Linux puts call chain, registers and stack
/// around the event's own bytes. Used by one thread at a time. Contract: V3, V9.
public final class EventData {
  /// Where a process, thread or processor isn't known.
  public static final int UNKNOWN = -1;

  /// An offset at which no segment has anything.
  private static final long NOWHERE = Long.MIN_VALUE;

  private static final EventFormat NONE = EventFormat.builder("no event").build();

  // The references stay as they are when the event ends, since to change one costs more than all
  // the
  // numbers.
  private EventFormat format = NONE;
  private MemorySegment segment = MemorySegment.NULL;
  private long recordOffset;
  private int recordLength;

  /// [#NOWHERE] while no callbacks run; then the length is 0.
  private long offset = NOWHERE;

  private int length;
  private long timeNanos;
  private int pid = UNKNOWN;
  private int tid = UNKNOWN;
  private int cpu = UNKNOWN;

  /// A view of no event.
  public EventData() {}

  /// Takes the view to an event that is all of its record.
  public EventData moveTo(EventFormat format, MemorySegment segment, long offset, int length) {
    return moveTo(format, segment, offset, length, 0, length);
  }

  /// Takes the view to an event within a record.
  ///
  /// @param recordOffset of the record in the segment
  /// @param eventOffset of the event in the record
  /// @throws IndexOutOfBoundsException if the record isn't in the segment, or the event not in the
  ///   record
  // Which object it is decides whether it is stored, not which memory it means.
  @SuppressWarnings({"ReferenceEquality", "MemorySegmentReferenceEquality"})
  public EventData moveTo(
      EventFormat format,
      MemorySegment segment,
      long recordOffset,
      int recordLength,
      int eventOffset,
      int eventLength) {
    // Few questions, since they are asked for each event: nothing may be negative, nor may what the
    // event leaves of its record.
    long rest = (long) recordLength - eventLength - eventOffset;
    if ((eventOffset | eventLength | recordOffset | rest) < 0
        || recordOffset > segment.byteSize() - recordLength) {
      throw new IndexOutOfBoundsException(
          "event %d+%d in record %d+%d in %d bytes"
              .formatted(eventOffset, eventLength, recordOffset, recordLength, segment.byteSize()));
    }
    if (this.format != format) {
      this.format = format;
    }
    if (this.segment != segment) {
      this.segment = segment;
    }
    this.recordOffset = recordOffset;
    this.recordLength = recordLength;
    this.offset = recordOffset + eventOffset;
    this.length = eventLength;
    return this;
  }

  /// Says when and where the event was.
  ///
  /// @param timeNanos on the clock of [System#nanoTime]
  public EventData happened(long timeNanos, int pid, int tid, int cpu) {
    this.timeNanos = timeNanos;
    this.pid = pid;
    this.tid = tid;
    this.cpu = cpu;
    return this;
  }

  /// Ends the view: until it is moved again, every read is refused.
  void end() {
    offset = NOWHERE;
    length = 0;
  }

  private boolean isLive() {
    return offset != NOWHERE;
  }

  public EventFormat format() {
    return isLive() ? format : NONE;
  }

  /// When it happened, on the clock of [System#nanoTime].
  public long timeNanos() {
    return timeNanos;
  }

  /// Process; [#UNKNOWN] where that isn't known.
  public int pid() {
    return pid;
  }

  /// Thread, as the operating system numbers it; [#UNKNOWN] where that isn't known.
  public int tid() {
    return tid;
  }

  /// Processor; [#UNKNOWN] where that isn't known.
  public int cpu() {
    return cpu;
  }

  /// The memory that the event lies in, and much else.
  public MemorySegment segment() {
    return isLive() ? segment : MemorySegment.NULL;
  }

  /// Of the event in [#segment].
  public long offset() {
    return isLive() ? offset : 0;
  }

  /// Bytes of the event.
  public int length() {
    return length;
  }

  /// Of the record in [#segment].
  public long recordOffset() {
    return isLive() ? recordOffset : 0;
  }

  /// Bytes of the record.
  public int recordLength() {
    return isLive() ? recordLength : 0;
  }

  /// An integer, widened by its sign or by zeros; the first one of several. Unsigned ones of 8
  /// bytes keep their bits.
  ///
  /// @throws EventDataException if the event is too short for the field
  /// @throws IllegalArgumentException if the reference is of another format, or the field holds
  ///   none
  public long longOf(FieldRef ref) {
    // An event that ended has no bytes, which spares the question here.
    if (ref.isIntegerWithin(format, length)) {
      return ref.integerUnchecked(segment, offset);
    }
    check(ref);
    return ref.integer(segment, offset, length);
  }

  /// One of several integers.
  ///
  /// @throws EventDataException if the event has no such element
  public long longOf(FieldRef ref, int element) {
    check(ref);
    FieldKind kind = ref.field().kind();
    if (kind != FieldKind.INTEGER && kind != FieldKind.INTEGERS) {
      throw ref.notA("integers");
    }
    long span = ref.locate(segment, offset, length);
    int size = ref.field().elementSize();
    long at = (long) element * size;
    if (element < 0 || at + size > Span.length(span)) {
      throw new EventDataException(
          format.name(), ref.field().name(), at, at + size, Span.length(span));
    }
    return ref.integerAt(segment, offset + Span.start(span) + at);
  }

  /// An integer cut to 32 bits.
  ///
  /// @throws EventDataException if the event is too short for the field
  public int intOf(FieldRef ref) {
    return (int) longOf(ref);
  }

  /// An integer of a field in a fixed place, without a look at the format and the event's length:
  /// for loops that looked once. What lies outside the segment is refused still.
  public long longOfUnchecked(FieldRef ref) {
    return ref.integerUnchecked(segment, offset);
  }

  /// A number of IEEE 754.
  ///
  /// @throws EventDataException if the event is too short for the field
  /// @throws IllegalArgumentException if the reference is of another format, or the field holds no
  ///   such number
  public double doubleOf(FieldRef ref) {
    check(ref);
    if (ref.field().kind() != FieldKind.FLOAT) {
      throw ref.notA("a number of IEEE 754");
    }
    int size = ref.field().elementSize();
    long span = ref.locate(segment, offset, length);
    if (Span.length(span) < size) {
      throw new EventDataException(format.name(), ref.field().name(), 0, size, Span.length(span));
    }
    long bits = ref.integerAt(segment, offset + Span.start(span));
    return size == Float.BYTES ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
  }

  /// Where the content of a field is.
  ///
  /// @return a [Span], counted from the start of the event
  /// @throws EventDataException if the event is too short for the field
  public long spanOf(FieldRef ref) {
    check(ref);
    return ref.locate(segment, offset, length);
  }

  /// A text, up to its end mark; a new string.
  ///
  /// @throws EventDataException if the event is too short for the field
  /// @throws IllegalArgumentException if the reference is of another format, or the field is no
  ///   text
  public String textOf(FieldRef ref) {
    FieldKind kind = ref.field().kind();
    if (kind != FieldKind.TEXT && kind != FieldKind.TEXT_UTF16) {
      throw ref.notA("a text");
    }
    long span = spanOf(ref);
    long at = offset + Span.start(span);
    int end =
        kind == FieldKind.TEXT
            ? Bytes.untilZero(segment, at, Span.length(span))
            : Bytes.untilZeroUnit(segment, at, Span.length(span));
    return new String(copy(at, end < 0 ? Span.length(span) : end), charset(ref, kind));
  }

  private static Charset charset(FieldRef ref, FieldKind kind) {
    if (kind == FieldKind.TEXT) {
      return StandardCharsets.UTF_8;
    }
    return ref.isBigEndian() ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
  }

  /// A copy of a field's content.
  ///
  /// @throws EventDataException if the event is too short for the field
  public byte[] bytesOf(FieldRef ref) {
    long span = spanOf(ref);
    return copy(offset + Span.start(span), Span.length(span));
  }

  private byte[] copy(long at, int count) {
    byte[] copy = new byte[count];
    MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, copy, 0, count);
    return copy;
  }

  /// How many integers of 8 bytes a part of the record holds.
  public int longsOf(DataField part) {
    return part.length() / Long.BYTES;
  }

  /// An integer of 8 bytes in a part of the record, in the machine's order.
  ///
  /// @throws EventDataException if the record doesn't have it
  public long longOf(DataField part, int element) {
    long from = part.offset() + (long) element * Long.BYTES;
    if (element < 0
        || element >= longsOf(part)
        || part.offset() < 0
        || from + Long.BYTES > recordLength()) {
      throw new EventDataException(
          format.name(), part.name(), from, from + Long.BYTES, recordLength());
    }
    return Bytes.integer(
        segment,
        recordOffset + from,
        Long.BYTES,
        true,
        ByteOrder.nativeOrder().equals(ByteOrder.BIG_ENDIAN));
  }

  private void check(FieldRef ref) {
    if (ref.format() != format || !isLive()) {
      throw otherFormat(ref);
    }
  }

  private IllegalArgumentException otherFormat(FieldRef ref) {
    return new IllegalArgumentException(
        !isLive()
            ? "%s was read after the event's callbacks had ended".formatted(ref)
            : "%s is no field of %s".formatted(ref, format.name()));
  }
}
