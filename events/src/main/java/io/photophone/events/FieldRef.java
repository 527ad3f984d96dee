package io.photophone.events;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// A field of one format, found once at set-up and then read without a look-up. Immutable.
///
/// What lies before it and has a variable length is walked over by steps that are reckoned here,
/// once. Contract: V3, V4.
public final class FieldRef {
  /// What [#find] returns instead of a place.
  public static final int MISSING = -1;

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

  /// The same for one that holds an integer; for others more than any event has.
  private final int integerEnd;

  /// The whole field, if its place and size are fixed.
  private final long fixedSpan;

  // What reads ask for each time, so that they needn't go to the field.
  private final int start;
  private final int size;
  private final boolean isInPlace;
  private final int form;

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
    boolean isInteger = field.kind() == FieldKind.INTEGER || field.kind() == FieldKind.INTEGERS;
    this.integerEnd = isInteger ? fixedEnd : Integer.MAX_VALUE;
    this.fixedSpan = Span.of(field.offset(), field.size());
    this.start = field.offset();
    this.size = field.size();
    this.isInPlace = field.location() == FieldLocation.FIXED;
    this.form = Bytes.form(field.elementSize(), field.signed(), bigEndian);
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
      return fixedSpan;
    }
    return walk(segment, offset, length, false);
  }

  /// The same for those to whom an event too short is nothing special, such as filters.
  ///
  /// @return a [Span], counted from the start of the event; [#MISSING] if it is too short
  public long find(MemorySegment segment, long offset, int length) {
    if (fixedEnd <= length) {
      return fixedSpan;
    }
    return walk(segment, offset, length, true);
  }

  private long locateVariable(MemorySegment segment, long offset, int length) {
    return walk(segment, offset, length, false);
  }

  /// @param quiet whether a missing byte is told by [#MISSING], not thrown
  private long walk(MemorySegment segment, long offset, int length, boolean quiet) {
    int at = endOfSkipped(segment, offset, length, quiet);
    if (at < 0) {
      return MISSING;
    }
    int start = at + field.offset();
    if (start > length - size) {
      return missing(field, start, (long) start + size, length, quiet);
    }
    return isInPlace ? Span.of(start, size) : content(segment, offset, start, length, quiet);
  }

  private int endOfSkipped(MemorySegment segment, long offset, int length, boolean quiet) {
    int at = 0;
    for (EventField before : skipped) {
      int start = at + before.offset();
      int text =
          before.location() == FieldLocation.TERMINATED && start <= length
              ? Bytes.untilZero(segment, offset + start, length - start)
              : -1;
      at = text >= 0 ? start + text + 1 : endOf(before, start, segment, offset, length, quiet);
      if (at < 0) {
        return MISSING;
      }
    }
    return at;
  }

  /// Content whose place or length the event's bytes say.
  private long content(MemorySegment segment, long offset, int start, int length, boolean quiet) {
    return switch (field.location()) {
      case FIXED -> Span.of(start, size);
      case TERMINATED, TERMINATED_UTF16 -> {
        int content = untilMark(field, segment, offset, start, length, quiet);
        yield content < 0 ? MISSING : Span.of(start, content);
      }
      case LENGTH_PREFIXED -> {
        int content = prefixed(field, segment, offset, start, length, quiet);
        yield content < 0 ? MISSING : Span.of(start + size, content);
      }
      case DATA_LOC, REL_LOC -> {
        int location =
            (int) Bytes.integer(segment, offset + start, LOCATION_SIZE, false, bigEndian);
        int from =
            (location & LOW_16)
                + (field.location() == FieldLocation.REL_LOC ? start + LOCATION_SIZE : 0);
        int count = location >>> 16;
        yield from > length - count
            ? missing(field, from, (long) from + count, length, quiet)
            : Span.of(from, count);
      }
    };
  }

  /// Where a field of variable length ends; negative if the event ends before.
  private int endOf(
      EventField before, int start, MemorySegment segment, long offset, int length, boolean quiet) {
    if (start > length - before.size()) {
      return missing(before, start, (long) start + before.size(), length, quiet);
    }
    int content =
        before.location() == FieldLocation.LENGTH_PREFIXED
            ? prefixed(before, segment, offset, start, length, quiet)
            : untilMark(before, segment, offset, start, length, quiet);
    if (content < 0) {
      return content;
    }
    return start
        + content
        + switch (before.location()) {
          case TERMINATED -> 1;
          case TERMINATED_UTF16 -> Short.BYTES;
          case LENGTH_PREFIXED -> before.size();
          case FIXED, DATA_LOC, REL_LOC ->
              throw new IllegalStateException("not variable: " + before);
        };
  }

  private int untilMark(
      EventField text, MemorySegment segment, long offset, int start, int length, boolean quiet) {
    int found =
        text.location() == FieldLocation.TERMINATED
            ? Bytes.untilZero(segment, offset + start, length - start)
            : Bytes.untilZeroUnit(segment, offset + start, length - start);
    return found < 0
        ? missing(text, start, length + (long) text.elementSize(), length, quiet)
        : found;
  }

  /// The number of bytes that a length says, which the event must have.
  private int prefixed(
      EventField field, MemorySegment segment, long offset, int start, int length, boolean quiet) {
    long content = Bytes.integer(segment, offset + start, field.size(), false, bigEndian);
    long from = (long) start + field.size();
    return content > length - from
        ? missing(field, from, from + content, length, quiet)
        : (int) content;
  }

  private int missing(EventField what, long from, long to, int length, boolean quiet) {
    if (quiet) {
      return MISSING;
    }
    throw new EventDataException(format.name(), what.name(), from, to, length);
  }

  /// The field's integer, widened by its sign or by zeros; the first one of several.
  ///
  /// @throws EventDataException if the event is too short for it
  /// @throws IllegalArgumentException if the field holds no integer
  long integer(MemorySegment segment, long offset, int length) {
    if (integerEnd <= length) {
      return Bytes.integer(segment, offset + start, form);
    }
    return integerElsewhere(segment, offset, length);
  }

  /// Whether it is an integer in a fixed place of a format whose events have so many bytes.
  boolean isIntegerWithin(EventFormat format, int length) {
    return this.format == format && integerEnd <= length;
  }

  private long integerElsewhere(MemorySegment segment, long offset, int length) {
    if (field.kind() != FieldKind.INTEGER && field.kind() != FieldKind.INTEGERS) {
      throw notA("an integer");
    }
    long span = walk(segment, offset, length, false);
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
    return Bytes.integer(segment, at, form);
  }

  /// The field's integer where the caller knows that its place is fixed and the event long enough.
  long integerUnchecked(MemorySegment segment, long offset) {
    return Bytes.integer(segment, offset + start, form);
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
