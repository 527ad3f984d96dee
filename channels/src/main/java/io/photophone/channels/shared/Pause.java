package io.photophone.channels.shared;

import java.util.concurrent.locks.LockSupport;

/// Waits for another process, which can't wake us: spins for some microseconds, then sleeps for 1
/// µs, 2 µs and so on up to 1 ms. Used by one thread, platform or virtual.
///
/// A wait that goes on costs 4 to 5 % of a core of a small virtual machine, for about a thousand
/// wake-ups and 50 looks at the other process in a second.
final class Pause {
  private static final int SPINS = 100;
  private static final long FIRST_NANOS = 1_000;
  private static final long LONGEST_NANOS = 1_000_000;

  private int spins;
  private long nanos;

  /// Begins a wait.
  void begin() {
    spins = 0;
    nanos = FIRST_NANOS;
  }

  /// Waits a little, but not longer than given.
  ///
  /// @return whether it slept
  boolean await(long limitNanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (spins < SPINS) {
      spins++;
      Thread.onSpinWait();
      return false;
    }
    LockSupport.parkNanos(this, Math.min(nanos, limitNanos));
    nanos = Math.min(2 * nanos, LONGEST_NANOS);
    return true;
  }
}
