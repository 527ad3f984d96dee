package io.photophone.events.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/// The functions of the C library that a session needs. Each gives what the function gave, or the
/// number of the error, negated. Any thread.
record NativeCalls(
    MethodHandle syscall,
    MethodHandle ioctl,
    MethodHandle mmap,
    MethodHandle munmap,
    MethodHandle poll,
    MethodHandle close,
    MethodHandle read,
    MethodHandle openFile,
    MethodHandle writeFile) {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final long CLOSE_ON_EXEC = 8;
  private static final int OPEN_READ_WRITE = 2;
  private static final int OPEN_CLOSE_ON_EXEC = 0x80000;

  /// Bytes of a `struct pollfd`: descriptor, asked, told.
  static final int POLL_SIZE = 8;

  static final short POLL_IN = 1;

  /// Of errors, hang-ups and descriptors that are none.
  static final short POLL_GONE = 0x38;

  /// @throws PerfException if this isn't Linux, or native access isn't allowed
  @SuppressWarnings("restricted")
  static NativeCalls open() throws PerfException {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux")) {
      throw new PerfException(
          "the kernel's events are recorded on Linux alone, this is %s".formatted(system));
    }
    if (!NativeCalls.class.getModule().isNativeAccessEnabled()) {
      throw new PerfException(
          "recording the kernel's events calls native code: start java with"
              + " --enable-native-access=io.photophone.events (ALL-UNNAMED on the class path)");
    }
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfInt i = ValueLayout.JAVA_INT;
    ValueLayout.OfLong l = ValueLayout.JAVA_LONG;
    ValueLayout a = ValueLayout.ADDRESS;
    return new NativeCalls(
        handle(linker, "syscall", FunctionDescriptor.of(l, l, a, i, i, i, l), 1),
        handle(linker, "ioctl", FunctionDescriptor.of(i, i, l, l), 2),
        handle(linker, "mmap", FunctionDescriptor.of(a, a, l, i, i, i, l), -1),
        handle(linker, "munmap", FunctionDescriptor.of(i, a, l), -1),
        handle(linker, "poll", FunctionDescriptor.of(i, a, l, i), -1),
        handle(linker, "close", FunctionDescriptor.of(i, i), -1),
        handle(linker, "read", FunctionDescriptor.of(l, i, a, l), -1),
        handle(linker, "open", FunctionDescriptor.of(i, a, i), 2),
        linker.downcallHandle(symbol(linker, "write"), FunctionDescriptor.of(l, i, a, l)));
  }

  private static MemorySegment symbol(Linker linker, String name) throws PerfException {
    return linker
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new PerfException("the C library has no " + name));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      Linker linker, String name, FunctionDescriptor descriptor, int firstVariadic)
      throws PerfException {
    MemorySegment symbol = symbol(linker, name);
    Linker.Option errno = Linker.Option.captureCallState("errno");
    return firstVariadic < 0
        ? linker.downcallHandle(symbol, descriptor, errno)
        : linker.downcallHandle(
            symbol, descriptor, errno, Linker.Option.firstVariadicArg(firstVariadic));
  }

  private static long openNumber() throws PerfException {
    String machine = System.getProperty("os.arch");
    return switch (machine) {
      case "amd64", "x86_64" -> 298;
      case "aarch64" -> 241;
      default ->
          throw new PerfException(
              "the number of perf_event_open isn't known for %s, but for: amd64, aarch64"
                  .formatted(machine));
    };
  }

  /// Opens an event.
  ///
  /// @return a descriptor
  int perfEventOpen(MemorySegment attr, int pid, int cpu) throws PerfException {
    long number = openNumber();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return (int)
          orError(
              (long) syscall.invokeExact(state, number, attr, pid, cpu, -1, CLOSE_ON_EXEC), state);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  int ioctl(int descriptor, long request, long argument) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return (int) orError((int) ioctl.invokeExact(state, descriptor, request, argument), state);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// The memory of a ring, unmapped when the arena is closed.
  ///
  /// @throws MapRefused with the number of the error
  @SuppressWarnings("restricted")
  MemorySegment map(int descriptor, long size, Arena owner) throws MapRefused {
    MemorySegment mapped;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      mapped =
          (MemorySegment)
              mmap.invokeExact(
                  state, MemorySegment.NULL, size, PROT_READ_WRITE, MAP_SHARED, descriptor, 0L);
      if (mapped.address() == -1) {
        throw new MapRefused((int) ERRNO.get(state, 0L));
      }
    } catch (MapRefused e) {
      throw e;
    } catch (Throwable e) {
      throw failed(e);
    }
    return mapped.reinterpret(size, owner, this::unmap);
  }

  private void unmap(MemorySegment mapped) {
    try (Arena arena = Arena.ofConfined()) {
      int result = (int) munmap.invokeExact(arena.allocate(STATE), mapped, mapped.byteSize());
      assert result == 0;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// @param descriptors of [#POLL_SIZE] bytes each
  int poll(MemorySegment descriptors, int count, int timeoutMillis) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return (int)
          orError((int) poll.invokeExact(state, descriptors, (long) count, timeoutMillis), state);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  int close(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return (int) orError((int) close.invokeExact(state, descriptor), state);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  long read(int descriptor, MemorySegment into) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      return orError((long) read.invokeExact(state, descriptor, into, into.byteSize()), state);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// Opens a file for reading and writing.
  ///
  /// @return a descriptor
  int openForWriting(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment name = arena.allocateFrom(file.toString());
      return (int)
          orError(
              (int) openFile.invokeExact(state, name, OPEN_READ_WRITE | OPEN_CLOSE_ON_EXEC), state);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /// Writes native memory. Allocates nothing, and so gives no number of an error.
  ///
  /// @return bytes written; -1 if the kernel refused
  long write(int descriptor, MemorySegment from) {
    try {
      return (long) writeFile.invokeExact(descriptor, from, from.byteSize());
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static long orError(long result, MemorySegment state) {
    return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
  }

  private static AssertionError failed(Throwable e) {
    return new AssertionError("a call of the C library failed in Java", e);
  }

  /// The kernel doesn't map a ring.
  static final class MapRefused extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    MapRefused(int errno) {
      super("errno " + errno);
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }
}
