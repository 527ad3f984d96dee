package io.photophone.events.program;

import io.photophone.events.EventFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// The same kind of event in the kernel, written only while somebody traces it. A record is
///
/// ```
/// | u32 write index | fields of the format, without gaps |
/// ```
///
/// Any thread; each that writes while the event is traced gets a buffer of its own once.
final class UserEventMirror {
  /// Where the fields begin.
  static final int PAYLOAD = Integer.BYTES;

  private final UserEventsDevice device;
  private final UserEventsDevice.Registered registered;
  private final AtomicLong unwritten;
  private final ThreadLocal<MemorySegment> records;

  /// @param unwritten counts records that the kernel did not take
  UserEventMirror(
      UserEventsDevice device, EventFormat format, List<NumberField> fields, AtomicLong unwritten)
      throws IOException {
    this.device = device;
    this.registered = device.register(describe(format, fields));
    this.unwritten = unwritten;
    int size = PAYLOAD + fields.stream().mapToInt(NumberField::size).sum();
    this.records =
        ThreadLocal.withInitial(() -> {
          MemorySegment record = Arena.ofAuto().allocate(size, Long.BYTES);
          record.set(ValueLayout.JAVA_INT, 0, registered.writeIndex());
          return record;
        });
  }

  /// What the kernel parses. It has no type for a double: its bits are a `u64`.
  ///
  /// @throws IllegalArgumentException if the format has gaps, which the kernel's has not
  static String describe(EventFormat format, List<NumberField> fields) {
    int next = 0;
    for (NumberField field : fields) {
      if (field.offset() != next) {
        throw new IllegalArgumentException(
            "%s.%s is at offset %d, for user_events allowed: %d"
                .formatted(format.name(), field.name(), field.offset(), next));
      }
      next += field.size();
    }
    String described =
        fields.stream()
            .map(field ->
                "%s%d %s"
                    .formatted(
                        field.signed() && !field.isFloat() ? "s" : "u",
                        field.size() * Byte.SIZE,
                        field.name()))
            .collect(Collectors.joining(";"));
    return described.isEmpty() ? format.name() : format.name() + " " + described;
  }

  boolean isEnabled() {
    return registered.enabled().get(ValueLayout.JAVA_INT, 0) != 0;
  }

  /// The calling thread's own, with the index in its place.
  MemorySegment record() {
    return records.get();
  }

  void write(MemorySegment record) {
    if (!device.write(record)) {
      unwritten.incrementAndGet();
    }
  }
}
