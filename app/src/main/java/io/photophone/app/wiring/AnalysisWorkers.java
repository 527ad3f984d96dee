package io.photophone.app.wiring;

import io.photophone.channels.AnycastChannel;
import io.photophone.channels.Channel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.LatencyTracking;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.channels.Sent;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// The threads that measure, shared by all instruments: each piece of work goes to the one that has
/// least to do. An instrument waits for its piece before it brings the next, so that its own stay
/// in order and no instrument can crowd out another. Contract: E3.
final class AnalysisWorkers implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AnalysisWorkers.class.getName());

  /// Pieces that wait for one worker; beyond that an instrument waits for room.
  private static final int CAPACITY = 64;

  private final AnycastChannel<Piece> pieces =
      new AnycastChannel<>(
          ChannelOptions.of("analysis", CAPACITY).latency(LatencyTracking.FULL),
          AnycastChannel.Policy.LEAST_LOADED);
  private final List<Thread> threads;

  private record Piece(Runnable work, CountDownLatch done) {}

  /// Starts so many threads.
  AnalysisWorkers(int count) {
    threads = IntStream.rangeClosed(1, count).mapToObj(this::start).toList();
  }

  /// As many as there are processors.
  static AnalysisWorkers ofProcessors() {
    return new AnalysisWorkers(Runtime.getRuntime().availableProcessors());
  }

  private Thread start(int number) {
    String name = "analysis " + number;
    Receiver<Piece> receiver = pieces.receiver(name);
    return Thread.ofPlatform().name(name).start(() -> work(receiver));
  }

  private static void work(Receiver<Piece> receiver) {
    try (receiver) {
      while (true) {
        switch (receiver.receive()) {
          case Received.Message<Piece> message -> carryOut(message.value());
          case Received.Lagged<Piece> _, Received.Empty<Piece> _ -> {}
          case Received.Closed<Piece> _ -> {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void carryOut(Piece piece) {
    try {
      piece.work().run();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "the measurement failed", e);
    } finally {
      piece.done().countDown();
    }
  }

  /// Has the work done by one of the threads and waits until it is.
  ///
  /// @return false if the workers are closed, and the work is not done
  boolean carryOut(Runnable work) throws InterruptedException {
    Piece piece = new Piece(work, new CountDownLatch(1));
    if (pieces.send(piece) == Sent.CLOSED) {
      return false;
    }
    piece.done().await();
    return true;
  }

  /// The channel, for its statistics.
  Channel channel() {
    return pieces;
  }

  /// Takes no more work; what was brought is done. Waits for the threads.
  @Override
  public void close() {
    pieces.close();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
