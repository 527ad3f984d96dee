package io.photophone.bench.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Clients that come, stay for some seconds, go and come back, half of them behind the last event
/// that they have seen.
final class Visitors implements AutoCloseable {
  private static final int LONGEST_STAY_MS = 20_000;

  private final StreamRequest request;
  private final double speed;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  // Guarded by this.
  private final Tally tally = new Tally();
  private final List<String> failures = new ArrayList<>();
  private long visits;

  /// They begin to come at once.
  ///
  /// @param speed at which the server plays its source, times real time
  Visitors(StreamRequest request, double speed, int visitors) {
    this.request = request;
    this.speed = speed;
    for (int i = 0; i < visitors; i++) {
      Random random = new Random(i);
      threads.add(Thread.ofVirtual().name("visitor " + i).start(() -> run(random)));
    }
  }

  private void run(Random random) {
    long seen = StreamRequest.NOTHING_SEEN;
    while (!closed) {
      long until =
          System.nanoTime() + Duration.ofMillis(random.nextInt(1, LONGEST_STAY_MS)).toNanos();
      try {
        PacedClient client = new PacedClient(request, seen, speed, PacedClient.UNLIMITED);
        try (client) {
          while (!closed && client.open() && System.nanoTime() < until) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
          }
        }
        seen = random.nextBoolean() ? client.seen() : StreamRequest.NOTHING_SEEN;
        count(client.take(), client.failure());
      } catch (IOException e) {
        count(new Tally(), e);
      }
    }
  }

  private synchronized void count(Tally visit, @Nullable IOException failure) {
    visits++;
    tally.add(visit);
    if (failure != null) {
      failures.add(failure.toString());
    }
  }

  /// What they have got until now, of visits that are over.
  synchronized Tally tally() {
    Tally all = new Tally();
    all.add(tally);
    return all;
  }

  synchronized long visits() {
    return visits;
  }

  /// Why visits ended that should not have.
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /// Lets them go and waits for them.
  @Override
  public void close() {
    closed = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
