package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.ChannelStats;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// A sequence of events that clients subscribe to, with the newest ones retained.
///
/// One thread publishes, and others write to the clients. Each client has its own place in the
/// ring, so that a slow one loses events and nobody waits for it.
final class Topic {
  private final String name;
  private final long late;
  private final boolean ofFrames;
  private final FrameLog frames;
  private final BroadcastChannel<Event> events;
  private final Map<Place, EventStream> subscribers = new ConcurrentHashMap<>();
  private final Map<Pump, Pump.Group> groups = new ConcurrentHashMap<>();
  private final LongAdder missed = new LongAdder();
  private final AtomicLong clients = new AtomicLong();

  /// Written by the thread that publishes.
  private volatile long newestId = Event.NO_ID;

  /// The id that is the first or next of who joins now. Written by the same thread.
  private volatile long joiningId = Event.NO_ID;

  private Topic(
      String owner, String name, int retained, long late, boolean ofFrames, FrameLog frames) {
    this.name = name;
    this.late = late;
    this.ofFrames = ofFrames;
    this.frames = frames;
    this.events = new BroadcastChannel<>(owner + "/web/" + name, retained);
  }

  /// A topic of which a slow client gets the newest events.
  ///
  /// @param owner name of the instrument that the events are of
  /// @param late how many events a client may be behind before it goes on at the newest
  static Topic ofNewest(String owner, String name, int retained, long late) {
    return new Topic(owner, name, retained, late, false, FrameLog.NONE);
  }

  /// The same of frames: their ids are numbers that the source counts without a hole, so that a
  /// hole is a loss, here or before.
  ///
  /// @param owner name of the instrument that the events are of
  /// @param late how many events a client may be behind before it goes on at the newest
  /// @param frames hears of those that a client was too slow for
  static Topic ofFrames(String owner, String name, int retained, long late, FrameLog frames) {
    return new Topic(owner, name, retained, late, true, frames);
  }

  /// A topic of which a slow client gets as many events as it can; their ids count without a hole.
  ///
  /// @param owner name of the instrument that the events are of
  static Topic ofAll(String owner, String name, int retained) {
    return new Topic(owner, name, retained, Long.MAX_VALUE, false, FrameLog.NONE);
  }

  String name() {
    return name;
  }

  long late() {
    return late;
  }

  boolean isOfFrames() {
    return ofFrames;
  }

  void publish(Event event) {
    if (event.id() != Event.NO_ID) {
      newestId = event.id();
      joiningId = event.id();
    } else if (newestId != Event.NO_ID) {
      joiningId = newestId + 1;
    }
    events.send(event);
    groups.values().forEach(Pump.Group::wake);
  }

  /// Tells that the server itself was too slow for what would have come. Of frames every client
  /// finds out by their numbers.
  void publishLag(long missed) {
    if (!ofFrames) {
      publish(Event.lagged(name, missed));
    }
  }

  /// Lets another thread publish from now on. Nothing if the calling thread isn't the one.
  void giveUpPublishing() {
    events.giveUpSending();
  }

  /// A place at the latest event, or behind the one with the given id if that is of this run: after
  /// a restart numbers begin anew.
  Place join(EventStream subscriber, long lastId) {
    boolean comesBack = lastId != Event.NO_ID && lastId <= newestId;
    long from = comesBack ? 0 : events.sent() - 1;
    Place place =
        new Place(
            this,
            events.subscribeAt("client " + clients.incrementAndGet(), Resume.OLDEST, from),
            comesBack ? lastId : Event.NO_ID,
            joiningId);
    subscribers.put(place, subscriber);
    groups.computeIfAbsent(subscriber.pump(), pump -> pump.new Group()).add(subscriber);
    return place;
  }

  /// Called by the place.
  void leave(Place place) {
    EventStream left = subscribers.remove(place);
    if (left != null) {
      Pump.Group group = groups.get(left.pump());
      if (group != null) {
        group.remove(left);
      }
    }
  }

  /// @param before the event that the client goes on at, [Event#NO_ID] where none follows yet
  void countMissed(long count, long before) {
    missed.add(count);
    if (count > 0) {
      frames.happened(FrameStep.DROPPED, before, count);
    }
  }

  /// What the channel of its events has carried; its receivers are the clients.
  ChannelStats channelStats() {
    return events.stats();
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
    return (int) subscribers.keySet().stream().filter(place -> place.missed() > 0).count();
  }
}
