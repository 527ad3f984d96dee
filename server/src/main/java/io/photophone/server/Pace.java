package io.photophone.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Chooses the resolution that fits one client's bandwidth, as its own socket shows it.
///
/// The bandwidth can be seen only while the client is the one that holds the stream up: while a
/// write is under way nearly all the time, or much of it and events are missed, the bytes of
/// completed writes over that time are it. Below one megabit a second, or where the client has
/// missed events twice in a row, the resolution is halved, and again until it fits. After ten
/// seconds in which the client kept up the next finer one is tried if the bandwidth seen last has
/// room for it, else after a minute; if that doesn't hold as long, the next such trial comes after
/// twice the time, up to ten minutes.
///
/// Written by the thread that does the stream's work; judged by one other; the resolution is read
/// by any. Contract: A43.
final class Pace {
  private static final double SLOW_BITS_PER_S = 1e6;

  /// Longer than what the kernel's buffers swallow at once when a stream opens.
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// The part of the period in which a write must have been under way for the client to be what
  /// holds the stream up.
  private static final double HELD_UP = 0.95;

  /// The same where events were missed, since a kernel takes what it has room for in bursts.
  private static final double HELD_UP_MISSING = 0.5;

  private static final long TRIAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// To try what the bandwidth seen last had no room for costs the client some frames.
  private static final long BOLD_TRIAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong busyNanos = new AtomicLong();

  /// The rest, but the resolution, is of the thread that judges.
  private long periodBegan;

  private long bytesBefore;
  private long busyBefore;
  private long missedBefore;
  private boolean missedLast;
  private long changed;
  private long boldWait = BOLD_TRIAL_NANOS;

  /// As seen last, unless more has passed since.
  private double bandwidthBitsPerS = Double.POSITIVE_INFINITY;

  private boolean rose;

  private volatile Resolution resolution = Resolution.FULL;

  Pace(long nowNanos) {
    periodBegan = nowNanos;
    changed = nowNanos;
  }

  /// Notes a write that has completed.
  void wrote(int count, long nanos) {
    bytes.addAndGet(count);
    busyNanos.addAndGet(nanos);
  }

  /// What the client is to get.
  Resolution resolution() {
    return resolution;
  }

  /// Looks whether the resolution fits; to be called several times a second.
  ///
  /// @param pendingNanos how long the write that is under way has taken; 0 if there is none
  /// @param missed events that the client has been too slow for since it came
  /// @return whether the resolution has changed
  boolean judge(long nowNanos, long pendingNanos, long missed) {
    long period = nowNanos - periodBegan;
    if (period < PERIOD_NANOS) {
      return false;
    }
    long busy = busyNanos.get() + pendingNanos - busyBefore;
    double bits = (bytes.get() - bytesBefore) * 8e9;
    boolean misses = missed > missedBefore;
    boolean heldUp = busy >= (misses ? HELD_UP_MISSING : HELD_UP) * period;
    if (heldUp || misses) {
      bandwidthBitsPerS = bits / Math.max(1, misses ? period : busy);
    } else if (bits / period > bandwidthBitsPerS) {
      bandwidthBitsPerS = Double.POSITIVE_INFINITY;
    }
    boolean slow = (heldUp && bandwidthBitsPerS < SLOW_BITS_PER_S) || (misses && missedLast);
    missedLast = misses;
    missedBefore = missed;
    begin(nowNanos, pendingNanos);
    Resolution before = resolution;
    if (slow) {
      if (rose && nowNanos - changed < boldWait) {
        boldWait = Math.min(2 * boldWait, LONGEST_WAIT_NANOS);
      }
      change(before.coarser(), nowNanos, false);
    } else if (heldUp || misses) {
      // Neither too slow nor well: the time of good delivery begins anew.
      changed = nowNanos;
    } else if (nowNanos - changed
        >= (2 * bits / period <= bandwidthBitsPerS ? TRIAL_NANOS : boldWait)) {
      boldWait = rose ? BOLD_TRIAL_NANOS : boldWait;
      change(before.finer(), nowNanos, true);
    }
    return resolution != before;
  }

  private void begin(long nowNanos, long pendingNanos) {
    periodBegan = nowNanos;
    bytesBefore = bytes.get();
    // What is under way is noted whole when it completes.
    busyBefore = busyNanos.get() + pendingNanos;
  }

  private void change(Resolution to, long nowNanos, boolean finer) {
    if (to != resolution) {
      missedLast = false;
      resolution = to;
    }
    rose = finer;
    changed = nowNanos;
  }
}
