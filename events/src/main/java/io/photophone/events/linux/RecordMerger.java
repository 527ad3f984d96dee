package io.photophone.events.linux;

import io.photophone.events.RecordConsumer;
import java.util.List;

/// Hands over the records of several cursors by their times: the smallest one of those that the
/// cursors are at. As long as one cursor's are smaller than all others', no other is looked at. One
/// thread; allocates nothing.
final class RecordMerger {
  private final RecordCursor[] cursors;

  RecordMerger(List<RecordCursor> cursors) {
    this.cursors = cursors.toArray(RecordCursor[]::new);
  }

  /// Hands records over.
  ///
  /// @param untilNanos records of this time and later stay
  /// @param most records that are handed over at the most
  /// @return how many were
  int handOver(RecordConsumer consumer, long untilNanos, int most) {
    int count = 0;
    while (count < most) {
      RecordCursor first = null;
      long firstNanos = untilNanos;
      long secondNanos = untilNanos;
      for (RecordCursor each : cursors) {
        if (each.hasRecord() && each.timeNanos() < secondNanos) {
          if (each.timeNanos() < firstNanos) {
            secondNanos = firstNanos;
            firstNanos = each.timeNanos();
            first = each;
          } else {
            secondNanos = each.timeNanos();
          }
        }
      }
      if (first == null) {
        return count;
      }
      do {
        consumer.record(first.segment(), first.offset(), first.length());
        first.next();
        count++;
      } while (count < most
          && first.hasRecord()
          && first.timeNanos() <= secondNanos
          && first.timeNanos() < untilNanos);
    }
    return count;
  }
}
