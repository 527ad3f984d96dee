package io.photophone.channels;

import io.photophone.channels.BroadcastChannel.Resume;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/// A channel as [StressRun] uses it. To have another one stressed, implement this and add it to
/// [#KINDS].
interface StressedChannel {
  int ANY_NUMBER = Integer.MAX_VALUE;

  List<Kind> KINDS =
      List.of(
          Kind.queue(
              "one-to-one", 1, 1, (options, _) -> queue(PointToPointChannel.oneToOne(options))),
          Kind.queue(
              "many-to-one",
              ANY_NUMBER,
              1,
              (options, _) -> queue(PointToPointChannel.manyToOne(options))),
          Kind.queue(
              "many-to-many",
              ANY_NUMBER,
              ANY_NUMBER,
              (options, _) -> queue(PointToPointChannel.manyToMany(options))),
          new Kind(
              "priority", ANY_NUMBER, ANY_NUMBER, true, true, false, StressedChannel::priority),
          new Kind("broadcast", 1, ANY_NUMBER, true, false, true, StressedChannel::broadcast),
          new Kind("multicast", 1, ANY_NUMBER, true, false, true, StressedChannel::multicast),
          new Kind(
              "anycast", ANY_NUMBER, ANY_NUMBER, false, false, false, StressedChannel::anycast));

  Channel channel();

  Sent trySend(Parcel parcel);

  Sent send(Parcel parcel) throws InterruptedException;

  Sent send(Parcel parcel, Duration timeout) throws InterruptedException;

  Receiver<Parcel> join(String name);

  /// A message, numbered from 0 by its sender within its class.
  record Parcel(int sender, Priority priority, long number) {}

  /// A way to make a channel, and what it promises.
  ///
  /// @param isOrdered whether each receiver gets a sender's messages in order, though others leave
  /// @param hasClasses whether the order holds within a class only
  /// @param isToAll whether each receiver gets each message, else one of them does
  /// @param maker makes one, with what it may choose at random
  record Kind(
      String name,
      int mostSenders,
      int mostReceivers,
      boolean isOrdered,
      boolean hasClasses,
      boolean isToAll,
      BiFunction<ChannelOptions, Random, StressedChannel> maker) {

    static Kind queue(
        String name,
        int mostSenders,
        int mostReceivers,
        BiFunction<ChannelOptions, Random, StressedChannel> maker) {
      return new Kind(name, mostSenders, mostReceivers, true, false, false, maker);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static StressedChannel queue(PointToPointChannel<Parcel> channel) {
    return new StressedChannel() {
      @Override
      public Channel channel() {
        return channel;
      }

      @Override
      public Sent trySend(Parcel parcel) {
        return channel.trySend(parcel);
      }

      @Override
      public Sent send(Parcel parcel) throws InterruptedException {
        return channel.send(parcel);
      }

      @Override
      public Sent send(Parcel parcel, Duration timeout) throws InterruptedException {
        return channel.send(parcel, timeout);
      }

      @Override
      public Receiver<Parcel> join(String name) {
        return channel.receiver(name);
      }
    };
  }

  private static StressedChannel priority(ChannelOptions options, Random random) {
    PriorityChannel<Parcel> channel =
        switch (random.nextInt(3)) {
          case 0 -> new PriorityChannel<>(options);
          case 1 -> PriorityChannel.boundedByMessages(options, 4 + random.nextInt(20));
          default ->
              PriorityChannel.boundedByTime(options, Duration.ofNanos(1 + random.nextInt(100_000)));
        };
    return new StressedChannel() {
      @Override
      public Channel channel() {
        return channel;
      }

      @Override
      public Sent trySend(Parcel parcel) {
        return channel.trySend(parcel.priority(), parcel);
      }

      @Override
      public Sent send(Parcel parcel) throws InterruptedException {
        return channel.send(parcel.priority(), parcel);
      }

      @Override
      public Sent send(Parcel parcel, Duration timeout) throws InterruptedException {
        return channel.send(parcel.priority(), parcel, timeout);
      }

      @Override
      public Receiver<Parcel> join(String name) {
        return channel.receiver(name);
      }
    };
  }

  private static StressedChannel broadcast(ChannelOptions options, Random random) {
    BroadcastChannel<Parcel> channel = new BroadcastChannel<>(options);
    Resume resume = random.nextBoolean() ? Resume.OLDEST : Resume.NEWEST;
    return new StressedChannel() {
      @Override
      public Channel channel() {
        return channel;
      }

      @Override
      public Sent trySend(Parcel parcel) {
        return channel.send(parcel);
      }

      @Override
      public Sent send(Parcel parcel) {
        return channel.send(parcel);
      }

      @Override
      public Sent send(Parcel parcel, Duration timeout) {
        return channel.send(parcel);
      }

      @Override
      public Receiver<Parcel> join(String name) {
        return channel.subscribe(name, resume);
      }
    };
  }

  /// Each receiver by a policy of its own, which it keeps.
  private static StressedChannel multicast(ChannelOptions options, Random random) {
    MulticastChannel<Parcel> channel = new MulticastChannel<>(options);
    List<Overflow> policies =
        List.of(
            Overflow.WAIT,
            Overflow.DROP_NEWEST,
            Overflow.DROP_OLDEST,
            Overflow.JUMP_TO_NEWEST,
            Overflow.KEEP_NEWEST);
    int first = random.nextInt(policies.size());
    return new StressedChannel() {
      @Override
      public Channel channel() {
        return channel;
      }

      @Override
      public Sent trySend(Parcel parcel) {
        return channel.trySend(parcel);
      }

      @Override
      public Sent send(Parcel parcel) throws InterruptedException {
        return channel.send(parcel);
      }

      @Override
      public Sent send(Parcel parcel, Duration timeout) throws InterruptedException {
        return channel.send(parcel, timeout);
      }

      @Override
      public Receiver<Parcel> join(String name) {
        Overflow policy = policies.get((first + name.length()) % policies.size());
        return channel.subscribe(name, policy);
      }
    };
  }

  private static StressedChannel anycast(ChannelOptions options, Random random) {
    AnycastChannel.Policy[] policies = AnycastChannel.Policy.values();
    AnycastChannel<Parcel> channel =
        new AnycastChannel<>(options, policies[random.nextInt(policies.length)]);
    return new StressedChannel() {
      @Override
      public Channel channel() {
        return channel;
      }

      @Override
      public Sent trySend(Parcel parcel) {
        return channel.trySend(parcel);
      }

      @Override
      public Sent send(Parcel parcel) throws InterruptedException {
        return channel.send(parcel);
      }

      @Override
      public Sent send(Parcel parcel, Duration timeout) throws InterruptedException {
        return channel.send(parcel, timeout);
      }

      @Override
      public Receiver<Parcel> join(String name) {
        return channel.receiver(name);
      }
    };
  }
}
