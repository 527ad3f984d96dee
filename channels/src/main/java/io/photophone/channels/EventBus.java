package io.photophone.channels;

import io.photophone.channels.BroadcastChannel.Resume;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Events by topic, from any thread to whoever listens.
///
/// A topic is there while somebody listens to it; each is a [BroadcastChannel], so that a slow
/// listener is told what it missed and slows nobody. An event of a topic to which nobody listens is
/// counted as unheard and not kept. A publish takes the lock of its topic for the length of one
/// send. Contract: B11.
///
/// @param <E> what the events are
public final class EventBus<E> implements AutoCloseable {
  private final String name;
  private final int capacity;
  private final ConcurrentHashMap<String, Topic<E>> topics = new ConcurrentHashMap<>();
  private final LongAdder published = new LongAdder();
  private final LongAdder unheard = new LongAdder();
  private volatile boolean closed;

  /// A bus without topics.
  ///
  /// @param name before the names of its channels, as in `events/config`
  /// @param capacity events that a listener may be behind in a topic before it misses some
  public EventBus(String name, int capacity) {
    this.name = name;
    this.capacity = capacity;
  }

  /// A topic's channel; its lock keeps publishers, comers and goers apart.
  private static final class Topic<E> {
    private final BroadcastChannel<E> channel;
    private boolean gone;

    Topic(BroadcastChannel<E> channel) {
      this.channel = channel;
    }

    /// False if nobody listens any more.
    synchronized boolean send(E event) {
      if (gone) {
        return false;
      }
      channel.send(event);
      channel.giveUpSending();
      return true;
    }

    synchronized @Nullable Receiver<E> join(String receiver) {
      return gone ? null : channel.subscribe(receiver, Resume.OLDEST);
    }

    /// True if that was the last one.
    synchronized boolean leave(Receiver<E> receiver) {
      receiver.close();
      if (channel.receiverCount() == 0) {
        end();
      }
      return gone;
    }

    synchronized void end() {
      gone = true;
      channel.close();
    }
  }

  /// Tells an event to all who listen to its topic. Never waits for a listener.
  public void publish(String topic, E event) {
    published.increment();
    Topic<E> present = topics.get(topic);
    if (present == null || !present.send(event)) {
      unheard.increment();
    }
  }

  /// Listens to a topic, from the next event on.
  ///
  /// @param listener what statistics call it
  /// @throws IllegalStateException if the bus is closed
  public Subscription subscribe(String topic, String listener) {
    while (!closed) {
      Topic<E> present = topics.computeIfAbsent(topic, this::newTopic);
      Receiver<E> receiver = present.join(listener);
      if (receiver != null) {
        return new Subscription(topic, present, receiver);
      }
      topics.remove(topic, present);
    }
    throw new IllegalStateException("the bus is closed: " + name);
  }

  private Topic<E> newTopic(String topic) {
    return new Topic<>(new BroadcastChannel<>(name + "/" + topic, capacity));
  }

  /// Statistics of the topics to which somebody listens.
  public List<ChannelStats> stats() {
    return topics.values().stream().map(topic -> topic.channel.stats()).toList();
  }

  /// Events published, heard or not.
  public long published() {
    return published.sum();
  }

  /// Events to whose topic nobody listened.
  public long unheard() {
    return unheard.sum();
  }

  /// Ends all topics; listeners get what was published, then the end. What is published from now on
  /// is unheard.
  @Override
  public void close() {
    closed = true;
    topics.forEach((topic, present) -> {
      present.end();
      topics.remove(topic, present);
    });
  }

  /// One listener's place in a topic. Used by one thread at a time; any may close it.
  public final class Subscription implements AutoCloseable {
    private final String topic;
    private final Topic<E> joined;
    private final Receiver<E> receiver;

    private Subscription(String topic, Topic<E> joined, Receiver<E> receiver) {
      this.topic = topic;
      this.joined = joined;
      this.receiver = receiver;
    }

    /// Waits for the next event, at most for the time given.
    public Received<E> receive(Duration timeout) throws InterruptedException {
      return receiver.receive(timeout);
    }

    /// Leaves the topic, which goes away with its last listener. Idempotent.
    @Override
    public void close() {
      if (joined.leave(receiver)) {
        topics.remove(topic, joined);
      }
    }
  }
}
