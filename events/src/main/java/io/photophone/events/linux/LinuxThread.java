package io.photophone.events.linux;

import io.photophone.events.EventData;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.IntSupplier;

/// The number that Linux has for the calling thread; for a virtual thread, that of the thread which
/// carries it at the moment.
public final class LinuxThread {
  private LinuxThread() {}

  /// What tells the calling thread's number, for any thread; [EventData#UNKNOWN] where this isn't
  /// Linux. A call takes as long as a system call.
  @SuppressWarnings("restricted")
  public static IntSupplier currentId() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return () -> EventData.UNKNOWN;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("gettid")
        .<IntSupplier>map(address -> {
          MethodHandle call =
              linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT));
          return () -> number(call);
        })
        .orElse(() -> EventData.UNKNOWN);
  }

  private static int number(MethodHandle call) {
    try {
      return (int) call.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError("gettid fails never", e);
    }
  }
}
