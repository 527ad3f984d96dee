package io.photophone.events.timeline;

/// Why a thread left its processor.
public enum SwitchState {
  /// It could have gone on and was made to leave in the kernel (`R+`).
  PREEMPTED(0),
  /// It could have gone on (`R`): it gave way, or had to on its way out of the kernel.
  YIELDED(1),
  /// It waits and a signal may wake it (`S`).
  SLEEPING(2),
  /// It waits and no signal wakes it, mostly for a disk (`D`).
  DISK(3),
  /// It waits, for what isn't known: the source doesn't tell `S` from `D`.
  BLOCKED(4),
  /// A signal stopped its process (`T`).
  STOPPED(5),
  /// A debugger stopped it (`t`).
  TRACED(6),
  /// It ended (`X`, `Z`).
  DEAD(7);

  private static final long SLEEPING_BIT = 0x01;
  private static final long DISK_BIT = 0x02;
  private static final long STOPPED_BIT = 0x04;
  private static final long TRACED_BIT = 0x08;
  private static final long DEAD_BITS = 0x30;

  /// Every state that Linux reports; the mark of preemption lies above, at a place that depends on
  /// the kernel's version (`TASK_REPORT_MAX`).
  private static final long REPORTED = 0xFF;

  private static final SwitchState[] VALUES = values();

  private final int code;

  SwitchState(int code) {
    this.code = code;
  }

  /// By which records know it: its place in the order.
  int code() {
    return code;
  }

  /// The state in the field `prev_state` of Linux's `sched:sched_switch`.
  public static SwitchState ofLinux(long prevState) {
    if ((prevState & REPORTED) == 0) {
      return prevState == 0 ? YIELDED : PREEMPTED;
    }
    if ((prevState & DISK_BIT) != 0) {
      return DISK;
    }
    if ((prevState & SLEEPING_BIT) != 0) {
      return SLEEPING;
    }
    if ((prevState & STOPPED_BIT) != 0) {
      return STOPPED;
    }
    if ((prevState & TRACED_BIT) != 0) {
      return TRACED;
    }
    // What is left are parked and idle threads of the kernel.
    return (prevState & DEAD_BITS) != 0 ? DEAD : SLEEPING;
  }

  static SwitchState ofCode(int code) {
    return VALUES[code];
  }
}
