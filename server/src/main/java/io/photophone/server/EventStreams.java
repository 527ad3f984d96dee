package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.server.security.Lease;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The open event streams: opens them, keeps quiet ones alive with heartbeats, cuts those whose
/// client doesn't read, and ends them all when the server stops. Contract: A24.
final class EventStreams {
  /// The header by which a client that comes back names the last event it saw.
  static final String LAST_EVENT_ID = "Last-Event-ID";

  static final Event HEARTBEAT = Event.notice("heartbeat", "{\"type\":\"heartbeat\"}");

  /// After a broken connection a browser tries again in two seconds.
  private static final byte[] PRELUDE = "retry: 2000\n\n".getBytes(UTF_8);

  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private final LongAdder stalled = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final boolean heartbeats;
  private final long silenceNanos;
  private final Duration stallLimit;
  private volatile @Nullable Event farewell;

  /// No streams yet.
  ///
  /// @param silence after which a heartbeat is sent
  /// @param stallLimit how long a client may leave a write unread
  EventStreams(boolean heartbeats, Duration silence, Duration stallLimit) {
    this.heartbeats = heartbeats;
    this.silenceNanos = silence.toNanos();
    this.stallLimit = stallLimit;
  }

  /// Looks after the open streams; to be called every quarter of a second or so.
  void supervise() {
    long now = System.nanoTime();
    for (EventStream stream : open) {
      if (stream.nanosStalled(now) > stallLimit.toNanos()) {
        if (stream.disconnect("the client has not read for " + stallLimit)) {
          stalled.increment();
        }
      } else if (endsByAccess(stream)) {
        ended.increment();
      } else if (heartbeats && stream.nanosSilent(now) >= silenceNanos) {
        stream.heartbeat();
      }
    }
  }

  private static boolean endsByAccess(EventStream stream) {
    String reason = stream.accessEnded();
    return reason != null && stream.endAtOnceWith(Event.end(null, reason));
  }

  /// Answers a request with the events of the topics, from the latest on or behind the one that the
  /// client names as its last.
  ///
  /// @param first sent before anything else
  void open(
      Request request,
      Response response,
      Callback completion,
      List<Topic> topics,
      List<Event> first,
      Event.View view) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Accel-Buffering", "no");
    if (HttpMethod.HEAD.is(request.getMethod())) {
      completion.succeeded();
      return;
    }
    request.addIdleTimeoutListener(_ -> false);
    EventStream stream =
        new EventStream(response, completion, view, Lease.of(request), open::remove);
    open.add(stream);
    long lastId = view.named() ? Event.NO_ID : lastEventId(request);
    for (Topic topic : topics) {
      stream.join(topic, lastId);
    }
    first.forEach(stream::begin);
    stream.start(ByteBuffer.wrap(PRELUDE));
    Event bye = farewell;
    if (bye != null) {
      stream.endWith(bye);
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
    open.forEach(stream -> stream.endWith(bye));
  }

  int openCount() {
    return open.size();
  }

  /// Streams that ended since their client's token did.
  long endedByAccessCount() {
    return ended.sum();
  }

  /// Streams that were cut since their client didn't read.
  long stalledCount() {
    return stalled.sum();
  }
}
