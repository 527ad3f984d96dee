package io.photophone.events.program;

import io.photophone.events.EventField;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldLocation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/// A number in a fixed place of a program's event, in the machine's order.
record NumberField(String name, int offset, int size, boolean signed, boolean isFloat) {
  /// Those of a format, in their order.
  ///
  /// @throws IllegalArgumentException if the format has anything else
  static List<NumberField> of(EventFormat format) {
    if (!format.order().equals(ByteOrder.nativeOrder())) {
      throw new IllegalArgumentException(
          "%s is %s, allowed: the machine's own order, %s"
              .formatted(format.name(), format.order(), ByteOrder.nativeOrder()));
    }
    return format.fields().stream().map(field -> of(format, field)).toList();
  }

  private static NumberField of(EventFormat format, EventField field) {
    boolean isFloat = field.kind() == FieldKind.FLOAT && field.size() == Double.BYTES;
    if (field.location() != FieldLocation.FIXED
        || (field.kind() != FieldKind.INTEGER && !isFloat)) {
      throw new IllegalArgumentException(
          "%s.%s is %s of %d bytes, allowed: integers and numbers of 8 bytes in fixed places"
              .formatted(format.name(), field.name(), field.kind(), field.size()));
    }
    return new NumberField(field.name(), field.offset(), field.size(), field.signed(), isFloat);
  }

  void put(MemorySegment to, long at, long value) {
    switch (size) {
      case 1 -> to.set(ValueLayout.JAVA_BYTE, at, (byte) value);
      case 2 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
      case 4 -> to.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
      default -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }
  }
}
