package io.photophone.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A thread that does something at equal intervals. What fails is logged and tried again at the
/// next.
final class Ticker {
  private static final System.Logger LOG = System.getLogger(Ticker.class.getName());

  private final Thread thread;
  private volatile boolean stopping;

  Ticker(String name, Duration period, Runnable task) {
    thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> run(period.toNanos(), task));
  }

  /// Starts the thread; the first time is now.
  void start() {
    thread.start();
  }

  private void run(long periodNanos, Runnable task) {
    long next = System.nanoTime();
    while (!stopping) {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, Thread.currentThread().getName() + " failed", e);
      }
      next = Math.max(next + periodNanos, System.nanoTime());
      while (!stopping && next - System.nanoTime() > 0) {
        LockSupport.parkNanos(this, next - System.nanoTime());
      }
    }
  }

  /// Ends the thread and waits for it.
  void stop() throws InterruptedException {
    stopping = true;
    LockSupport.unpark(thread);
    thread.join();
  }
}
