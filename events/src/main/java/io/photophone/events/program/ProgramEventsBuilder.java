package io.photophone.events.program;

import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Describes a [ProgramEvents].
public final class ProgramEventsBuilder {
  private static final int LARGEST_CAPACITY = 1 << 22;

  final List<EventFormat> formats = new ArrayList<>();
  int capacity = 1 << 13;
  long id;
  @Nullable String jfrPrefix;
  @Nullable UserEventsDevice device;
  IntSupplier threadId = () -> EventData.UNKNOWN;

  ProgramEventsBuilder() {}

  /// Declares a kind of event.
  ///
  /// @param format of at most 6 numbers, in the machine's order: integers, and doubles
  public ProgramEventsBuilder event(EventFormat format) {
    if (format.fields().size() > ProgramEvent.MOST_FIELDS) {
      throw new IllegalArgumentException(
          "%s has %d fields, allowed: %d"
              .formatted(format.name(), format.fields().size(), ProgramEvent.MOST_FIELDS));
    }
    if (formats.stream().anyMatch(each -> each.name().equals(format.name()))) {
      throw new IllegalArgumentException("two events %s".formatted(format.name()));
    }
    formats.add(format);
    return this;
  }

  /// Events that may wait to be read, 8192 unless said: a power of two.
  public ProgramEventsBuilder capacity(int events) {
    if (Integer.bitCount(events) != 1 || events < 2 || events > LARGEST_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity is %d, allowed: a power of two from 2 to %d"
              .formatted(events, LARGEST_CAPACITY));
    }
    capacity = events;
    return this;
  }

  /// By which these events are told from those of other sources; 0 unless said.
  public ProgramEventsBuilder id(long value) {
    id = value;
    return this;
  }

  /// Makes each kind known to JFR, too, as `prefix.name`. The names of events and fields must be
  /// those that Java allows.
  ///
  /// A recording takes them unless it disables them, as it does all events; while one takes a kind,
  /// to emit it allocates.
  public ProgramEventsBuilder alsoToJfr(String prefix) {
    jfrPrefix = prefix;
    return this;
  }

  /// Makes each kind known to the kernel, too, under its name.
  public ProgramEventsBuilder alsoTo(UserEventsDevice device) {
    this.device = device;
    return this;
  }

  /// What tells the calling thread's number in the operating system; without it, events have none.
  /// It is asked for each event.
  public ProgramEventsBuilder threadId(IntSupplier supplier) {
    threadId = supplier;
    return this;
  }

  /// Makes them known, and the ring.
  ///
  /// @throws IllegalArgumentException if no event was declared, or one has anything but numbers in
  ///   fixed places
  /// @throws IOException if the kernel refuses an event
  public ProgramEvents build() throws IOException {
    if (formats.isEmpty()) {
      throw new IllegalArgumentException("no event is declared");
    }
    return new ProgramEvents(this);
  }
}
