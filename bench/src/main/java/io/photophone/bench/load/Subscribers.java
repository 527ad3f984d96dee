package io.photophone.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// Clients of one stream that read as fast as they can, so many on two threads.
final class Subscribers implements AutoCloseable {
  private static final int THREADS = 2;

  private final List<ClientLoop> loops = new ArrayList<>();
  private final int clients;

  private Subscribers(int clients) {
    this.clients = clients;
  }

  /// Connects them all and waits until each has its first frame.
  ///
  /// @throws IOException if that takes longer than the limit, or one is refused
  static Subscribers connect(StreamRequest request, int clients, Duration limit)
      throws IOException, InterruptedException {
    Subscribers subscribers = new Subscribers(clients);
    try {
      List<CompletableFuture<Void>> ready = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int share = clients / THREADS + (i < clients % THREADS ? 1 : 0);
        ClientLoop loop = new ClientLoop("load client " + i, request, share);
        subscribers.loops.add(loop);
        ready.add(loop.start());
      }
      CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new))
          .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
          .join();
      return subscribers;
    } catch (CompletionException e) {
      subscribers.close();
      throw new IOException(
          "%d clients of %s are not all connected within %s: %s"
              .formatted(clients, request.address(), limit, e.getCause()),
          e);
    }
  }

  int clients() {
    return clients;
  }

  /// What came since the last call.
  Tally take() {
    Tally all = new Tally();
    for (ClientLoop loop : loops) {
      all.add(loop.take().join());
    }
    return all;
  }

  @Override
  public void close() {
    try {
      for (ClientLoop loop : loops) {
        loop.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
