package io.photophone.bench.channels;

import io.photophone.bench.channels.OurPipes.Reading;
import io.photophone.channels.AnycastChannel;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.LatencyTracking;
import io.photophone.channels.MulticastChannel;
import io.photophone.channels.PointToPointChannel;
import io.photophone.channels.PriorityChannel;
import io.photophone.channels.WaitStrategy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/// The patterns of traffic, each with the pipes that can carry it; the first of each is what the
/// others are compared with. To compare another, add its line.
final class Patterns {
  private static final int CAPACITY = 4096;

  static final List<Pattern> ALL =
      List.of(
          new Pattern("OneToOneSpinning", 1, 1, false, 1)
              .pipe(
                  "photophone poll",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                          1,
                          Reading.POLL,
                          false))
              .pipe(
                  "photophone drain",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                          1,
                          Reading.DRAIN,
                          false))
              .pipe(
                  "photophone receive spin",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                          1,
                          Reading.RECEIVE,
                          false))
              .pipe(
                  "jctools spsc poll",
                  () -> PeerPipes.polled(new SpscVarHandleArrayQueue<>(CAPACITY), false))
              .pipe(
                  "jctools spsc drain",
                  () -> PeerPipes.drained(new SpscVarHandleArrayQueue<>(CAPACITY), false))
              .pipe(
                  "jctools unsafe spsc poll",
                  () -> PeerPipes.polled(new SpscArrayQueue<>(CAPACITY), false))
              .pipe(
                  "agrona one-to-one poll",
                  () -> PeerPipes.polled(new OneToOneConcurrentArrayQueue<>(CAPACITY), false))
              .pipe(
                  "disruptor busy-spin",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 1, PeerPipes.disruptorWaiting("busy-spin")))
              .pipe(
                  "jdk array-blocking-queue poll",
                  () -> PeerPipes.polled(new ArrayBlockingQueue<>(CAPACITY), false)),
          new Pattern("OneToOneWaiting", 1, 1, false, 1)
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          1,
                          Reading.RECEIVE,
                          false))
              .pipe(
                  "photophone park virtual",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          1,
                          Reading.RECEIVE,
                          false))
              .pipe(
                  "disruptor blocking",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking")))
              .pipe(
                  "jdk array-blocking-queue",
                  () -> PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), true))
              .pipe(
                  "jdk array-blocking-queue virtual",
                  () -> PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), true))
              .pipe(
                  "jdk linked-transfer-queue",
                  () -> PeerPipes.blocking(new LinkedTransferQueue<>(), true))
              .pipe(
                  "jdk linked-transfer-queue virtual",
                  () -> PeerPipes.blocking(new LinkedTransferQueue<>(), true))
              .pipe("jox", () -> PeerPipes.jox(CAPACITY))
              .pipe("jox virtual", () -> PeerPipes.jox(CAPACITY)),
          new Pattern("ManyToOne", 2, 1, false, 1)
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.manyToOne(
                              options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          1,
                          Reading.RECEIVE,
                          false))
              .pipe(
                  "photophone drain yield",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.manyToOne(
                              options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                          1,
                          Reading.DRAIN,
                          true))
              .pipe(
                  "jctools mpsc drain yield",
                  () -> PeerPipes.drained(new MpscVarHandleArrayQueue<>(CAPACITY), true))
              .pipe(
                  "jctools mpsc poll yield",
                  () -> PeerPipes.polled(new MpscVarHandleArrayQueue<>(CAPACITY), true))
              .pipe(
                  "agrona many-to-one yield",
                  () -> PeerPipes.polled(new ManyToOneConcurrentArrayQueue<>(CAPACITY), true))
              .pipe(
                  "disruptor many blocking",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, true, 1, PeerPipes.disruptorWaiting("blocking")))
              .pipe(
                  "disruptor many yielding",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, true, 1, PeerPipes.disruptorWaiting("yielding")))
              .pipe(
                  "jdk array-blocking-queue",
                  () -> PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), true))
              .pipe(
                  "jdk linked-transfer-queue",
                  () -> PeerPipes.blocking(new LinkedTransferQueue<>(), true))
              .pipe("jox", () -> PeerPipes.jox(CAPACITY)),
          new Pattern("ManyToMany", 2, 2, false, 1)
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.manyToMany(
                              options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          2,
                          Reading.RECEIVE,
                          false))
              .pipe(
                  "photophone drain yield",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.manyToMany(
                              options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                          2,
                          Reading.DRAIN,
                          true))
              .pipe(
                  "photophone poll yield",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.manyToMany(
                              options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                          2,
                          Reading.POLL,
                          true))
              .pipe(
                  "jctools mpmc poll yield",
                  () -> PeerPipes.polled(new MpmcVarHandleArrayQueue<>(CAPACITY), true))
              .pipe(
                  "agrona many-to-many yield",
                  () -> PeerPipes.polled(new ManyToManyConcurrentArrayQueue<>(CAPACITY), true))
              .pipe(
                  "jdk array-blocking-queue",
                  () -> PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), false))
              .pipe(
                  "jdk linked-transfer-queue",
                  () -> PeerPipes.blocking(new LinkedTransferQueue<>(), false)),
          new Pattern("Latency", 1, 1, false, 1)
              .pipe(
                  "photophone off",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          1,
                          Reading.RECEIVE,
                          false))
              .pipe(
                  "photophone sampled",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.PARK, LatencyTracking.SAMPLED)),
                          1,
                          Reading.RECEIVE,
                          false))
              .pipe(
                  "photophone full",
                  () ->
                      OurPipes.pointToPoint(
                          PointToPointChannel.oneToOne(
                              options(WaitStrategy.PARK, LatencyTracking.FULL)),
                          1,
                          Reading.RECEIVE,
                          false)),
          new Pattern("PriorityFiveClasses", 1, 1, false, 5)
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.priority(
                          new PriorityChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          Reading.RECEIVE))
              .pipe(
                  "photophone poll",
                  () ->
                      OurPipes.priority(
                          new PriorityChannel<>(options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                          Reading.POLL))
              .pipe(
                  "photophone bounded poll",
                  () ->
                      OurPipes.priority(
                          PriorityChannel.boundedByMessages(
                              options(WaitStrategy.SPIN, LatencyTracking.OFF), 64),
                          Reading.POLL))
              .pipe("jdk priority-blocking-queue", () -> PeerPipes.priorityBlockingQueue(CAPACITY))
              .pipe(
                  "jdk five array-blocking-queues poll",
                  () ->
                      PeerPipes.fiveQueues(
                          Stream.generate(() -> new ArrayBlockingQueue<Message>(CAPACITY))
                              .limit(5)
                              .toList()))
              .pipe(
                  "jctools five mpmc poll",
                  () ->
                      PeerPipes.fiveQueues(
                          Stream.generate(() -> new MpmcVarHandleArrayQueue<Message>(CAPACITY))
                              .limit(5)
                              .toList())),
          new Pattern("BroadcastToOne", 1, 1, true, 1)
              .pipe(
                  "photophone drain",
                  () ->
                      OurPipes.broadcast(
                          new BroadcastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                          1,
                          Reading.DRAIN,
                          true))
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.broadcast(
                          new BroadcastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          1,
                          Reading.RECEIVE,
                          true))
              .pipe(
                  "disruptor yielding",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 1, PeerPipes.disruptorWaiting("yielding")))
              .pipe(
                  "disruptor blocking",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking")))
              .pipe("jdk submission-publisher", () -> PeerPipes.submissionPublisher(CAPACITY, 1)),
          new Pattern("BroadcastToThree", 1, 3, true, 1)
              .pipe(
                  "photophone drain",
                  () ->
                      OurPipes.broadcast(
                          new BroadcastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                          3,
                          Reading.DRAIN,
                          true))
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.broadcast(
                          new BroadcastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          3,
                          Reading.RECEIVE,
                          true))
              .pipe(
                  "disruptor yielding",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 3, PeerPipes.disruptorWaiting("yielding")))
              .pipe(
                  "disruptor blocking",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 3, PeerPipes.disruptorWaiting("blocking")))
              .pipe("jdk submission-publisher", () -> PeerPipes.submissionPublisher(CAPACITY, 3)),
          new Pattern("MulticastToOne", 1, 1, true, 1)
              .pipe(
                  "photophone yield",
                  () ->
                      OurPipes.multicast(
                          new MulticastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                          1,
                          true))
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.multicast(
                          new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          1,
                          false))
              .pipe(
                  "photophone park virtual",
                  () ->
                      OurPipes.multicast(
                          new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          1,
                          false))
              .pipe(
                  "disruptor yielding",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 1, PeerPipes.disruptorWaiting("yielding")))
              .pipe(
                  "disruptor blocking",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking")))
              .pipe(
                  "disruptor blocking virtual",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking")))
              .pipe("jdk submission-publisher", () -> PeerPipes.submissionPublisher(CAPACITY, 1)),
          new Pattern("MulticastToThree", 1, 3, true, 1)
              .pipe(
                  "photophone yield",
                  () ->
                      OurPipes.multicast(
                          new MulticastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                          3,
                          true))
              .pipe(
                  "photophone park",
                  () ->
                      OurPipes.multicast(
                          new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          3,
                          false))
              .pipe(
                  "photophone park virtual",
                  () ->
                      OurPipes.multicast(
                          new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                          3,
                          false))
              .pipe(
                  "disruptor yielding",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 3, PeerPipes.disruptorWaiting("yielding")))
              .pipe(
                  "disruptor blocking",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 3, PeerPipes.disruptorWaiting("blocking")))
              .pipe(
                  "disruptor blocking virtual",
                  () ->
                      PeerPipes.disruptor(
                          CAPACITY, false, 3, PeerPipes.disruptorWaiting("blocking")))
              .pipe("jdk submission-publisher", () -> PeerPipes.submissionPublisher(CAPACITY, 3)),
          new Pattern("AnycastToTwo", 1, 2, false, 1)
              .pipe(
                  "photophone round-robin park",
                  () ->
                      OurPipes.anycast(
                          new AnycastChannel<>(
                              options(WaitStrategy.PARK, LatencyTracking.OFF),
                              AnycastChannel.Policy.ROUND_ROBIN),
                          2,
                          false))
              .pipe(
                  "photophone least-loaded park",
                  () ->
                      OurPipes.anycast(
                          new AnycastChannel<>(
                              options(WaitStrategy.PARK, LatencyTracking.OFF),
                              AnycastChannel.Policy.LEAST_LOADED),
                          2,
                          false))
              .pipe(
                  "photophone work-stealing park",
                  () ->
                      OurPipes.anycast(
                          new AnycastChannel<>(
                              options(WaitStrategy.PARK, LatencyTracking.OFF),
                              AnycastChannel.Policy.WORK_STEALING),
                          2,
                          false))
              .pipe(
                  "photophone round-robin yield",
                  () ->
                      OurPipes.anycast(
                          new AnycastChannel<>(
                              options(WaitStrategy.YIELD, LatencyTracking.OFF),
                              AnycastChannel.Policy.ROUND_ROBIN),
                          2,
                          true))
              .pipe("jdk executor-service", () -> PeerPipes.executor(2))
              .pipe(
                  "jdk array-blocking-queue",
                  () -> PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), false))
              .pipe(
                  "jdk linked-transfer-queue",
                  () -> PeerPipes.blocking(new LinkedTransferQueue<>(), false))
              .pipe(
                  "jctools mpmc poll yield",
                  () -> PeerPipes.polled(new MpmcVarHandleArrayQueue<>(CAPACITY), true)));

  private Patterns() {}

  private static ChannelOptions options(WaitStrategy waiting, LatencyTracking latency) {
    return OurPipes.options(CAPACITY, waiting, latency);
  }

  static Pattern named(String name) {
    return ALL.stream().filter(each -> each.name.equals(name)).findFirst().orElseThrow();
  }

  /// One pattern.
  static final class Pattern {
    final String name;
    final int senders;
    final int receivers;

    /// Whether each receiver gets every message, or they share them.
    final boolean isToAll;

    /// Classes of messages, uniformly mixed.
    final int ranks;

    final Map<String, Supplier<Pipe>> pipes = new LinkedHashMap<>();

    private Pattern(String name, int senders, int receivers, boolean isToAll, int ranks) {
      this.name = name;
      this.senders = senders;
      this.receivers = receivers;
      this.isToAll = isToAll;
      this.ranks = ranks;
    }

    private Pattern pipe(String pipeName, Supplier<Pipe> pipe) {
      pipes.put(pipeName, pipe);
      return this;
    }
  }
}
