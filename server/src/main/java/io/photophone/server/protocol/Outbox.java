package io.photophone.server.protocol;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Messages that wait for a broker, oldest first. A full one gives up its oldest, and so does one
/// whose oldest waits too long; both are counted. For any thread.
final class Outbox {
  private final int most;
  private final long mostNanos;
  private final LongSupplier nanoTime;

  /// Guarded by this object's lock like all below.
  private final ArrayDeque<Message> waiting = new ArrayDeque<>();

  private long droppedFull;
  private long droppedOld;

  /// @param nanos when it was put here first
  record Message(String topic, byte[] payload, long nanos) {}

  /// @param most messages at once
  /// @param longest that one waits
  Outbox(int most, Duration longest, LongSupplier nanoTime) {
    this.most = most;
    this.mostNanos = longest.toNanos();
    this.nanoTime = nanoTime;
  }

  synchronized void add(String topic, byte[] payload) {
    dropOld();
    waiting.addLast(new Message(topic, payload, nanoTime.getAsLong()));
    dropBeyond();
  }

  /// The oldest, which are no longer here; none if none waits.
  synchronized List<Message> take(int count) {
    dropOld();
    List<Message> taken = new ArrayList<>();
    while (taken.size() < count && !waiting.isEmpty()) {
      taken.add(waiting.removeFirst());
    }
    return taken;
  }

  /// Puts back what was taken and couldn't be sent, in its old order.
  synchronized void putBack(List<Message> unsent) {
    unsent.reversed().forEach(waiting::addFirst);
    dropOld();
    dropBeyond();
  }

  synchronized int size() {
    dropOld();
    return waiting.size();
  }

  /// Messages given up because there were too many.
  synchronized long droppedFull() {
    return droppedFull;
  }

  /// Messages given up because they waited too long.
  synchronized long droppedOld() {
    dropOld();
    return droppedOld;
  }

  private void dropBeyond() {
    while (waiting.size() > most) {
      waiting.removeFirst();
      droppedFull++;
    }
  }

  private void dropOld() {
    long now = nanoTime.getAsLong();
    while (!waiting.isEmpty() && now - waiting.getFirst().nanos() > mostNanos) {
      waiting.removeFirst();
      droppedOld++;
    }
  }
}
