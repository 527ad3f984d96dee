package io.photophone.events;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// A field of one format, found once at set-up and then read without a look-up. Immutable.
///
/// What lies before it and has a variable length is walked over by steps that are reckoned here,
/// once. Contract: V3, V4.
public final class FieldRef {
  private static final int LOCATION_SIZE = 4;
  private static final int LOW_16 = 0xFFFF;

  private final EventFormat format;
  private final EventField field;
  private final int index;
  private final boolean bigEndian;

  /// The fields of variable length before this one, in order.
  private final EventField[] skipped;

  /// End of the field if its place and size are fixed; more than any event has if they are not.
  private final int fixedEnd;

  FieldRef(EventFormat format, EventField field, int index, EventField[] skipped) {
    this.format = format;
    this.field = field;
    this.index = index;
    this.skipped = skipped;
    this.bigEndian = format.order().equals(ByteOrder.BIG_ENDIAN);
    this.fixedEnd =
        skipped.length == 0 && field.location() == FieldLocation.FIXED
            ? field.offset() + field.size()
            : Integer.MAX_VALUE;
  }

  /// The format whose events have this field.
  public EventFormat format() {
    return format;
  }

  public EventField field() {
    return field;
  }

  /// Place of the field in its format's list.
  public int index() {
    return index;
  }

  /// Whether the field is at the same place in each event and as long.
  public boolean isFixed() {
    return fixedEnd != Integer.MAX_VALUE;
  }

  /// Whether integers are stored with their highest byte first.
  public boolean isBigEndian() {
    return bigEndian;
  }

  /// Where the content of the field is in an event; without an end mark, for a text that has one in
  /// its place.
  ///
  /// @param segment that the event lies in
  /// @param offset of the event in the segment
  /// @param length of the event
  /// @return a [Span], counted from the start of the event
  /// @throws EventDataException if the event is too short for it
  public long locate(MemorySegment segment, long offset, int length) {
    if (fixedEnd <= length) {
      return Span.of(field.offset(), field.size());
    }
    return locateVariable(segment, offset, length);
  }

  private long locateVariable(MemorySegment segment, long offset, int length) {
    int at = 0;
    for (EventField before : skipped) {
      at = endOf(before, checked(before, at + before.offset(), 0, length), segment, offset, length);
    }
    int start = checked(field, at + field.offset(), field.size(), length);
    return switch (field.location()) {
      case FIXED -> Span.of(start, field.size());
      case TERMINATED, TERMINATED_UTF16 ->
          Span.of(start, untilMark(field, segment, offset, start, length));
      case LENGTH_PREFIXED -> {
        int content = prefixed(field, segment, offset, start, length);
        yield Span.of(start + field.size(), content);
      }
      case DATA_LOC, REL_LOC -> {
        int location =
            (int) Bytes.integer(segment, offset + start, LOCATION_SIZE, false, bigEndian);
        int from =
            (location & LOW_16)
                + (field.location() == FieldLocation.REL_LOC ? start + LOCATION_SIZE : 0);
        int size = location >>> 16;
        yield Span.of(checked(field, from, size, length), size);
      }
    };
  }

  private int endOf(EventField before, int start, MemorySegment segment, long offset, int length) {
    return switch (before.location()) {
      case TERMINATED -> start + untilMark(before, segment, offset, start, length) + 1;
      case TERMINATED_UTF16 ->
          start + untilMark(before, segment, offset, start, length) + Short.BYTES;
      case LENGTH_PREFIXED -> {
        checked(before, start, before.size(), length);
        yield start + before.size() + prefixed(before, segment, offset, start, length);
      }
      case FIXED, DATA_LOC, REL_LOC -> throw new IllegalStateException("not variable: " + before);
    };
  }

  private int untilMark(
      EventField text, MemorySegment segment, long offset, int start, int length) {
    int found =
        text.location() == FieldLocation.TERMINATED
            ? Bytes.untilZero(segment, offset + start, length - start)
            : Bytes.untilZeroUnit(segment, offset + start, length - start);
    if (found < 0) {
      throw new EventDataException(
          format.name(), text.name(), start, length + (long) text.elementSize(), length);
    }
    return found;
  }

  /// The number of bytes that a length says, which the event must have.
  private int prefixed(
      EventField field, MemorySegment segment, long offset, int start, int length) {
    long content = Bytes.integer(segment, offset + start, field.size(), false, bigEndian);
    long from = (long) start + field.size();
    if (content > length - from) {
      throw new EventDataException(format.name(), field.name(), from, from + content, length);
    }
    return (int) content;
  }

  private int checked(EventField what, int start, int size, int length) {
    if (start < 0 || start > length - size) {
      throw new EventDataException(format.name(), what.name(), start, (long) start + size, length);
    }
    return start;
  }

  /// The field's integer, widened by its sign or by zeros; the first one of several.
  ///
  /// @throws EventDataException if the event is too short for it
  /// @throws IllegalArgumentException if the field holds no integer
  long integer(MemorySegment segment, long offset, int length) {
    if (field.kind() != FieldKind.INTEGER && field.kind() != FieldKind.INTEGERS) {
      throw notA("an integer");
    }
    if (fixedEnd <= length) {
      return integerAt(segment, offset + field.offset());
    }
    long span = locateVariable(segment, offset, length);
    if (Span.length(span) < field.elementSize()) {
      throw new EventDataException(
          format.name(),
          field.name(),
          Span.start(span),
          (long) Span.start(span) + field.elementSize(),
          length);
    }
    return integerAt(segment, offset + Span.start(span));
  }

  /// The integer at a place that was found before.
  long integerAt(MemorySegment segment, long at) {
    return Bytes.integer(segment, at, field.elementSize(), field.signed(), bigEndian);
  }

  /// The field's integer where the caller knows that its place is fixed and the event long enough.
  long integerUnchecked(MemorySegment segment, long offset) {
    return integerAt(segment, offset + field.offset());
  }

  /// A function that finds this field's content, made for its kind of place.
  public FieldReader reader() {
    if (isFixed()) {
      long span = Span.of(field.offset(), field.size());
      int end = fixedEnd;
      return (segment, offset, length) -> end <= length ? span : locate(segment, offset, length);
    }
    return this::locateVariable;
  }

  /// A function that reads this field's integer, made for its size, sign and order.
  ///
  /// @throws IllegalArgumentException if the field holds no integer
  public LongReader longReader() {
    if (field.kind() != FieldKind.INTEGER) {
      throw notA("an integer");
    }
    if (!isFixed() || bigEndian) {
      return this::integer;
    }
    int at = field.offset();
    int end = fixedEnd;
    // The sizes are constants of each lambda, so that none asks for its field's at run time.
    return switch (field.size()) {
      case 1 ->
          (segment, offset, length) ->
              end <= length
                  ? Bytes.integer(segment, offset + at, 1, field.signed(), false)
                  : integer(segment, offset, length);
      case 2 ->
          (segment, offset, length) ->
              end <= length
                  ? Bytes.integer(segment, offset + at, 2, field.signed(), false)
                  : integer(segment, offset, length);
      case 4 ->
          (segment, offset, length) ->
              end <= length
                  ? Bytes.integer(segment, offset + at, 4, field.signed(), false)
                  : integer(segment, offset, length);
      default ->
          (segment, offset, length) ->
              end <= length
                  ? Bytes.integer(segment, offset + at, 8, true, false)
                  : integer(segment, offset, length);
    };
  }

  IllegalArgumentException notA(String what) {
    return new IllegalArgumentException(
        "field %s of %s is %s, not %s".formatted(field.name(), format.name(), field.kind(), what));
  }

  @Override
  public String toString() {
    return format.name() + "." + field.name();
  }
}
