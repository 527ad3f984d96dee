package io.photophone.server;

import io.photophone.model.FrameLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The open event streams: opens them, keeps quiet ones alive with heartbeats, adapts slow ones,
/// cuts those whose client doesn't read, and ends them all when the server stops. Contract: A24,
/// A34, A42.
final class EventStreams {
  /// The header by which a client that comes back names the last event it saw.
  static final String LAST_EVENT_ID = "Last-Event-ID";

  static final String MEDIA_TYPE = "text/event-stream";

  static final Event HEARTBEAT = Event.notice("heartbeat", Json.text(new Heartbeat("heartbeat")));

  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private final Map<EndReason, LongAdder> endings = new ConcurrentHashMap<>();
  private final boolean heartbeats;
  private final long silenceNanos;
  private final Duration stallLimit;
  private final OpenStreams all;
  private final List<Pump> pumps;
  private final FrameLog frames;
  private final AtomicInteger opened = new AtomicInteger();
  private volatile @Nullable Event farewell;

  record Heartbeat(String type) {}

  /// No streams yet.
  ///
  /// @param silence after which a heartbeat is sent
  /// @param stallLimit how long a client may leave a write unread
  /// @param all streams of the server
  /// @param pumps the clients are divided among them
  /// @param frames hears of each frame that was written
  EventStreams(
      boolean heartbeats,
      Duration silence,
      Duration stallLimit,
      OpenStreams all,
      List<Pump> pumps,
      FrameLog frames) {
    this.heartbeats = heartbeats;
    this.silenceNanos = silence.toNanos();
    this.stallLimit = stallLimit;
    this.all = all;
    this.pumps = List.copyOf(pumps);
    this.frames = frames;
  }

  /// Looks after the open streams; to be called every quarter of a second or so.
  void supervise() {
    long now = System.nanoTime();
    for (EventStream stream : open) {
      stream.judge(now);
      String accessEnded = stream.accessEnded();
      if (stream.nanosStalled(now) > stallLimit.toNanos()) {
        stream.disconnect(EndReason.STALLED, "the client has not read for " + stallLimit);
      } else if (accessEnded != null) {
        stream.endWith(Event.end(null, accessEnded), EndReason.ACCESS_ENDED);
      } else if (heartbeats && stream.nanosSilent(now) >= silenceNanos) {
        stream.heartbeat();
      }
    }
  }

  /// Answers a request with the events of the topics, from the latest on or behind the one that the
  /// client names as its last.
  ///
  /// @throws Problem.Refusal if too many streams are open
  void open(Request request, Response response, Callback completion, Subscription subscription) {
    boolean headAlone = HttpMethod.HEAD.is(request.getMethod());
    Client client = Client.of(request);
    if (!headAlone) {
      all.enter(client, response);
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, MEDIA_TYPE);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding");
    response.getHeaders().put("X-Accel-Buffering", "no");
    boolean packed = all.limits().compression() && Encodings.acceptsGzip(request);
    if (packed) {
      response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
    }
    if (headAlone) {
      completion.succeeded();
      return;
    }
    request.addIdleTimeoutListener(_ -> false);
    SseConnection connection =
        new SseConnection(response, completion, packed ? new GzipStream() : null);
    start(
        newStream(connection, subscription, client),
        subscription.view().named() ? Event.NO_ID : lastEventId(request));
  }

  /// The same over a WebSocket, whose handshake is done.
  ///
  /// @param client has been counted in
  void open(WebSocketConnection connection, Subscription subscription, Client client) {
    EventStream stream = newStream(connection, subscription, client);
    connection.onGone(stream::gone);
    start(stream, Event.NO_ID);
  }

  private EventStream newStream(Connection connection, Subscription subscription, Client client) {
    Pump pump = pumps.get(Math.floorMod(opened.getAndIncrement(), pumps.size()));
    return new EventStream(
        connection,
        subscription,
        client.lease(),
        pump,
        frames,
        (stream, reason) -> ended(stream, reason, client));
  }

  private void ended(EventStream stream, EndReason reason, Client client) {
    open.remove(stream);
    all.leave(client);
    endings.computeIfAbsent(reason, _ -> new LongAdder()).increment();
  }

  private void start(EventStream stream, long lastId) {
    open.add(stream);
    stream.start(lastId);
    Event bye = farewell;
    if (bye != null) {
      stream.endWith(bye, EndReason.SERVER_STOPPED);
    }
  }

  private static long lastEventId(Request request) {
    String text = request.getHeaders().get(LAST_EVENT_ID);
    if (text == null || !text.matches("\\d{1,18}")) {
      return Event.NO_ID;
    }
    return Long.parseLong(text);
  }

  /// Tells every client the reason and ends its stream, also those that open from now on.
  void endAll(String reason) {
    Event bye = Event.end(null, reason);
    farewell = bye;
    open.forEach(stream -> stream.endWith(bye, EndReason.SERVER_STOPPED));
  }

  int openCount() {
    return open.size();
  }

  /// Streams that have ended for this reason.
  long endedCount(EndReason reason) {
    LongAdder count = endings.get(reason);
    return count == null ? 0 : count.sum();
  }
}
