package io.photophone.events;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the bytes of events that code makes: fields in fixed places, and text behind them. Its
/// buffer is used again for each event and grows with the longest. One thread.
public final class EventWriter {
  /// Of a place and a length, which have 16 bits each.
  private static final int LONGEST = (1 << 16) - 1;

  private final EventFormat format;
  private final int fixedLength;
  private final boolean bigEndian;
  private long[] buffer = new long[32];
  private MemorySegment segment = MemorySegment.ofArray(buffer);
  private int length;

  /// A writer of events of this format.
  ///
  /// @throws IllegalArgumentException if a field of the format has another kind of place
  public EventWriter(EventFormat format) {
    this.format = format;
    this.bigEndian = format.order().equals(ByteOrder.BIG_ENDIAN);
    int end = 0;
    for (EventField field : format.fields()) {
      if (field.location() != FieldLocation.FIXED && field.location() != FieldLocation.DATA_LOC) {
        throw new IllegalArgumentException(
            "%s.%s is %s, which can't be written, allowed: FIXED, DATA_LOC"
                .formatted(format.name(), field.name(), field.location()));
      }
      end = Math.max(end, field.offset() + field.size());
    }
    this.fixedLength = end;
    begin();
  }

  /// Begins an event whose fields are all zero or empty.
  public EventWriter begin() {
    length = fixedLength;
    makeRoom();
    Arrays.fill(buffer, 0, (length + Long.BYTES - 1) / Long.BYTES, 0);
    return this;
  }

  /// Puts an integer into its field.
  ///
  /// @throws IllegalArgumentException if the field holds no integer
  public EventWriter put(FieldRef ref, long value) {
    EventField field = check(ref);
    if (field.kind() != FieldKind.INTEGER) {
      throw ref.notA("an integer");
    }
    Bytes.putInteger(segment, field.offset(), field.size(), bigEndian, value);
    return this;
  }

  /// Puts a number into its field.
  ///
  /// @throws IllegalArgumentException if the field holds no such number
  public EventWriter put(FieldRef ref, double value) {
    EventField field = check(ref);
    if (field.kind() != FieldKind.FLOAT) {
      throw ref.notA("a number of IEEE 754");
    }
    long bits =
        field.size() == Float.BYTES
            ? Float.floatToRawIntBits((float) value)
            : Double.doubleToRawLongBits(value);
    Bytes.putInteger(segment, field.offset(), field.size(), bigEndian, bits);
    return this;
  }

  /// A text; what is longer than its field or than 64 KiB with all that came before is cut.
  ///
  /// @throws IllegalArgumentException if the field is no UTF-8 text
  public EventWriter put(FieldRef ref, String value) {
    EventField field = check(ref);
    if (field.kind() != FieldKind.TEXT) {
      throw ref.notA("a text");
    }
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    if (field.location() == FieldLocation.FIXED) {
      MemorySegment.copy(
          text,
          0,
          segment,
          ValueLayout.JAVA_BYTE,
          field.offset(),
          Math.min(text.length, field.size()));
      return this;
    }
    int start = length;
    if (start >= LONGEST) {
      // Its place can't be told in 16 bits, so it stays empty.
      return this;
    }
    int count = Math.max(0, Math.min(text.length, LONGEST - 1 - start));
    length += count + 1;
    makeRoom();
    MemorySegment.copy(text, 0, segment, ValueLayout.JAVA_BYTE, start, count);
    segment.set(ValueLayout.JAVA_BYTE, (long) start + count, (byte) 0);
    Bytes.putInteger(
        segment, field.offset(), Integer.BYTES, bigEndian, (long) (count + 1) << 16 | start);
    return this;
  }

  private EventField check(FieldRef ref) {
    if (ref.format() != format) {
      throw new IllegalArgumentException("%s is no field of %s".formatted(ref, format.name()));
    }
    return ref.field();
  }

  private void makeRoom() {
    if (length > buffer.length * Long.BYTES) {
      buffer = Arrays.copyOf(buffer, Math.max(length / Long.BYTES + 1, buffer.length * 2));
      segment = MemorySegment.ofArray(buffer);
    }
  }

  /// What holds the event from offset 0 on, until the next one is begun.
  public MemorySegment segment() {
    return segment;
  }

  /// Bytes of the event.
  public int length() {
    return length;
  }
}
