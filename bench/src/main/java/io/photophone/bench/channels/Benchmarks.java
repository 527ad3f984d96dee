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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.stream.Stream;
import org.agrona.concurrent.ManyToManyConcurrentArrayQueue;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.jctools.queues.SpscArrayQueue;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/// The patterns of traffic, each with the pipes that can carry it; the first of each is what the
/// others are compared with.
public final class Benchmarks {
  private Benchmarks() {}

  private static ChannelOptions options(WaitStrategy waiting, LatencyTracking latency) {
    return OurPipes.options(PatternBenchmark.CAPACITY, waiting, latency);
  }

  /// One sender and one receiver that never give their processors up.
  public static class OneToOneSpinning extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone poll",
      "photophone drain",
      "photophone receive spin",
      "jctools spsc poll",
      "jctools spsc drain",
      "jctools unsafe spsc poll",
      "agrona one-to-one poll",
      "disruptor busy-spin",
      "jdk array-blocking-queue poll"
    })
    public String pipe;

    /// 1 to 1.
    public OneToOneSpinning() {
      super(1, 1, false);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone poll" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                1,
                Reading.POLL,
                false);
        case "photophone drain" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                1,
                Reading.DRAIN,
                false);
        case "photophone receive spin" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                1,
                Reading.RECEIVE,
                false);
        case "jctools spsc poll" ->
            PeerPipes.polled(new SpscVarHandleArrayQueue<>(CAPACITY), false);
        case "jctools spsc drain" ->
            PeerPipes.drained(new SpscVarHandleArrayQueue<>(CAPACITY), false);
        case "jctools unsafe spsc poll" -> PeerPipes.polled(new SpscArrayQueue<>(CAPACITY), false);
        case "agrona one-to-one poll" ->
            PeerPipes.polled(new OneToOneConcurrentArrayQueue<>(CAPACITY), false);
        case "disruptor busy-spin" ->
            PeerPipes.disruptor(CAPACITY, false, 1, PeerPipes.disruptorWaiting("busy-spin"));
        case "jdk array-blocking-queue poll" ->
            PeerPipes.polled(new ArrayBlockingQueue<>(CAPACITY), false);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// One sender and one receiver that wait for each other.
  public static class OneToOneWaiting extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone park",
      "photophone park virtual",
      "disruptor blocking",
      "jdk array-blocking-queue",
      "jdk array-blocking-queue virtual",
      "jdk linked-transfer-queue",
      "jdk linked-transfer-queue virtual",
      "jox",
      "jox virtual"
    })
    public String pipe;

    /// 1 to 1.
    public OneToOneWaiting() {
      super(1, 1, false);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone park" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                1,
                Reading.RECEIVE,
                false);
        case "photophone park virtual" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                1,
                Reading.RECEIVE,
                false);
        case "disruptor blocking" ->
            PeerPipes.disruptor(CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking"));
        case "jdk array-blocking-queue" ->
            PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), true);
        case "jdk array-blocking-queue virtual" ->
            PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), true);
        case "jdk linked-transfer-queue" -> PeerPipes.blocking(new LinkedTransferQueue<>(), true);
        case "jdk linked-transfer-queue virtual" ->
            PeerPipes.blocking(new LinkedTransferQueue<>(), true);
        case "jox" -> PeerPipes.jox(CAPACITY);
        case "jox virtual" -> PeerPipes.jox(CAPACITY);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// Two senders and one receiver.
  public static class ManyToOne extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone park",
      "photophone drain yield",
      "jctools mpsc drain yield",
      "jctools mpsc poll yield",
      "agrona many-to-one yield",
      "disruptor many blocking",
      "disruptor many yielding",
      "jdk array-blocking-queue",
      "jdk linked-transfer-queue",
      "jox"
    })
    public String pipe;

    /// 2 to 1.
    public ManyToOne() {
      super(2, 1, false);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone park" ->
            OurPipes.pointToPoint(
                PointToPointChannel.manyToOne(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                1,
                Reading.RECEIVE,
                false);
        case "photophone drain yield" ->
            OurPipes.pointToPoint(
                PointToPointChannel.manyToOne(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                1,
                Reading.DRAIN,
                true);
        case "jctools mpsc drain yield" ->
            PeerPipes.drained(new MpscVarHandleArrayQueue<>(CAPACITY), true);
        case "jctools mpsc poll yield" ->
            PeerPipes.polled(new MpscVarHandleArrayQueue<>(CAPACITY), true);
        case "agrona many-to-one yield" ->
            PeerPipes.polled(new ManyToOneConcurrentArrayQueue<>(CAPACITY), true);
        case "disruptor many blocking" ->
            PeerPipes.disruptor(CAPACITY, true, 1, PeerPipes.disruptorWaiting("blocking"));
        case "disruptor many yielding" ->
            PeerPipes.disruptor(CAPACITY, true, 1, PeerPipes.disruptorWaiting("yielding"));
        case "jdk array-blocking-queue" ->
            PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), true);
        case "jdk linked-transfer-queue" -> PeerPipes.blocking(new LinkedTransferQueue<>(), true);
        case "jox" -> PeerPipes.jox(CAPACITY);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// Two senders and two receivers.
  public static class ManyToMany extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone park",
      "photophone drain yield",
      "photophone poll yield",
      "jctools mpmc poll yield",
      "agrona many-to-many yield",
      "jdk array-blocking-queue",
      "jdk linked-transfer-queue"
    })
    public String pipe;

    /// 2 to 2.
    public ManyToMany() {
      super(2, 2, false);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone park" ->
            OurPipes.pointToPoint(
                PointToPointChannel.manyToMany(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                2,
                Reading.RECEIVE,
                false);
        case "photophone drain yield" ->
            OurPipes.pointToPoint(
                PointToPointChannel.manyToMany(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                2,
                Reading.DRAIN,
                true);
        case "photophone poll yield" ->
            OurPipes.pointToPoint(
                PointToPointChannel.manyToMany(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                2,
                Reading.POLL,
                true);
        case "jctools mpmc poll yield" ->
            PeerPipes.polled(new MpmcVarHandleArrayQueue<>(CAPACITY), true);
        case "agrona many-to-many yield" ->
            PeerPipes.polled(new ManyToManyConcurrentArrayQueue<>(CAPACITY), true);
        case "jdk array-blocking-queue" ->
            PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), false);
        case "jdk linked-transfer-queue" -> PeerPipes.blocking(new LinkedTransferQueue<>(), false);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// One sender and one receiver, with no message timed, one in 64, or all.
  public static class Latency extends PatternBenchmark {
    /// Which pipe.
    @Param({"photophone off", "photophone sampled", "photophone full"})
    public String pipe;

    /// 1 to 1.
    public Latency() {
      super(1, 1, false);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone off" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                1,
                Reading.RECEIVE,
                false);
        case "photophone sampled" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.PARK, LatencyTracking.SAMPLED)),
                1,
                Reading.RECEIVE,
                false);
        case "photophone full" ->
            OurPipes.pointToPoint(
                PointToPointChannel.oneToOne(options(WaitStrategy.PARK, LatencyTracking.FULL)),
                1,
                Reading.RECEIVE,
                false);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// Five classes, uniformly mixed, one sender and one receiver.
  public static class PriorityFiveClasses extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone park",
      "photophone poll",
      "photophone bounded poll",
      "jdk priority-blocking-queue",
      "jdk five array-blocking-queues poll",
      "jctools five mpmc poll"
    })
    public String pipe;

    /// 1 to 1.
    public PriorityFiveClasses() {
      super(1, 1, false);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone park" ->
            OurPipes.priority(
                new PriorityChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                Reading.RECEIVE);
        case "photophone poll" ->
            OurPipes.priority(
                new PriorityChannel<>(options(WaitStrategy.SPIN, LatencyTracking.OFF)),
                Reading.POLL);
        case "photophone bounded poll" ->
            OurPipes.priority(
                PriorityChannel.boundedByMessages(
                    options(WaitStrategy.SPIN, LatencyTracking.OFF), 64),
                Reading.POLL);
        case "jdk priority-blocking-queue" -> PeerPipes.priorityBlockingQueue(CAPACITY);
        case "jdk five array-blocking-queues poll" ->
            PeerPipes.fiveQueues(
                Stream.generate(() -> new ArrayBlockingQueue<Message>(CAPACITY)).limit(5).toList());
        case "jctools five mpmc poll" ->
            PeerPipes.fiveQueues(
                Stream.generate(() -> new MpmcVarHandleArrayQueue<Message>(CAPACITY))
                    .limit(5)
                    .toList());
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// One sender to one receiver; ours may lose messages and says how many.
  public static class BroadcastToOne extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone drain",
      "photophone park",
      "disruptor yielding",
      "disruptor blocking",
      "jdk submission-publisher"
    })
    public String pipe;

    /// 1 to 1.
    public BroadcastToOne() {
      super(1, 1, true);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone drain" ->
            OurPipes.broadcast(
                new BroadcastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                1,
                Reading.DRAIN,
                true);
        case "photophone park" ->
            OurPipes.broadcast(
                new BroadcastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                1,
                Reading.RECEIVE,
                true);
        case "disruptor yielding" ->
            PeerPipes.disruptor(CAPACITY, false, 1, PeerPipes.disruptorWaiting("yielding"));
        case "disruptor blocking" ->
            PeerPipes.disruptor(CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking"));
        case "jdk submission-publisher" -> PeerPipes.submissionPublisher(CAPACITY, 1);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// One sender to three receivers; ours may lose messages and says how many.
  public static class BroadcastToThree extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone drain",
      "photophone park",
      "disruptor yielding",
      "disruptor blocking",
      "jdk submission-publisher"
    })
    public String pipe;

    /// 1 to 3.
    public BroadcastToThree() {
      super(1, 3, true);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone drain" ->
            OurPipes.broadcast(
                new BroadcastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)),
                3,
                Reading.DRAIN,
                true);
        case "photophone park" ->
            OurPipes.broadcast(
                new BroadcastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)),
                3,
                Reading.RECEIVE,
                true);
        case "disruptor yielding" ->
            PeerPipes.disruptor(CAPACITY, false, 3, PeerPipes.disruptorWaiting("yielding"));
        case "disruptor blocking" ->
            PeerPipes.disruptor(CAPACITY, false, 3, PeerPipes.disruptorWaiting("blocking"));
        case "jdk submission-publisher" -> PeerPipes.submissionPublisher(CAPACITY, 3);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// One sender to one receiver, nobody loses a message.
  public static class MulticastToOne extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone yield",
      "photophone park",
      "photophone park virtual",
      "disruptor yielding",
      "disruptor blocking",
      "disruptor blocking virtual",
      "jdk submission-publisher"
    })
    public String pipe;

    /// 1 to 1.
    public MulticastToOne() {
      super(1, 1, true);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone yield" ->
            OurPipes.multicast(
                new MulticastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)), 1, true);
        case "photophone park" ->
            OurPipes.multicast(
                new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)), 1, false);
        case "photophone park virtual" ->
            OurPipes.multicast(
                new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)), 1, false);
        case "disruptor yielding" ->
            PeerPipes.disruptor(CAPACITY, false, 1, PeerPipes.disruptorWaiting("yielding"));
        case "disruptor blocking" ->
            PeerPipes.disruptor(CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking"));
        case "disruptor blocking virtual" ->
            PeerPipes.disruptor(CAPACITY, false, 1, PeerPipes.disruptorWaiting("blocking"));
        case "jdk submission-publisher" -> PeerPipes.submissionPublisher(CAPACITY, 1);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// One sender to three receivers, nobody loses a message.
  public static class MulticastToThree extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone yield",
      "photophone park",
      "photophone park virtual",
      "disruptor yielding",
      "disruptor blocking",
      "disruptor blocking virtual",
      "jdk submission-publisher"
    })
    public String pipe;

    /// 1 to 3.
    public MulticastToThree() {
      super(1, 3, true);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone yield" ->
            OurPipes.multicast(
                new MulticastChannel<>(options(WaitStrategy.YIELD, LatencyTracking.OFF)), 3, true);
        case "photophone park" ->
            OurPipes.multicast(
                new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)), 3, false);
        case "photophone park virtual" ->
            OurPipes.multicast(
                new MulticastChannel<>(options(WaitStrategy.PARK, LatencyTracking.OFF)), 3, false);
        case "disruptor yielding" ->
            PeerPipes.disruptor(CAPACITY, false, 3, PeerPipes.disruptorWaiting("yielding"));
        case "disruptor blocking" ->
            PeerPipes.disruptor(CAPACITY, false, 3, PeerPipes.disruptorWaiting("blocking"));
        case "disruptor blocking virtual" ->
            PeerPipes.disruptor(CAPACITY, false, 3, PeerPipes.disruptorWaiting("blocking"));
        case "jdk submission-publisher" -> PeerPipes.submissionPublisher(CAPACITY, 3);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }

  /// One sender, two workers, each message to one of them.
  public static class AnycastToTwo extends PatternBenchmark {
    /// Which pipe.
    @Param({
      "photophone round-robin park",
      "photophone least-loaded park",
      "photophone work-stealing park",
      "photophone round-robin yield",
      "jdk executor-service",
      "jdk array-blocking-queue",
      "jdk linked-transfer-queue",
      "jctools mpmc poll yield"
    })
    public String pipe;

    /// 1 to 2.
    public AnycastToTwo() {
      super(1, 2, false);
    }

    /// One message of many.
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long message() {
      return burst();
    }

    @Override
    String pipe() {
      return pipe;
    }

    @Override
    Pipe open(String name) {
      return switch (name) {
        case "photophone round-robin park" ->
            OurPipes.anycast(
                new AnycastChannel<>(
                    options(WaitStrategy.PARK, LatencyTracking.OFF),
                    AnycastChannel.Policy.ROUND_ROBIN),
                2,
                false);
        case "photophone least-loaded park" ->
            OurPipes.anycast(
                new AnycastChannel<>(
                    options(WaitStrategy.PARK, LatencyTracking.OFF),
                    AnycastChannel.Policy.LEAST_LOADED),
                2,
                false);
        case "photophone work-stealing park" ->
            OurPipes.anycast(
                new AnycastChannel<>(
                    options(WaitStrategy.PARK, LatencyTracking.OFF),
                    AnycastChannel.Policy.WORK_STEALING),
                2,
                false);
        case "photophone round-robin yield" ->
            OurPipes.anycast(
                new AnycastChannel<>(
                    options(WaitStrategy.YIELD, LatencyTracking.OFF),
                    AnycastChannel.Policy.ROUND_ROBIN),
                2,
                true);
        case "jdk executor-service" -> PeerPipes.executor(2);
        case "jdk array-blocking-queue" ->
            PeerPipes.blocking(new ArrayBlockingQueue<>(CAPACITY), false);
        case "jdk linked-transfer-queue" -> PeerPipes.blocking(new LinkedTransferQueue<>(), false);
        case "jctools mpmc poll yield" ->
            PeerPipes.polled(new MpmcVarHandleArrayQueue<>(CAPACITY), true);
        default -> throw new IllegalArgumentException(name);
      };
    }
  }
}
