package io.photophone.server;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.handler.DoSHandler;

/// What one client may still ask for: tokens that come at a steady rate up to a burst, one for each
/// request. A refused request takes none, so that a client which waits a little is answered again.
final class TokenBucket implements DoSHandler.Tracker {
  private final long nanosPerToken;
  private final long fullNanos;

  /// When it would be full if nobody asked any more; guarded by this object.
  private long fullAtNanos;

  /// A full one.
  TokenBucket(int tokensPerSecond, int burst, long nowNanos) {
    this.nanosPerToken = TimeUnit.SECONDS.toNanos(1) / tokensPerSecond;
    this.fullNanos = nanosPerToken * burst;
    this.fullAtNanos = nowNanos;
  }

  /// Takes a token; false if there is none.
  @Override
  public synchronized boolean onRequest(long nowNanos) {
    long emptied = Math.max(fullAtNanos - nowNanos, 0) + nanosPerToken;
    if (emptied > fullNanos) {
      return false;
    }
    fullAtNanos = nowNanos + emptied;
    return true;
  }

  /// A full one needn't be remembered, but for a while: a new one is full until its first request.
  @Override
  public synchronized long getExpireNanoTime() {
    return fullAtNanos + fullNanos;
  }
}
