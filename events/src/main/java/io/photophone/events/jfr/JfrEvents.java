package io.photophone.events.jfr;

import java.time.Duration;
import java.util.List;

/// Sets of the JVM's own events that are usually wanted together.
public enum JfrEvents {
  /// Collections with their cause, their pauses, and the heap before and after; `gcId` joins them.
  GARBAGE_COLLECTION,
  /// Stops of all Java threads, and what they were for.
  SAFEPOINTS,
  /// Threads that waited for a millisecond or more: parked, for a monitor, or asleep.
  WAITS,
  /// Samples of what is allocated.
  ALLOCATION,
  /// Compilations by the JIT compilers, and code that they threw away.
  COMPILATION,
  /// Threads that start and end: which Java thread is which thread of the operating system.
  THREADS,
  /// Load of the processors, by this JVM and by all.
  CPU_LOAD;

  /// As JFR names them.
  public List<String> names() {
    return switch (this) {
      case GARBAGE_COLLECTION ->
          List.of("jdk.GarbageCollection", "jdk.GCPhasePause", "jdk.GCHeapSummary");
      case SAFEPOINTS ->
          List.of(
              "jdk.SafepointBegin",
              "jdk.SafepointStateSynchronization",
              "jdk.SafepointEnd",
              "jdk.ExecuteVMOperation");
      case WAITS ->
          List.of(
              "jdk.ThreadPark",
              "jdk.JavaMonitorEnter",
              "jdk.JavaMonitorWait",
              "jdk.ThreadSleep",
              "jdk.VirtualThreadPinned");
      case ALLOCATION -> List.of("jdk.ObjectAllocationSample");
      case COMPILATION -> List.of("jdk.Compilation", "jdk.Deoptimization");
      case THREADS -> List.of("jdk.ThreadStart", "jdk.ThreadEnd");
      case CPU_LOAD -> List.of("jdk.CPULoad");
    };
  }

  /// Events that are shorter are left out.
  public Duration threshold() {
    return this == WAITS ? Duration.ofMillis(1) : Duration.ZERO;
  }
}
