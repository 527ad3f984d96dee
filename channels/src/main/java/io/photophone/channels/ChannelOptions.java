package io.photophone.channels;

import java.util.Objects;

/// What is chosen when a channel is made.
///
/// @param name what statistics and messages call it, not blank
/// @param capacity how many messages it holds, in 1 to [#MAX_CAPACITY], exact
/// @param waiting how its senders and receivers wait
/// @param latency which messages are timed from their send to their receive
public record ChannelOptions(
    String name, int capacity, WaitStrategy waiting, LatencyTracking latency) {

  /// The largest capacity of a channel.
  public static final int MAX_CAPACITY = 1 << 28;

  public ChannelOptions {
    Objects.requireNonNull(waiting, "waiting");
    Objects.requireNonNull(latency, "latency");
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of a channel is blank: \"%s\"".formatted(name));
    }
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity of channel %s is %d, allowed: [1, %d]".formatted(name, capacity, MAX_CAPACITY));
    }
  }

  /// Parks when it waits and times no message.
  public static ChannelOptions of(String name, int capacity) {
    return new ChannelOptions(name, capacity, WaitStrategy.PARK, LatencyTracking.OFF);
  }

  public ChannelOptions waiting(WaitStrategy strategy) {
    return new ChannelOptions(name, capacity, strategy, latency);
  }

  public ChannelOptions latency(LatencyTracking tracking) {
    return new ChannelOptions(name, capacity, waiting, tracking);
  }
}
