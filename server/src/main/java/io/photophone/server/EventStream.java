package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.Received;
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
  private final Response response;
  private final Callback completion;
  private final Event.View view;
  private final List<Place> places = new ArrayList<>();
  private final Consumer<EventStream> onEnd;

  /// Calls of [#resume] not yet worked off; who raises it from 0 does the work. Begins at 1, so
  /// that nobody does before [#start].
  private final AtomicInteger calls = new AtomicInteger(1);

  private final AtomicBoolean ended = new AtomicBoolean();

  /// Below: touched only by the thread that does the work, which the counter hands on.
  private final ArrayDeque<Event> notices = new ArrayDeque<>();

  private int nextPlace;

  /// From the start of a write until it succeeded; stays set after the last or a failed one.
  /// Written by the thread that does the work and by the write's completion.
  private volatile boolean writing;

  private volatile long lastWriteNanos = System.nanoTime();
  private volatile boolean heartbeatDue;
  private volatile @Nullable Event farewell;

  /// A client's place in one topic.
  private static final class Place {
    final Topic topic;
    final BroadcastChannel.Receiver<Event> receiver;

    /// Events up to this one were seen before the client came back.
    long seen;

    Place(Topic topic, BroadcastChannel.Receiver<Event> receiver, long seen) {
      this.topic = topic;
      this.receiver = receiver;
      this.seen = seen;
    }
  }

  EventStream(
      Response response, Callback completion, Event.View view, Consumer<EventStream> onEnd) {
    this.response = response;
    this.completion = completion;
    this.view = view;
    this.onEnd = onEnd;
  }

  /// Joins a topic; called before [#start].
  void join(Topic topic, long lastId) {
    long seen = topic.comesBack(lastId) ? lastId : Event.NO_ID;
    places.add(new Place(topic, topic.join(this, seen), seen));
  }

  /// Sends this before anything else; called before [#start].
  void begin(Event notice) {
    notices.add(notice);
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
        write(event.bytes(view), event.isLast() && (places.size() == 1 || event == farewell));
      }
      served = calls.addAndGet(-served);
    } while (served != 0);
  }

  private void write(ByteBuffer bytes, boolean last) {
    lastWriteNanos = System.nanoTime();
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
                writing = false;
                resume();
              }
            },
            this::fail));
  }

  private void fail(Throwable failure) {
    if (end()) {
      completion.failed(failure);
    }
  }

  /// Leaves the topics; false if that was done before.
  private boolean end() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    for (Place place : places) {
      place.topic.leave(this, place.receiver);
    }
    onEnd.accept(this);
    return true;
  }

  /// The next event to write, the topics in turn; null if there is none now.
  private @Nullable Event next() {
    Event first = notices.poll();
    if (first != null) {
      return first;
    }
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(nextPlace);
      nextPlace = (nextPlace + 1) % places.size();
      Event event = next(place);
      if (event != null) {
        return event;
      }
    }
    Event bye = farewell;
    if (bye != null) {
      return bye;
    }
    if (heartbeatDue) {
      heartbeatDue = false;
      return EventStreams.HEARTBEAT;
    }
    return null;
  }

  private @Nullable Event next(Place place) {
    while (true) {
      switch (place.receiver.poll()) {
        case Received.Message<Event> message -> {
          Event event = message.value();
          if (event.id() == Event.NO_ID || place.seen == Event.NO_ID) {
            return event;
          }
          if (event.id() <= place.seen) {
            continue;
          }
          long skipped = place.topic.contiguousIds() ? event.id() - place.seen - 1 : 0;
          place.seen = Event.NO_ID;
          if (skipped == 0) {
            return event;
          }
          notices.add(event);
          return lagged(place, skipped);
        }
        case Received.Lagged<Event>(long missed) -> {
          return lagged(place, missed);
        }
        case Received.Empty<Event> _, Received.Closed<Event> _ -> {
          return null;
        }
      }
    }
  }

  private Event lagged(Place place, long missed) {
    place.topic.countMissed(missed);
    return Event.lagged(place.topic.name(), missed);
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

  /// Cuts the connection of a client that doesn't read.
  void disconnect(String reason) {
    fail(new TimeoutException(reason));
  }

  long nanosSinceLastWrite(long now) {
    return now - lastWriteNanos;
  }

  /// How long the write that is under way has taken; 0 if there is none.
  long nanosStalled(long now) {
    return writing ? now - lastWriteNanos : 0;
  }
}
