package io.photophone.channels;

import java.util.Map;
import org.HdrHistogram.Histogram;

/// What the receivers that have left had seen. Guarded by the channel's lock.
final class Departed {
  private final Histogram times;
  private final Drops dropped = new Drops();
  private long offered;
  private long received;
  private long count;

  Departed(LatencyTracking tracking) {
    times = tracking == LatencyTracking.OFF ? new Histogram(1) : LatencyRecorder.empty();
  }

  void add(Receiver<?> receiver, ReceiverStats last) {
    count++;
    offered += last.offered();
    received += last.received();
    dropped.addAll(last.dropped());
    receiver.addLatencyTo(times);
  }

  long count() {
    return count;
  }

  long offered() {
    return offered;
  }

  long received() {
    return received;
  }

  Map<DropReason, Long> dropped() {
    return dropped.toMap();
  }

  /// A copy, to add the present receivers' to.
  Histogram times() {
    return times.copy();
  }
}
