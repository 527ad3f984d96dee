package io.photophone.channels;

import java.util.List;
import java.util.Map;

/// What a channel has carried, at one moment.
///
/// At every quiet moment `offered = received + dropped + pending`. Where each message goes to one
/// receiver, `offered` is `sent`; where it goes to all, it is the sum of what each receiver was
/// due, of those too that have left.
///
/// @param name of the channel
/// @param kind of the channel: `point-to-point`, `priority`, …
/// @param capacity of the channel
/// @param closed whether it refuses messages
/// @param sent messages it accepted
/// @param offered deliveries due
/// @param received deliveries made
/// @param dropped deliveries that will not be made, by reason; reasons without one are left out
/// @param pending deliveries still due
/// @param latency of the messages that were timed
/// @param receivers present ones, in the order in which they joined
public record ChannelStats(
    String name,
    String kind,
    int capacity,
    boolean closed,
    long sent,
    long offered,
    long received,
    Map<DropReason, Long> dropped,
    long pending,
    LatencyStats latency,
    List<ReceiverStats> receivers) {

  public ChannelStats {
    dropped = Map.copyOf(dropped);
    receivers = List.copyOf(receivers);
  }

  /// Deliveries that will not be made, for whatever reason.
  public long droppedTotal() {
    return Drops.total(dropped);
  }
}
