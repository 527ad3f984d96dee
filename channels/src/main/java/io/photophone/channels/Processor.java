package io.photophone.channels;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/// Tells on which processor the calling thread runs: by `sched_getcpu` of the C library, where
/// there is one and this module may call it.
final class Processor {
  /// What [#current] gives where nobody tells.
  static final int UNKNOWN = -1;

  private static final @Nullable MethodHandle GETCPU = getcpu();

  private Processor() {}

  /// The processor's number, from 0 on; may be another one when it is used.
  static int current() {
    if (GETCPU == null) {
      return UNKNOWN;
    }
    try {
      return (int) GETCPU.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /// Asks for native access first, since the virtual machine would write a warning otherwise.
  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle getcpu() {
    if (!Processor.class.getModule().isNativeAccessEnabled()) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("sched_getcpu")
        .map(symbol ->
            linker.downcallHandle(
                symbol, FunctionDescriptor.of(ValueLayout.JAVA_INT), Linker.Option.critical(false)))
        .orElse(null);
  }
}
