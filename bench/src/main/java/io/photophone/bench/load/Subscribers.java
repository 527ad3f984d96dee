package io.photophone.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// Clients of one stream that read as fast as they can, so many on two threads.
final class Subscribers implements AutoCloseable {
  private static final int THREADS = 2;

  private final List<ClientLoop> loops = new ArrayList<>();

  private Subscribers() {}

  /// Connects them, and waits until each response has begun or the time is over: a server that has
  /// too much to do may never come to all of them.
  ///
  /// @throws IOException if one is refused
  static Subscribers connect(StreamRequest request, int clients, Duration limit)
      throws IOException, InterruptedException {
    Subscribers subscribers = new Subscribers();
    List<CompletableFuture<Void>> ready = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int share = clients / THREADS + (i < clients % THREADS ? 1 : 0);
      ClientLoop loop = new ClientLoop("load client " + i, request, share);
      subscribers.loops.add(loop);
      ready.add(loop.start());
    }
    try {
      CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new))
          .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
          .get();
    } catch (ExecutionException e) {
      subscribers.close();
      throw new IOException(
          "not everyone gets %s: %s".formatted(request.address(), e.getCause()), e);
    }
    return subscribers;
  }

  /// Clients whose response has begun.
  int answered() {
    return loops.stream().mapToInt(ClientLoop::answered).sum();
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
