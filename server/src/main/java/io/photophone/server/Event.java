package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One server-sent event. Its JSON is made at most once for each part of it that is asked for, and
/// its bytes on the wire once for each view, however many clients get it.
///
/// Safe to share between threads.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
///   events</a>
final class Event {
  /// The id of an event that has none.
  static final long NO_ID = -1;

  private final long id;
  private final String name;
  private final boolean last;
  private final Function<Part, byte[]> data;
  private final ConcurrentHashMap<Part, byte[]> parts = new ConcurrentHashMap<>(2);
  private final ConcurrentHashMap<View, ByteBuffer> encoded = new ConcurrentHashMap<>(4);

  private Event(long id, String name, boolean last, Function<Part, byte[]> data) {
    this.id = id;
    this.name = name;
    this.last = last;
    this.data = data;
  }

  /// How a client sees an event.
  ///
  /// @param named whether the event has a type of its own, as on a stream of several topics; else a
  ///   browser hands it to `onmessage`
  record View(boolean named, Part part) {}

  /// How much of an event's data a client gets; of a frame or a reading always [#ALL].
  ///
  /// @param band which part of a spectrum
  /// @param phases whether a spectrum comes with its phases
  record Part(Band band, boolean phases) {
    static final Part ALL = new Part(Band.ALL, false);
  }

  /// A part of the frequency axis in Hz, both ends included.
  record Band(double fromHz, double toHz) {
    static final Band ALL = new Band(0, Double.POSITIVE_INFINITY);
  }

  /// An event of a topic.
  ///
  /// @param data its JSON, on one line
  static Event of(long id, String name, Function<Part, byte[]> data) {
    return new Event(id, name, false, data);
  }

  /// An event that says something about the stream, always under its own name.
  static Event notice(String name, String json) {
    return new Event(NO_ID, name, false, _ -> json.getBytes(UTF_8));
  }

  /// The notice that events were lost.
  static Event lagged(String topic, long missed) {
    return notice("lagged", Json.text(new Lag(topic, missed)));
  }

  record Lag(String topic, long missed) {}

  /// The notice after which a stream of one topic ends.
  ///
  /// @param topic whose source has ended; null if the server ends every stream
  static Event end(@Nullable String topic, String reason) {
    byte[] json = Json.bytes(new End(topic, reason));
    return new Event(NO_ID, "end", true, _ -> json);
  }

  record End(@Nullable String topic, String reason) {}

  long id() {
    return id;
  }

  boolean isLast() {
    return last;
  }

  /// The JSON of a part; shared, so read only.
  byte[] json(Part part) {
    return parts.computeIfAbsent(part, data);
  }

  /// The event's bytes on the wire; the caller's own view of shared memory.
  ByteBuffer bytes(View view) {
    return encoded.computeIfAbsent(view, this::encode).duplicate();
  }

  private ByteBuffer encode(View view) {
    StringBuilder head = new StringBuilder();
    if (id == NO_ID || view.named()) {
      head.append("event: ").append(name).append('\n');
    }
    if (id != NO_ID && !view.named()) {
      head.append("id: ").append(id).append('\n');
    }
    head.append("data: ");
    byte[] prefix = head.toString().getBytes(UTF_8);
    byte[] json = json(view.part());
    return ByteBuffer.allocateDirect(prefix.length + json.length + 2)
        .put(prefix)
        .put(json)
        .put((byte) '\n')
        .put((byte) '\n')
        .flip()
        .asReadOnlyBuffer();
  }

  @Override
  public String toString() {
    return "Event[%s, %d]".formatted(name, id);
  }
}
