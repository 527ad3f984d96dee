package io.photophone.events.jfr;

import io.photophone.events.EventFormat;
import io.photophone.events.EventWriter;
import io.photophone.events.FieldRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.Timespan;
import jdk.jfr.Timestamp;
import jdk.jfr.Unsigned;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedClassLoader;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedObject;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import org.jspecify.annotations.Nullable;

/// The fields of a kind of JFR's events in our form, and how each is copied. One thread.
///
/// Numbers, booleans and texts stay; durations and times become nanoseconds, times on the clock of
/// [System#nanoTime]; a thread becomes three fields, `…Id` (Java), `…OsId`, `…Name`; classes,
/// methods and loaders become texts; the fields of another structure get its name before theirs.
/// The start is the event's own time. Arrays, and structures within structures, are left out.
final class JfrFields {
  private final EventFormat format;
  private final EventWriter writer;
  private final EventFormat.Builder builder;
  private final List<Field> fields = new ArrayList<>();
  private final List<FieldRef> refs = new ArrayList<>();

  /// The start of the event that is copied, on both clocks.
  private long timeNanos;

  private Instant time = Instant.EPOCH;

  /// The structure that a field is in, perhaps the event itself; null where the event has none.
  @FunctionalInterface
  private interface Place {
    @Nullable RecordedObject in(RecordedEvent event);
  }

  @FunctionalInterface
  private interface Copy {
    void copy(RecordedObject from, EventWriter to, FieldRef ref);
  }

  private record Field(String name, Place place, Copy copy) {}

  JfrFields(EventType type, boolean withStackTraces) {
    builder = EventFormat.builder(type.getName());
    for (ValueDescriptor field : type.getFields()) {
      boolean isStack = field.getTypeName().equals("jdk.types.StackTrace");
      if (!field.getName().equals("startTime") && (!isStack || withStackTraces)) {
        add(field, field.getName(), event -> event);
      }
    }
    format = builder.build();
    writer = new EventWriter(format);
    for (Field field : fields) {
      refs.add(format.fieldRef(field.name));
    }
  }

  EventFormat format() {
    return format;
  }

  /// Copies an event, whose bytes are valid until the next call.
  ///
  /// @param timeNanos of its start, on the clock of [System#nanoTime]
  EventWriter copy(RecordedEvent from, long timeNanos) {
    this.timeNanos = timeNanos;
    time = from.getStartTime();
    writer.begin();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      RecordedObject place = field.place.in(from);
      if (place != null) {
        field.copy.copy(place, writer, refs.get(i));
      }
    }
    return writer;
  }

  private void add(ValueDescriptor field, String name, Place place) {
    if (field.isArray()) {
      return;
    }
    String source = field.getName();
    switch (field.getTypeName()) {
      case "boolean" -> {
        builder.integer(name, 1, false);
        put(name, place, (from, to, ref) -> to.put(ref, from.getBoolean(source) ? 1 : 0));
      }
      case "char" -> {
        builder.integer(name, Character.BYTES, false);
        put(name, place, (from, to, ref) -> to.put(ref, (long) from.getChar(source)));
      }
      case "byte" -> addInteger(field, name, Byte.BYTES, place);
      case "short" -> addInteger(field, name, Short.BYTES, place);
      case "int" -> addInteger(field, name, Integer.BYTES, place);
      case "long" -> addLong(field, name, place);
      case "float", "double" -> {
        builder.float64(name);
        put(name, place, (from, to, ref) -> to.put(ref, from.getDouble(source)));
      }
      case "java.lang.String" -> addText(source, name, String.class, text -> text, place);
      case "java.lang.Class" ->
          addText(source, name, RecordedClass.class, RecordedClass::getName, place);
      case "jdk.types.Method" ->
          addText(source, name, RecordedMethod.class, JfrFields::text, place);
      case "jdk.types.ClassLoader" ->
          addText(source, name, RecordedClassLoader.class, RecordedClassLoader::getName, place);
      case "jdk.types.StackTrace" ->
          addText(source, name, RecordedStackTrace.class, JfrFields::text, place);
      case "java.lang.Thread" -> addThread(source, name, place);
      default -> addStructure(field, name);
    }
  }

  private void put(String name, Place place, Copy copy) {
    fields.add(new Field(name, place, copy));
  }

  private void addInteger(ValueDescriptor field, String name, int size, Place place) {
    String source = field.getName();
    builder.integer(name, size, field.getAnnotation(Unsigned.class) == null);
    put(name, place, (from, to, ref) -> to.put(ref, from.getLong(source)));
  }

  private void addLong(ValueDescriptor field, String name, Place place) {
    String source = field.getName();
    if (field.getAnnotation(Timespan.class) != null) {
      builder.integer(name, Long.BYTES, true);
      put(name, place, (from, to, ref) -> to.put(ref, nanosOf(from.getDuration(source))));
    } else if (field.getAnnotation(Timestamp.class) != null) {
      builder.integer(name, Long.BYTES, true);
      put(name, place, (from, to, ref) -> to.put(ref, timeOf(from.getInstant(source))));
    } else {
      addInteger(field, name, Long.BYTES, place);
    }
  }

  private <T> void addText(
      String source, String name, Class<T> type, Function<T, @Nullable String> text, Place place) {
    builder.dynamicText(name);
    put(
        name,
        place,
        (from, to, ref) -> {
          Object value = from.getValue(source);
          putIfAny(to, ref, value == null ? null : text.apply(type.cast(value)));
        });
  }

  private static void putIfAny(EventWriter to, FieldRef ref, @Nullable String text) {
    if (text != null) {
      to.put(ref, text);
    }
  }

  private void addThread(String source, String name, Place place) {
    builder
        .integer(name + "Id", Long.BYTES, true)
        .integer(name + "OsId", Long.BYTES, true)
        .dynamicText(name + "Name");
    putThread(name + "Id", source, place, (of, to, ref) -> to.put(ref, of.getJavaThreadId()));
    putThread(name + "OsId", source, place, (of, to, ref) -> to.put(ref, of.getOSThreadId()));
    putThread(name + "Name", source, place, (of, to, ref) -> putIfAny(to, ref, text(of)));
  }

  @FunctionalInterface
  private interface ThreadCopy {
    void copy(RecordedThread from, EventWriter to, FieldRef ref);
  }

  private void putThread(String name, String source, Place place, ThreadCopy copy) {
    put(
        name,
        place,
        (from, to, ref) -> {
          RecordedThread thread = from.getThread(source);
          if (thread != null) {
            copy.copy(thread, to, ref);
          }
        });
  }

  /// Its own fields, one level deep.
  private void addStructure(ValueDescriptor structure, String name) {
    String source = structure.getName();
    if (!name.equals(source)) {
      return;
    }
    for (ValueDescriptor field : structure.getFields()) {
      String inner = field.getName();
      String joined = name + Character.toUpperCase(inner.charAt(0)) + inner.substring(1);
      add(field, joined, event -> event.getValue(source));
    }
  }

  private static @Nullable String text(RecordedThread thread) {
    return thread.getJavaName() == null ? thread.getOSName() : thread.getJavaName();
  }

  private static String text(RecordedMethod method) {
    return method.getType().getName() + "." + method.getName();
  }

  /// Innermost frame first, one `class.method:line` behind the other.
  private static String text(RecordedStackTrace stack) {
    return stack.getFrames().stream()
        .map(frame -> text(frame.getMethod()) + ":" + frame.getLineNumber())
        .collect(Collectors.joining(";"));
  }

  /// JFR has durations that no long of nanoseconds holds, for what is endless or isn't known.
  private static long nanosOf(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException _) {
      return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /// Counted from the event's own time; the lowest number where it isn't known.
  private long timeOf(Instant instant) {
    long apart = nanosOf(Duration.between(time, instant));
    return apart == Long.MIN_VALUE || apart == Long.MAX_VALUE ? apart : timeNanos + apart;
  }
}
