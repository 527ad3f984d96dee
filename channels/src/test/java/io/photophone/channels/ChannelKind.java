package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.BroadcastChannel.Resume;
import java.time.Duration;

/// Every way to make a channel, so that what is common to all is shown on each of them.
enum ChannelKind {
  ONE_TO_ONE {
    @Override
    <T> Line<T> open(ChannelOptions options) {
      return new Queue<>(PointToPointChannel.oneToOne(options));
    }
  },
  MANY_TO_ONE {
    @Override
    <T> Line<T> open(ChannelOptions options) {
      return new Queue<>(PointToPointChannel.manyToOne(options));
    }
  },
  MANY_TO_MANY {
    @Override
    <T> Line<T> open(ChannelOptions options) {
      return new Queue<>(PointToPointChannel.manyToMany(options));
    }
  },
  PRIORITY {
    @Override
    <T> Line<T> open(ChannelOptions options) {
      return new OneClass<>(new PriorityChannel<>(options));
    }
  },
  PRIORITY_BOUNDED_BY_MESSAGES {
    @Override
    <T> Line<T> open(ChannelOptions options) {
      return new OneClass<>(PriorityChannel.boundedByMessages(options, 16));
    }
  },
  PRIORITY_BOUNDED_BY_TIME {
    @Override
    <T> Line<T> open(ChannelOptions options) {
      return new OneClass<>(PriorityChannel.boundedByTime(options, Duration.ofMillis(1)));
    }
  },
  BROADCAST {
    @Override
    <T> Line<T> open(ChannelOptions options) {
      return new Shared<>(new BroadcastChannel<>(options));
    }
  };

  abstract <T> Line<T> open(ChannelOptions options);

  <T> Line<T> open(int capacity) {
    return open(ChannelOptions.of("line", capacity));
  }

  /// Whether a send finds no room where nobody receives.
  boolean canBeFull() {
    return this != BROADCAST;
  }

  boolean hasManySenders() {
    return this != ONE_TO_ONE && this != BROADCAST;
  }

  boolean hasManyReceivers() {
    return this != ONE_TO_ONE && this != MANY_TO_ONE;
  }

  /// Whether the channel lives on when its receiver leaves.
  boolean outlivesItsReceivers() {
    return hasManyReceivers();
  }

  /// Whether what is pending goes to whoever receives first.
  boolean sharesMessages() {
    return hasManyReceivers() && this != BROADCAST;
  }

  /// One channel of some kind; what has classes sends in one of them.
  interface Line<T> {
    Channel channel();

    Receiver<T> receiver(String name);

    Sent trySend(T message);

    Sent send(T message) throws InterruptedException;

    Sent send(T message, Duration timeout) throws InterruptedException;

    void giveUpSending();

    default ChannelStats stats() {
      return channel().stats();
    }

    default void close(Throwable cause) {
      channel().close(cause);
    }

    default void close() {
      channel().close();
    }

    /// For quiet moments.
    default ChannelStats assertConserved() {
      return ChannelKind.assertConserved(channel());
    }
  }

  static ChannelStats assertConserved(Channel channel) {
    ChannelStats stats = channel.stats();
    assertEquals(
        stats.offered(),
        stats.received() + stats.droppedTotal() + stats.pending(),
        stats::toString);
    assertTrue(stats.pending() >= 0, stats::toString);
    if (!(channel instanceof BroadcastChannel<?>)) {
      assertEquals(stats.sent(), stats.offered(), stats::toString);
    }
    if (channel instanceof PriorityChannel<?> priority) {
      for (PriorityChannel.ClassStats each : priority.classStats().values()) {
        assertEquals(each.sent(), each.taken() + each.pending(), each::toString);
      }
    }
    return stats;
  }

  private record Queue<T>(PointToPointChannel<T> channel) implements Line<T> {
    @Override
    public Receiver<T> receiver(String name) {
      return channel.receiver(name);
    }

    @Override
    public Sent trySend(T message) {
      return channel.trySend(message);
    }

    @Override
    public Sent send(T message) throws InterruptedException {
      return channel.send(message);
    }

    @Override
    public Sent send(T message, Duration timeout) throws InterruptedException {
      return channel.send(message, timeout);
    }

    @Override
    public void giveUpSending() {
      channel.giveUpSending();
    }
  }

  private record OneClass<T>(PriorityChannel<T> channel) implements Line<T> {
    @Override
    public Receiver<T> receiver(String name) {
      return channel.receiver(name);
    }

    @Override
    public Sent trySend(T message) {
      return channel.trySend(Priority.NORMAL, message);
    }

    @Override
    public Sent send(T message) throws InterruptedException {
      return channel.send(Priority.NORMAL, message);
    }

    @Override
    public Sent send(T message, Duration timeout) throws InterruptedException {
      return channel.send(Priority.NORMAL, message, timeout);
    }

    @Override
    public void giveUpSending() {}
  }

  private record Shared<T>(BroadcastChannel<T> channel) implements Line<T> {
    @Override
    public Receiver<T> receiver(String name) {
      return channel.subscribe(name, Resume.OLDEST);
    }

    @Override
    public Sent trySend(T message) {
      return channel.send(message);
    }

    @Override
    public Sent send(T message) {
      return channel.send(message);
    }

    @Override
    public Sent send(T message, Duration timeout) {
      return channel.send(message);
    }

    @Override
    public void giveUpSending() {
      channel.giveUpSending();
    }
  }
}
