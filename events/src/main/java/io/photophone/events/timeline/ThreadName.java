package io.photophone.events.timeline;

/// What a thread is called and whose it is.
///
/// @param pid -1 where it isn't known
public record ThreadName(int tid, int pid, String name) {
  static ThreadName unknown(int tid) {
    return new ThreadName(tid, RingRecord.UNKNOWN, tid == RingRecord.IDLE ? "idle" : "");
  }

  /// What two rings know of one thread, taken together.
  static ThreadName better(ThreadName one, ThreadName other) {
    return new ThreadName(
        one.tid,
        one.pid >= 0 ? one.pid : other.pid,
        one.name.length() >= other.name.length() ? one.name : other.name);
  }

  /// As in "hog (pid 123) held CPU 0".
  public String words() {
    String called = name.isEmpty() ? "thread " + tid : name;
    if (pid < 0) {
      return name.isEmpty() ? called : "%s (tid %d)".formatted(called, tid);
    }
    return tid == pid
        ? "%s (pid %d)".formatted(called, pid)
        : "%s (tid %d of pid %d)".formatted(called, tid, pid);
  }
}
