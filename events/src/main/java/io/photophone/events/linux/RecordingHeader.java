package io.photophone.events.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what a recorded file says of its events.
final class RecordingHeader {
  private final Path path;
  private final MemorySegment header;
  private final int rings;
  private final List<EventSetup> setups = new ArrayList<>();
  private final Map<Long, Integer> ids = new LinkedHashMap<>();
  private long at = RecordingFormat.FIRST_EVENT;

  /// @throws IOException if it is damaged; the message names the offset
  RecordingHeader(Path path, MemorySegment bytes) throws IOException {
    this.path = path;
    if (!RecordingFormat.isOne(bytes)) {
      throw new IOException("%s is no recorded session".formatted(path));
    }
    int version = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, RecordingFormat.VERSION_OFFSET);
    if (version != RecordingFormat.VERSION) {
      throw new IOException(
          version == Integer.reverseBytes(RecordingFormat.VERSION)
              ? "%s is of a machine with the other order of bytes".formatted(path)
              : "%s has version %d, allowed: %d".formatted(path, version, RecordingFormat.VERSION));
    }
    int length = bytes.get(ValueLayout.JAVA_INT_UNALIGNED, RecordingFormat.HEADER_LENGTH_OFFSET);
    if (length < RecordingFormat.FIRST_EVENT
        || length % Long.BYTES != 0
        || length > bytes.byteSize()) {
      throw wrong(RecordingFormat.HEADER_LENGTH_OFFSET, "a header of bytes", length, "of the file");
    }
    header = bytes.asSlice(0, length);
    rings = header.get(ValueLayout.JAVA_INT_UNALIGNED, RecordingFormat.RINGS_OFFSET);
    if (rings < 1 || rings > RecordingFormat.MOST_RINGS) {
      throw wrong(RecordingFormat.RINGS_OFFSET, "rings", rings, "1 to 65536");
    }
    int events = header.get(ValueLayout.JAVA_INT_UNALIGNED, RecordingFormat.EVENTS_OFFSET);
    if (events < 1 || events > RecordingFormat.MOST_EVENTS) {
      throw wrong(RecordingFormat.EVENTS_OFFSET, "events", events, "1 to 4096");
    }
    for (int i = 0; i < events; i++) {
      event(i);
    }
  }

  private void event(int index) throws IOException {
    long from = at;
    int number = integer();
    Optional<EventSetup.Role> role = EventSetup.Role.of(number);
    if (role.isEmpty()) {
      throw wrong(from, "role", number, "0 to 3");
    }
    MemorySegment attr = MemorySegment.ofArray(new long[PerfAttr.SIZE / Long.BYTES]);
    attr.copyFrom(take(PerfAttr.SIZE, "an attribute"));
    String name = text("a name");
    String format = text("a format");
    setups.add(new EventSetup(name, role.get(), format, attr));
    long countAt = at;
    int count = integer();
    if (count < 0 || count > (header.byteSize() - at) / Long.BYTES) {
      throw wrong(countAt, "ids", count, "those that the header holds");
    }
    for (int i = 0; i < count; i++) {
      ids.put(take(Long.BYTES, "an id").get(ValueLayout.JAVA_LONG_UNALIGNED, 0), index);
    }
  }

  private int integer() throws IOException {
    return take(Integer.BYTES, "a number").get(ValueLayout.JAVA_INT_UNALIGNED, 0);
  }

  private String text(String what) throws IOException {
    return new String(take(integer(), what).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private MemorySegment take(int length, String what) throws IOException {
    if (length < 0 || length > header.byteSize() - at) {
      throw wrong(at, what + " of bytes", length, "up to " + (header.byteSize() - at));
    }
    MemorySegment taken = header.asSlice(at, length);
    at += length;
    return taken;
  }

  private IOException wrong(long offset, String what, int value, String allowed) {
    return new IOException(
        "%s, offset %d: %s: %d, allowed: %s".formatted(path, offset, what, value, allowed));
  }

  int rings() {
    return rings;
  }

  List<EventSetup> setups() {
    return setups;
  }

  /// Which event each number of the kernel belongs to.
  Map<Long, Integer> ids() {
    return ids;
  }

  long length() {
    return header.byteSize();
  }
}
