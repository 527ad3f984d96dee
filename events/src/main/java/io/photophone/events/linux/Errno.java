package io.photophone.events.linux;

/// What the kernel's numbers of errors mean for a session, and what helps.
enum Errno {
  NOT_PERMITTED(
      1,
      "not permitted: more privilege is needed, or a seccomp profile (of a container) forbids the"
          + " call: run with CAP_PERFMON, or a profile that allows perf_event_open"),
  NO_SUCH_PROCESS(3, "the process or thread is gone"),
  TRY_AGAIN(11, "the limit of locked memory is reached: " + Text.MEMORY),
  NO_MEMORY(12, "no memory for the ring: take fewer pages"),
  NO_ACCESS(
      13,
      "access denied: sudo sysctl kernel.perf_event_paranoid=1 (-1 for the whole machine and"
          + " tracepoints), or give the JVM the capability: sudo setcap cap_perfmon=ep $(readlink"
          + " -f $(which java))"),
  BUSY(16, "another one uses the counter alone"),
  NO_DEVICE(19, "this machine can't count that"),
  INVALID(22, "the kernel doesn't take these settings; it may be too old for one of them"),
  TOO_MANY_FILES(24, "too many open files: ulimit -n 65536 before the start of java"),
  NO_ENTRY(2, "there is no such event here: no counter of the processor, or no such tracepoint"),
  NO_CALL(38, "the kernel has no perf_event_open, or a seccomp profile hides it"),
  NOT_SUPPORTED(95, "this machine can't count that"),
  OTHER(0, "unexpected");

  static final int EPERM = 1;
  static final int EACCES = 13;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int EADDRINUSE = 98;

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /// @param number as the kernel gave it
  static String describe(int number) {
    Errno found = OTHER;
    for (Errno each : values()) {
      if (each.number == number) {
        found = each;
      }
    }
    return "%s (errno %d)".formatted(found.text, number);
  }

  /// Of a refused mapping, whose "not permitted" means memory.
  static String describeMap(int number) {
    return number == NOT_PERMITTED.number
        ? "more locked memory than allowed (errno 1): " + Text.MEMORY
        : describe(number);
  }

  private static final class Text {
    static final String MEMORY =
        "take fewer pages, or sudo sysctl kernel.perf_event_mlock_kb=8192, or ulimit -l unlimited";
  }
}
