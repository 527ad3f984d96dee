package io.photophone.server;

import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A client's place in a topic: tells which event the client gets next.
///
/// A client that comes back gets what is retained behind the last event it saw. One that has been
/// up to date and falls late goes on at the newest event. Whatever it misses it is told, before the
/// event that follows. Used by one thread at a time; [#missed] from any.
final class Place {
  private final Topic topic;
  private final Receiver<Event> receiver;

  /// The last event seen before the client came back, until that is passed; then [Event#NO_ID].
  private long seen;

  /// Whether the client has been up to date.
  private boolean live;

  /// What follows the notice of a loss.
  private @Nullable Event held;

  private final AtomicLong missed = new AtomicLong();

  /// The place of a client that is up to date, or one that comes back and has seen this id.
  Place(Topic topic, Receiver<Event> receiver, long seen) {
    this.topic = topic;
    this.receiver = receiver;
    this.seen = seen;
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
    long lost = 0;
    while (true) {
      switch (receiver.poll()) {
        case Received.Message<Event> message -> {
          event = message.value();
          if (event.id() < seen) {
            continue;
          }
          if (seen != Event.NO_ID) {
            lost = Math.max(0, event.id() - seen - 1);
            boolean again = event.id() == seen;
            seen = Event.NO_ID;
            if (again) {
              continue;
            }
          } else if (lost < skipped && event.id() != Event.NO_ID) {
            lost++;
            continue;
          }
          if (lost == 0) {
            return event;
          }
          held = event;
          return lagged(lost);
        }
        case Received.Lagged<Event>(long overwritten) ->
            lost += seen == Event.NO_ID ? overwritten : 0;
        case Received.Empty<Event> _, Received.Closed<Event> _ -> {
          live = true;
          return lost == 0 ? null : lagged(lost);
        }
      }
    }
  }

  private Event lagged(long lost) {
    missed.addAndGet(lost);
    topic.countMissed(lost);
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
