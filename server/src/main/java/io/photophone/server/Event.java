package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Something that clients of a stream are told. It is encoded at most once for each way in which
/// clients see it, however many there are, and only if there is one.
///
/// Safe to share between threads. Contract: A23, A42.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent
///   events</a>
final class Event {
  /// The id of an event that has none.
  static final long NO_ID = -1;

  private final long id;
  private final String name;
  private final boolean last;
  private final Content content;
  private final ConcurrentHashMap<Part, byte[]> parts = new ConcurrentHashMap<>(2);
  private final ConcurrentHashMap<View, ByteBuffer> texts = new ConcurrentHashMap<>(4);
  private final ConcurrentHashMap<View, GzipStream.Block> blocks = new ConcurrentHashMap<>(4);
  private final ConcurrentHashMap<BytesView, Message> messages = new ConcurrentHashMap<>(2);

  private Event(long id, String name, boolean last, Content content) {
    this.id = id;
    this.name = name;
    this.last = last;
    this.content = content;
  }

  /// How a client sees an event.
  ///
  /// @param named whether the event has a type of its own, as on a stream of several topics; else a
  ///   browser hands it to `onmessage`
  record View(boolean named, Part part) {
    View at(Resolution resolution) {
      return new View(named, part.at(resolution));
    }
  }

  /// How much of an event's data a client gets; of a reading always [#ALL].
  ///
  /// @param band which part of a spectrum
  /// @param phases whether a spectrum comes with its phases
  /// @param resolution how much of a frame's samples and a spectrum's bins
  record Part(Band band, boolean phases, Resolution resolution) {
    static final Part ALL = new Part(Band.ALL, false, Resolution.FULL);

    Part at(Resolution another) {
      return new Part(band, phases, another);
    }
  }

  /// A part of the frequency axis in Hz, both ends included.
  record Band(double fromHz, double toHz) {
    static final Band ALL = new Band(0, Double.POSITIVE_INFINITY);
  }

  private record BytesView(Part part, SampleFormat format) {}

  /// A message on a WebSocket.
  ///
  /// @param binary whether it is bytes; else it is JSON
  record Message(boolean binary, ByteBuffer bytes) {}

  /// What an event tells.
  interface Content {
    /// The part asked for as far as it makes a difference here, so that what is the same is encoded
    /// once.
    Part relevant(Part part);

    /// On one line.
    byte[] json(Part part);

    /// For programs; null if there is only JSON.
    @Nullable ByteBuffer bytes(Part part, SampleFormat format);
  }

  private record JsonContent(Function<Part, byte[]> data) implements Content {
    @Override
    public Part relevant(Part part) {
      return Part.ALL;
    }

    @Override
    public byte[] json(Part part) {
      return data.apply(part);
    }

    @Override
    public @Nullable ByteBuffer bytes(Part part, SampleFormat format) {
      return null;
    }
  }

  /// An event of a topic.
  static Event of(long id, String name, Content content) {
    return new Event(id, name, false, content);
  }

  /// An event of a topic that is the same for everyone.
  ///
  /// @param data its JSON, on one line
  static Event of(long id, String name, Function<Part, byte[]> data) {
    return of(id, name, new JsonContent(data));
  }

  /// An event that says something about the stream, always under its own name.
  static Event notice(String name, String json) {
    return of(NO_ID, name, _ -> json.getBytes(UTF_8));
  }

  /// The notice that events were lost.
  static Event lagged(String topic, long missed) {
    return notice("lagged", Json.text(new Lag(topic, missed)));
  }

  record Lag(String topic, long missed) {}

  /// The notice that samples and bins come at this resolution from now on.
  static Event resolution(Resolution resolution) {
    return notice(
        "resolution", Json.text(new Resolved(resolution.wireName(), resolution.factor())));
  }

  /// @param decimation samples or bins of the source for each one sent
  record Resolved(String resolution, int decimation) {}

  /// The notice after which a stream of one topic ends.
  ///
  /// @param topic whose source has ended; null if the server ends the stream
  static Event end(@Nullable String topic, String reason) {
    byte[] json = Json.bytes(new End(topic, reason));
    return new Event(NO_ID, "end", true, new JsonContent(_ -> json));
  }

  record End(@Nullable String topic, String reason) {}

  long id() {
    return id;
  }

  /// Whether it is a frame, whose number is its id.
  boolean isFrame() {
    return content instanceof EncodedFrame;
  }

  boolean isLast() {
    return last;
  }

  /// The JSON of a part; shared, so read only.
  byte[] json(Part part) {
    return parts.computeIfAbsent(content.relevant(part), content::json);
  }

  /// The event's text on a stream; the caller's own view of shared memory.
  ByteBuffer text(View view) {
    return texts.computeIfAbsent(relevant(view), this::encode).duplicate();
  }

  /// The event's text on a compressed stream; shared.
  GzipStream.Block block(View view) {
    View relevant = relevant(view);
    GzipStream.Block known = blocks.get(relevant);
    return known != null
        ? known
        : blocks.computeIfAbsent(relevant, each -> GzipStream.Block.of(encode(each)));
  }

  /// The event as a message; shared.
  Message message(Part part, SampleFormat format) {
    return messages.computeIfAbsent(
        new BytesView(content.relevant(part), format),
        each -> {
          ByteBuffer bytes = content.bytes(each.part(), each.format());
          return bytes == null
              ? new Message(false, named(json(each.part())))
              : new Message(true, bytes.asReadOnlyBuffer());
        });
  }

  private View relevant(View view) {
    return new View(view.named(), content.relevant(view.part()));
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
    return joined(head.toString(), json(view.part()), "\n\n");
  }

  private ByteBuffer named(byte[] json) {
    return joined("{\"event\":\"" + name + "\",\"data\":", json, "}");
  }

  private static ByteBuffer joined(String before, byte[] json, String behind) {
    byte[] prefix = before.getBytes(UTF_8);
    byte[] suffix = behind.getBytes(UTF_8);
    return ByteBuffer.allocateDirect(prefix.length + json.length + suffix.length)
        .put(prefix)
        .put(json)
        .put(suffix)
        .flip()
        .asReadOnlyBuffer();
  }

  @Override
  public String toString() {
    return "Event[%s, %d]".formatted(name, id);
  }
}
