package io.photophone.bench.channels;

import io.photophone.channels.ChannelOptions;
import io.photophone.channels.Client;
import io.photophone.channels.LatencyTracking;
import io.photophone.channels.Reply;
import io.photophone.channels.RequestReplyChannel;
import io.photophone.channels.Server;
import io.photophone.channels.WaitStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One request and its reply, there and back between two threads.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 250, timeUnit = TimeUnit.MILLISECONDS)
public class RoundTrip {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  static final List<String> PIPES =
      List.of(
          "photophone spin",
          "two jctools spsc spin",
          "photophone park",
          "two array-blocking-queues",
          "two synchronous-queues");
  private static final Message REQUEST = new Message(1, 0);

  /// One of [#PIPES].
  @Param("photophone spin")
  public String pipe;

  private volatile boolean ended;
  private Thread server;
  private Call call;

  /// A blocking call.
  private interface Call {
    Message of(Message request) throws InterruptedException;
  }

  /// Starts the server.
  @Setup(Level.Trial)
  public void start() {
    switch (pipe) {
      case "photophone spin" -> ours(WaitStrategy.SPIN);
      case "photophone park" -> ours(WaitStrategy.PARK);
      case "two jctools spsc spin" ->
          polled(new SpscVarHandleArrayQueue<>(64), new SpscVarHandleArrayQueue<>(64));
      case "two array-blocking-queues" ->
          blocking(new ArrayBlockingQueue<>(64), new ArrayBlockingQueue<>(64));
      case "two synchronous-queues" -> blocking(new SynchronousQueue<>(), new SynchronousQueue<>());
      default -> throw new IllegalArgumentException(pipe);
    }
  }

  private void serve(Runnable body) {
    server = Thread.ofPlatform().daemon().name("server").start(body);
  }

  private void ours(WaitStrategy waiting) {
    RequestReplyChannel<Message, Message> channel =
        RequestReplyChannel.fifo(new ChannelOptions("bench", 64, waiting, LatencyTracking.OFF));
    Server<Message, Message> receiver = channel.server("server");
    serve(() -> receiver.serve(request -> request));
    Client<Message, Message> client = channel.client("client");
    call =
        request ->
            client.call(request, LIMIT) instanceof Reply.Answered<Message> answered
                ? answered.value()
                : null;
  }

  private void polled(Queue<Message> requests, Queue<Message> replies) {
    serve(() -> {
      while (!ended) {
        Message request = requests.poll();
        if (request == null) {
          Thread.onSpinWait();
        } else {
          replies.offer(request);
        }
      }
    });
    call =
        request -> {
          requests.offer(request);
          Message reply = replies.poll();
          while (reply == null) {
            Thread.onSpinWait();
            reply = replies.poll();
          }
          return reply;
        };
  }

  private void blocking(BlockingQueue<Message> requests, BlockingQueue<Message> replies) {
    serve(() -> {
      try {
        while (true) {
          replies.put(requests.take());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    call =
        request -> {
          requests.put(request);
          return replies.take();
        };
  }

  /// There and back.
  @Benchmark
  public long call() throws InterruptedException {
    return call.of(REQUEST).value();
  }

  /// Ends the server.
  @TearDown(Level.Trial)
  public void end() throws InterruptedException {
    ended = true;
    server.interrupt();
    server.join();
  }
}
