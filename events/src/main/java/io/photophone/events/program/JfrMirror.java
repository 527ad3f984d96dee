package io.photophone.events.program;

import io.photophone.events.EventFormat;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.AnnotationElement;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.EventFactory;
import jdk.jfr.EventType;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Unsigned;
import jdk.jfr.ValueDescriptor;

/// The same kind of event in JFR, made only while JFR records it. Any thread.
final class JfrMirror {
  private final EventFactory factory;
  private final EventType type;
  private final List<NumberField> fields;

  JfrMirror(String prefix, EventFormat format, List<NumberField> fields) {
    this.fields = fields;
    List<AnnotationElement> annotations =
        List.of(
            new AnnotationElement(Name.class, prefix + "." + format.name()),
            new AnnotationElement(Category.class, new String[] {prefix}),
            new AnnotationElement(StackTrace.class, false));
    List<ValueDescriptor> values = new ArrayList<>();
    for (NumberField field : fields) {
      List<AnnotationElement> unsigned =
          field.signed() || field.isFloat()
              ? List.of()
              : List.of(new AnnotationElement(Unsigned.class));
      values.add(new ValueDescriptor(typeOf(field), field.name(), unsigned));
    }
    factory = EventFactory.create(annotations, values);
    factory.register();
    type = factory.getEventType();
  }

  private static Class<?> typeOf(NumberField field) {
    if (field.isFloat()) {
      return double.class;
    }
    return switch (field.size()) {
      case 1 -> byte.class;
      case 2 -> short.class;
      case 4 -> int.class;
      default -> long.class;
    };
  }

  boolean isEnabled() {
    return type.isEnabled();
  }

  void commit(int count, long a, long b, long c, long d, long e, long f) {
    Event event = factory.newEvent();
    for (int i = 0; i < count; i++) {
      event.set(i, boxed(fields.get(i), ProgramEvent.select(i, a, b, c, d, e, f)));
    }
    event.commit();
  }

  private static Object boxed(NumberField field, long value) {
    if (field.isFloat()) {
      return Double.longBitsToDouble(value);
    }
    return switch (field.size()) {
      case 1 -> (byte) value;
      case 2 -> (short) value;
      case 4 -> (int) value;
      default -> value;
    };
  }

  void close() {
    factory.unregister();
  }
}
