package io.photophone.server;

import io.photophone.channels.ChannelStats;
import io.photophone.channels.DropReason;
import io.photophone.channels.LatencyStats;
import io.photophone.channels.ReceiverStats;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// What the channels carry, as metrics. The number of time series is bounded: of each channel the
/// receivers that joined first are told by name, and of a topic none, since clients come and go.
/// Contract: C10.
final class ChannelMetrics implements MetricSource {
  private static final int MOST_NAMED_RECEIVERS = 16;
  private static final double NANOS_PER_SECOND = 1e9;

  private final ChannelList channels;
  private final ChannelList topics;

  /// Metrics of all these channels.
  ///
  /// @param channels whose receivers are part of the program
  /// @param topics channels whose receivers are clients
  ChannelMetrics(ChannelList channels, ChannelList topics) {
    this.channels = channels;
    this.topics = topics;
  }

  @Override
  public void addTo(Metrics metrics) {
    Set<String> names = new HashSet<>();
    for (ChannelStats stats : channels.stats()) {
      String name = unlike(names, stats.name());
      add(metrics, name, stats);
      addReceivers(metrics, name, stats);
    }
    for (ChannelStats stats : topics.stats()) {
      add(metrics, unlike(names, stats.name()), stats);
    }
  }

  /// The name, or a numbered one if another has it: a series that came twice would spoil them all.
  private static String unlike(Set<String> taken, String name) {
    String unique = name;
    for (int number = 2; !taken.add(unique); number++) {
      unique = name + "#" + number;
    }
    return unique;
  }

  private static void add(Metrics metrics, String channel, ChannelStats stats) {
    String[] label = {"channel", channel};
    metrics.counter("photophone_channel_sent", "Messages accepted.", stats.sent(), label);
    metrics.counter(
        "photophone_channel_offered",
        "Deliveries due: at a quiet moment received, dropped and pending together.",
        stats.offered(),
        label);
    metrics.counter("photophone_channel_received", "Deliveries made.", stats.received(), label);
    for (DropReason reason : DropReason.values()) {
      metrics.counter(
          "photophone_channel_dropped",
          "Deliveries that will not be made, by reason.",
          stats.dropped().getOrDefault(reason, 0L),
          "channel",
          channel,
          "reason",
          reason.name().toLowerCase(Locale.ROOT));
    }
    metrics.gauge("photophone_channel_pending", "Deliveries still due.", stats.pending(), label);
    metrics.gauge(
        "photophone_channel_capacity", "Messages that it holds at most.", stats.capacity(), label);
    metrics.gauge(
        "photophone_channel_closed",
        "1 if it refuses messages, else 0.",
        stats.closed() ? 1 : 0,
        label);
    metrics.gauge(
        "photophone_channel_receivers", "Present receivers.", stats.receivers().size(), label);
    metrics.gauge(
        "photophone_channel_worst_lag",
        "Messages that wait for the receiver that is furthest behind.",
        stats.receivers().stream().mapToLong(ReceiverStats::pending).max().orElse(0),
        label);
    addLatency(metrics, stats.latency(), label);
  }

  private static void addLatency(Metrics metrics, LatencyStats latency, String[] label) {
    if (latency.count() > 0) {
      metrics.summary(
          "photophone_channel_latency_seconds",
          "Time from send to receive, of all messages since the start; quantile 1 is the longest.",
          latency.count(),
          latency.meanNanos() * latency.count() / NANOS_PER_SECOND,
          Quantiles.of(
              quantile(0.5, latency.p50Nanos()),
              quantile(0.99, latency.p99Nanos()),
              quantile(0.999, latency.p999Nanos()),
              quantile(1, latency.maxNanos())),
          label);
    }
  }

  private static Quantile quantile(double quantile, long nanos) {
    return new Quantile(quantile, nanos / NANOS_PER_SECOND);
  }

  private static void addReceivers(Metrics metrics, String channel, ChannelStats stats) {
    Set<String> names = new HashSet<>();
    stats.receivers().stream()
        .limit(MOST_NAMED_RECEIVERS)
        .forEach(receiver -> add(metrics, channel, unlike(names, receiver.name()), receiver));
  }

  private static void add(Metrics metrics, String channel, String name, ReceiverStats stats) {
    String[] labels = {"channel", channel, "receiver", name};
    metrics.counter(
        "photophone_channel_receiver_received",
        "Messages handed to the receiver.",
        stats.received(),
        labels);
    metrics.counter(
        "photophone_channel_receiver_dropped",
        "Messages that the receiver will not get.",
        stats.droppedTotal(),
        labels);
    metrics.gauge(
        "photophone_channel_receiver_pending",
        "Messages that wait for the receiver.",
        stats.pending(),
        labels);
    metrics.gauge(
        "photophone_channel_receiver_load",
        "Part of the receiver's room that is taken, from 0 to 1.",
        stats.load(),
        labels);
  }
}
