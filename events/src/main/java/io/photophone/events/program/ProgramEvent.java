package io.photophone.events.program;

import io.photophone.events.Event;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A kind of event that a program emits. The numbers are given in the order of the format's fields,
/// those that are doubles by [Double#doubleToRawLongBits]; each is cut to its field's size.
///
/// Any thread, also within a lock or a callback: to emit neither locks nor allocates nor throws,
/// but for a wrong number of numbers. It does allocate while JFR records this kind.
public final class ProgramEvent {
  /// Numbers that an event may have.
  static final int MOST_FIELDS = 6;

  private final ProgramEvents owner;
  private final int index;
  private final Event event;
  private final NumberField[] fields;
  private final int length;
  private final @Nullable JfrMirror jfr;
  private final @Nullable UserEventMirror userEvent;

  ProgramEvent(
      ProgramEvents owner,
      int index,
      Event event,
      List<NumberField> fields,
      @Nullable JfrMirror jfr,
      @Nullable UserEventMirror userEvent) {
    this.owner = owner;
    this.index = index;
    this.event = event;
    this.fields = fields.toArray(NumberField[]::new);
    this.length = fields.stream().mapToInt(field -> field.offset() + field.size()).max().orElse(0);
    this.jfr = jfr;
    this.userEvent = userEvent;
  }

  /// The form in which it arrives, to register callbacks with.
  public Event event() {
    return event;
  }

  /// Bytes of its numbers.
  int length() {
    return length;
  }

  public void emit() {
    emit(0, 0, 0, 0, 0, 0, 0);
  }

  public void emit(long a) {
    emit(1, a, 0, 0, 0, 0, 0);
  }

  public void emit(long a, long b) {
    emit(2, a, b, 0, 0, 0, 0);
  }

  public void emit(long a, long b, long c) {
    emit(3, a, b, c, 0, 0, 0);
  }

  public void emit(long a, long b, long c, long d) {
    emit(4, a, b, c, d, 0, 0);
  }

  public void emit(long a, long b, long c, long d, long e) {
    emit(5, a, b, c, d, e, 0);
  }

  public void emit(long a, long b, long c, long d, long e, long f) {
    emit(6, a, b, c, d, e, f);
  }

  private void emit(int count, long a, long b, long c, long d, long e, long f) {
    if (count != fields.length) {
      throw new IllegalArgumentException(
          "%s has %d fields, got %d numbers".formatted(event.name(), fields.length, count));
    }
    long position = owner.begin(index);
    if (position >= 0) {
      put(owner.segment(), owner.payloadOf(position), a, b, c, d, e, f);
      owner.publish(position);
    }
    if (jfr != null && jfr.isEnabled()) {
      jfr.commit(count, a, b, c, d, e, f);
    }
    if (userEvent != null && userEvent.isEnabled()) {
      MemorySegment record = userEvent.record();
      put(record, UserEventMirror.PAYLOAD, a, b, c, d, e, f);
      userEvent.write(record);
    }
  }

  private void put(MemorySegment to, long at, long a, long b, long c, long d, long e, long f) {
    for (int i = 0; i < fields.length; i++) {
      NumberField field = fields[i];
      field.put(to, at + field.offset(), select(i, a, b, c, d, e, f));
    }
  }

  static long select(int i, long a, long b, long c, long d, long e, long f) {
    return switch (i) {
      case 0 -> a;
      case 1 -> b;
      case 2 -> c;
      case 3 -> d;
      case 4 -> e;
      default -> f;
    };
  }
}
