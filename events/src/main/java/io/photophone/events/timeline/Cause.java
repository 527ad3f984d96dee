package io.photophone.events.timeline;

import io.photophone.events.timeline.ThreadState.Share;
import java.util.List;

/// What made a reading late, and how much time it took.
public sealed interface Cause {
  /// Time that it took from the threads of the reading.
  long stolenNanos();

  /// A thread had no processor.
  ///
  /// @param thread as in "the acquisition thread"
  /// @param stolenNanos while others had it
  /// @param cpu that it waited for the longest; -1 if not known
  /// @param holders processes or threads that had it meanwhile, the longest first
  record ProcessorTaken(String thread, long stolenNanos, int cpu, List<Share> holders)
      implements Cause {
    public ProcessorTaken {
      holders = List.copyOf(holders);
    }
  }

  /// A thread had no processor although none used it: a quota held it back.
  record Throttled(String thread, long stolenNanos, int cpu) implements Cause {}

  /// The JVM stood still to collect garbage.
  ///
  /// @param pausedNanos as long as the pauses were; not all of it met a thread that had to do
  /// @param cause of the longest, in the JVM's words
  record GarbageCollection(
      String thread, long stolenNanos, long pausedNanos, int pauses, String cause)
      implements Cause {}

  /// Java threads stood still for another operation of the JVM.
  record Safepoint(String thread, long stolenNanos, long pausedNanos, int pauses, String operation)
      implements Cause {}

  /// A signal or a debugger stopped the process.
  ///
  /// @param pid -1 if not known
  /// @param traced whether a debugger did it
  record ProcessStopped(int pid, long stolenNanos, boolean traced) implements Cause {}

  /// A thread waited for the disk.
  ///
  /// @param pageFaultNanos of it, for pages of memory that the disk had
  /// @param reason what the kernel waited for; empty if not known
  record BlockedOnDisk(String thread, long stolenNanos, long pageFaultNanos, String reason)
      implements Cause {}

  /// A thread waited for a lock that another held.
  record BlockedOnLock(String thread, long stolenNanos, String lock) implements Cause {}

  /// The thread that reads the source only waited for it: nothing was wrong inside.
  ///
  /// @param wakeKnown whether wake-ups are known; else it may have been woken and had no processor
  record SourceSilent(String thread, long stolenNanos, boolean wakeKnown) implements Cause {}

  /// A thread had more to do than there was time for.
  record OwnWork(String thread, long stolenNanos, long runningNanos) implements Cause {}

  /// Nothing is known of the time.
  record Unknown(long stolenNanos, long lostEvents) implements Cause {}

  /// Threads did what they do always.
  record NothingUnusual() implements Cause {
    @Override
    public long stolenNanos() {
      return 0;
    }
  }
}
