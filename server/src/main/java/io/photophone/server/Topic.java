package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// A sequence of events that clients subscribe to, with the newest ones retained.
///
/// One thread publishes. Each client has its own place in the ring, so that a slow one loses events
/// and nobody waits for it.
final class Topic {
  private final String name;
  private final Resume resume;
  private final boolean contiguousIds;
  private final BroadcastChannel<Event> events;
  private final Set<EventStream> subscribers = ConcurrentHashMap.newKeySet();
  private final LongAdder missed = new LongAdder();
  private volatile long newestId = Event.NO_ID;

  /// A topic without events.
  ///
  /// @param resume where a client goes on that was too slow
  /// @param contiguousIds whether ids count without a hole, so that a client that comes back can be
  ///   told how many events it missed
  Topic(String name, int retained, Resume resume, boolean contiguousIds) {
    this.name = name;
    this.resume = resume;
    this.contiguousIds = contiguousIds;
    this.events = new BroadcastChannel<>(name, retained);
  }

  String name() {
    return name;
  }

  boolean contiguousIds() {
    return contiguousIds;
  }

  void publish(Event event) {
    if (event.id() != Event.NO_ID) {
      newestId = event.id();
    }
    events.send(event);
    for (EventStream subscriber : subscribers) {
      subscriber.resume();
    }
  }

  /// A place at the latest event, or after the one with the given id where that is still retained.
  BroadcastChannel.Receiver<Event> join(EventStream subscriber, long lastId) {
    long from = comesBack(lastId) ? 0 : events.sent() - 1;
    BroadcastChannel.Receiver<Event> place = events.subscribeAt(name, resume, from);
    subscribers.add(subscriber);
    return place;
  }

  /// Whether an id that a client has seen is of this run: after a restart numbers begin anew.
  boolean comesBack(long lastId) {
    return lastId != Event.NO_ID && lastId <= newestId;
  }

  void leave(EventStream subscriber, BroadcastChannel.Receiver<Event> place) {
    subscribers.remove(subscriber);
    place.close();
  }

  void countMissed(long count) {
    missed.add(count);
  }

  int subscriberCount() {
    return subscribers.size();
  }

  /// Events that clients were too slow to get.
  long missed() {
    return missed.sum();
  }

  /// Clients that are connected and have missed an event.
  int laggedSubscribers() {
    return (int) events.receiverStats().stream().filter(place -> place.missed() > 0).count();
  }
}
