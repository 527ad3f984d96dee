package io.photophone.server;

import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A client's place in a topic: tells which event the client gets next.
///
/// A client that comes back gets what is retained behind the last event it saw. One that has been
/// up to date and falls late goes on at the newest event. Whatever it misses it is told, before the
/// event that follows: of frames what their numbers leave out, whoever was too slow for them. Used
/// by one thread at a time; [#missed] from any.
final class Place {
  private final Topic topic;
  private final Receiver<Event> receiver;

  /// The last event seen before the client came back, until that is passed; then [Event#NO_ID].
  private long seen;

  /// The frame that is next if none is lost; [Event#NO_ID] while unknown, and of what is no frame.
  private long following;

  /// Whether the client has been up to date.
  private boolean live;

  /// What follows the notice of a loss.
  private @Nullable Event held;

  private final AtomicLong missed = new AtomicLong();

  /// The place of a client that is up to date, or one that comes back and has seen this id.
  ///
  /// @param following the frame that is next for one that is up to date, or [Event#NO_ID]
  Place(Topic topic, Receiver<Event> receiver, long seen, long following) {
    this.topic = topic;
    this.receiver = receiver;
    this.seen = seen;
    this.following = following;
    this.live = seen == Event.NO_ID;
  }

  /// The event that the client gets next; null if there is none now.
  @Nullable Event next() {
    try {
      return advance();
    } finally {
      // The next event may be asked for by another thread, whichever the client's write ends on.
      receiver.handOver();
    }
  }

  private @Nullable Event advance() {
    Event event = held;
    if (event != null) {
      held = null;
      return event;
    }
    long pending = receiver.pending();
    long skipped = live && pending > topic.late() ? pending - 1 : 0;
    long passed = 0;
    while (true) {
      switch (receiver.poll()) {
        case Received.Message<Event> message -> {
          event = message.value();
          if (event.id() < seen) {
            continue;
          }
          if (seen != Event.NO_ID) {
            boolean again = event.id() == seen;
            passed = again ? 0 : event.id() - seen - 1;
            following = seen + 1;
            seen = Event.NO_ID;
            if (again) {
              continue;
            }
          } else if (passed < skipped && event.id() != Event.NO_ID) {
            passed++;
            continue;
          }
          long lost = lostBefore(event.id(), passed);
          if (lost == 0) {
            return event;
          }
          held = event;
          return lagged(lost, passed, event.id());
        }
        case Received.Lagged<Event>(long overwritten) ->
            passed += seen == Event.NO_ID ? overwritten : 0;
        case Received.Empty<Event> _, Received.Closed<Event> _ -> {
          live = true;
          long lost = lostBefore(Event.NO_ID, passed);
          return lost == 0 ? null : lagged(lost, passed, Event.NO_ID);
        }
      }
    }
  }

  /// Events lost since the last one; what passed unless numbers tell. What is told in front of
  /// something without a number isn't told again in front of the next frame.
  private long lostBefore(long id, long passed) {
    if (!topic.isOfFrames()) {
      return passed;
    }
    if (id == Event.NO_ID) {
      following += following == Event.NO_ID ? 0 : passed;
      return passed;
    }
    // A smaller number is one of a source that counts anew.
    long lost = following == Event.NO_ID || id < following ? passed : id - following;
    following = id + 1;
    return lost;
  }

  /// @param passed events that went by while the client was slow; the rest never came to the topic
  /// @param before the event that follows, [Event#NO_ID] for none yet
  private Event lagged(long lost, long passed, long before) {
    long slow = Math.min(lost, passed);
    missed.addAndGet(slow);
    topic.countMissed(slow, before);
    return Event.lagged(topic.name(), lost);
  }

  /// Events that the client was too slow to get.
  long missed() {
    return missed.get();
  }

  /// Leaves the topic. Idempotent.
  void leave() {
    topic.leave(this);
    receiver.close();
  }
}
