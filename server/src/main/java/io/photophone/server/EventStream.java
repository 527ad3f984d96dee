package io.photophone.server;

import io.photophone.server.security.Lease;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// One client's connection to one or more topics.
///
/// At most one write is under way; its completion goes on with the next event, so no thread waits
/// for a client. [#resume] may be called from any thread at any time; one of the callers does the
/// work and the others leave it a note.
final class EventStream {
  private static final System.Logger LOG = System.getLogger(EventStream.class.getName());

  private final Response response;
  private final Callback completion;
  private final Event.View view;
  private final List<Place> places = new ArrayList<>();
  private final @Nullable Lease lease;
  private final Consumer<EventStream> onEnd;

  /// Calls of [#resume] not yet worked off; who raises it from 0 does the work. Begins at 1, so
  /// that nobody does before [#start].
  private final AtomicInteger calls = new AtomicInteger(1);

  private final AtomicBoolean ended = new AtomicBoolean();

  /// What is sent first. This and the next touched only by the thread that does the work, which the
  /// counter hands on.
  private final ArrayDeque<Event> first = new ArrayDeque<>();

  private int nextPlace;

  /// From the start of a write until it succeeded; stays set after the last or a failed one.
  /// Written by the thread that does the work and by the write's completion.
  private volatile boolean writing;

  /// When the last write began, or succeeded.
  private volatile long lastWriteNanos = System.nanoTime();

  private volatile boolean heartbeatDue;
  private volatile @Nullable Event farewell;

  /// Whether what is pending is left out before the farewell.
  private volatile boolean endsAtOnce;

  EventStream(
      Response response,
      Callback completion,
      Event.View view,
      @Nullable Lease lease,
      Consumer<EventStream> onEnd) {
    this.response = response;
    this.lease = lease;
    this.completion = completion;
    this.view = view;
    this.onEnd = onEnd;
  }

  /// Joins a topic; called before [#start].
  void join(Topic topic, long lastId) {
    places.add(topic.join(this, lastId));
  }

  /// Sends this before anything else; called before [#start].
  void begin(Event notice) {
    first.add(notice);
  }

  /// Writes the first bytes, and from then on what comes.
  void start(ByteBuffer prelude) {
    write(prelude, false);
    work();
  }

  /// Writes what there is to write, unless a write is under way, whose end comes back here.
  void resume() {
    if (calls.getAndIncrement() == 0) {
      work();
    }
  }

  private void work() {
    int served = 1;
    do {
      while (!writing) {
        Event event = next();
        if (event == null) {
          break;
        }
        write(event);
      }
      served = calls.addAndGet(-served);
    } while (served != 0);
  }

  private void write(Event event) {
    ByteBuffer bytes;
    try {
      bytes = event.bytes(view);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "an event can't be encoded: " + event, e);
      writing = true;
      fail(e);
      return;
    }
    write(bytes, event.isLast() && (!view.named() || event == farewell));
  }

  private void write(ByteBuffer bytes, boolean last) {
    lastWriteNanos = System.nanoTime();
    heartbeatDue = false;
    writing = true;
    response.write(
        last,
        bytes,
        Callback.from(
            () -> {
              if (last) {
                if (end()) {
                  completion.succeeded();
                }
              } else {
                lastWriteNanos = System.nanoTime();
                writing = false;
                resume();
              }
            },
            this::fail));
  }

  /// False if the stream had ended before.
  private boolean fail(Throwable failure) {
    boolean ends = end();
    if (ends) {
      completion.failed(failure);
    }
    return ends;
  }

  /// Leaves the topics; false if that was done before.
  private boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    places.forEach(Place::leave);
    onEnd.accept(this);
    return true;
  }

  /// The next event to write, the topics in turn; null if there is none now.
  private @Nullable Event next() {
    if (endsAtOnce) {
      return farewell;
    }
    Event begin = first.poll();
    if (begin != null) {
      return begin;
    }
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(nextPlace);
      nextPlace = (nextPlace + 1) % places.size();
      Event event = place.next();
      if (event != null) {
        return event;
      }
    }
    Event bye = farewell;
    if (bye != null) {
      return bye;
    }
    return heartbeatDue ? EventStreams.HEARTBEAT : null;
  }

  /// Sends a heartbeat if nothing else is sent first.
  void heartbeat() {
    heartbeatDue = true;
    resume();
  }

  /// Sends what is pending, then this, then ends.
  void endWith(Event last) {
    farewell = last;
    resume();
  }

  /// Sends this instead of what is pending, then ends; false if that was asked for before.
  boolean endAtOnceWith(Event last) {
    if (endsAtOnce) {
      return false;
    }
    farewell = last;
    endsAtOnce = true;
    resume();
    return true;
  }

  /// Why the client may see no more; null while they may.
  @Nullable String accessEnded() {
    return lease == null ? null : lease.ended();
  }

  /// Cuts the connection of a client that doesn't read; false if the stream had ended before.
  boolean disconnect(String reason) {
    return fail(new TimeoutException(reason));
  }

  /// How long nothing was sent; 0 while a write is under way.
  long nanosSilent(long now) {
    return writing ? 0 : now - lastWriteNanos;
  }

  /// How long the write that is under way has taken; 0 if there is none.
  long nanosStalled(long now) {
    return writing ? now - lastWriteNanos : 0;
  }
}
