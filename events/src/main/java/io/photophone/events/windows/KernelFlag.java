package io.photophone.events.windows;

/// Groups of kernel events that a session may ask for; `EVENT_TRACE_FLAG_…` (evntrace.h).
public enum KernelFlag {
  PROCESS(0x1),
  THREAD(0x2),
  IMAGE_LOAD(0x4),
  CONTEXT_SWITCH(0x10),
  DISK_IO(0x100),
  PAGE_FAULT(0x1000),
  HARD_FAULT(0x2000),
  /// Threads that become ready to run.
  DISPATCHER(0x800);

  private final int bit;

  KernelFlag(int bit) {
    this.bit = bit;
  }

  int bit() {
    return bit;
  }
}
