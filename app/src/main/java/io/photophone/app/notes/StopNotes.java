package io.photophone.app.notes;

import io.photophone.events.timeline.ActivityRing;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;

/// Notes that the process was stopped, from within: where the kernel doesn't tell of signals. It
/// was, if the signal to go on has come after a time in which nothing was noted.
///
/// One thread calls [#beat] all the time; another one, of the virtual machine, hears the signal.
final class StopNotes {
  /// What is shorter isn't told from a thread that waited for a processor.
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /// After a process goes on within which it hears of the signal.
  private static final long HEARS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long NEVER = Long.MIN_VALUE;

  private final ActivityRing ring;
  private final int pid;

  /// When the signal came; written by the thread that hears it, taken by the one that beats.
  private volatile long continuedNanos = NEVER;

  private long lastBeatNanos = NEVER;
  private long gapFromNanos = NEVER;
  private long gapUntilNanos = NEVER;

  /// @param pid of this process
  StopNotes(ActivityRing ring, int pid) {
    this.ring = ring;
    this.pid = pid;
  }

  /// Hears the signal from now on.
  StopNotes listening() {
    Signals.register("CONT", () -> continued(System.nanoTime()));
    return this;
  }

  void continued(long timeNanos) {
    continuedNanos = timeNanos;
  }

  /// Says that the process runs.
  void beat(long timeNanos) {
    if (lastBeatNanos != NEVER && isGap(timeNanos - lastBeatNanos, timeNanos)) {
      gapFromNanos = lastBeatNanos;
      gapUntilNanos = timeNanos;
    }
    lastBeatNanos = timeNanos;
    long continued = continuedNanos;
    if (continued == NEVER) {
      return;
    }
    boolean isOfGap =
        gapFromNanos != NEVER
            && continued > gapFromNanos
            && continued - gapUntilNanos <= HEARS_NANOS;
    if (isOfGap) {
      ring.stopped(gapFromNanos, pid);
      ring.continued(Math.min(continued, gapUntilNanos), pid);
      gapFromNanos = NEVER;
    }
    if (isOfGap || timeNanos - continued > HEARS_NANOS) {
      continuedNanos = NEVER;
    }
  }

  /// After a stop everything wants to run, and the next beat may be late, too: the longer time
  /// without one was the stop.
  private boolean isGap(long nanos, long timeNanos) {
    boolean isOnlyOne = gapFromNanos == NEVER || timeNanos - gapUntilNanos > HEARS_NANOS;
    return nanos >= LEAST_NANOS && (isOnlyOne || nanos > gapUntilNanos - gapFromNanos);
  }
}
