package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// One server-sent event, encoded at most once for each view of it, however many clients get it.
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
  private final Function<View, byte[]> data;
  private final ConcurrentHashMap<View, ByteBuffer> encoded = new ConcurrentHashMap<>(4);

  private Event(long id, String name, boolean last, Function<View, byte[]> data) {
    this.id = id;
    this.name = name;
    this.last = last;
    this.data = data;
  }

  /// How a client sees an event.
  ///
  /// @param named whether the event has a type of its own, as on a stream of several topics; else a
  ///   browser hands it to `onmessage`
  /// @param band which part of a spectrum
  /// @param phases whether a spectrum comes with its phases
  record View(boolean named, Band band, boolean phases) {}

  /// A part of the frequency axis in Hz, both ends included.
  record Band(double fromHz, double toHz) {
    static final Band ALL = new Band(0, Double.POSITIVE_INFINITY);
  }

  /// An event of a topic.
  ///
  /// @param data its JSON for a view, on one line
  static Event of(long id, String name, Function<View, byte[]> data) {
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

  private record Lag(String topic, long missed) {}

  /// The notice after which a stream of one topic ends.
  static Event end(String reason) {
    byte[] json = Json.bytes(new End(reason));
    return new Event(NO_ID, "end", true, _ -> json);
  }

  private record End(String reason) {}

  long id() {
    return id;
  }

  boolean isLast() {
    return last;
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
    byte[] json = data.apply(view);
    return ByteBuffer.allocateDirect(prefix.length + json.length + 2)
        .put(prefix)
        .put(json)
        .put((byte) '\n')
        .put((byte) '\n')
        .flip()
        .asReadOnlyBuffer();
  }
}
