package io.photophone.events.linux;

import io.photophone.events.program.UserEventsDevice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The kernel's file of events of programs, `user_events_data` in tracefs: what is written there is
/// traced by `perf record -e user_events:NAME` and its like. The kernel says by a word of memory
/// whether somebody traces an event.
///
/// Layouts and messages are tested; no kernel that has user_events has run it yet. Any thread
/// writes, without allocation; one registers. It is closed when nobody writes any more.
public final class UserEventsFile implements UserEventsDevice, AutoCloseable {
  private static final String NAME = "user_events_data";
  private static final List<Path> USUAL =
      List.of(Path.of("/sys/kernel/tracing"), Path.of("/sys/kernel/debug/tracing"));

  private final NativeCalls calls;
  private final int descriptor;

  /// Of the words that the kernel writes: they must stay until it has been told to let go of them.
  private final Arena arena = Arena.ofShared();

  private final List<MemorySegment> words = new ArrayList<>();
  private boolean isClosed;

  private UserEventsFile(NativeCalls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /// Opens the kernel's.
  ///
  /// @throws PerfException if there is none, or it may not be written; the message says what helps
  public static UserEventsFile open() throws PerfException {
    NativeCalls calls = NativeCalls.open();
    Path file = find(USUAL, System.getProperty("os.version"));
    int descriptor = calls.openForWriting(file);
    if (descriptor < 0) {
      throw refused(file, -descriptor);
    }
    return new UserEventsFile(calls, descriptor);
  }

  /// @param tracing where tracefs may be mounted
  /// @param release of the kernel, for the message
  static Path find(List<Path> tracing, String release) throws PerfException {
    for (Path each : tracing) {
      Path file = each.resolve(NAME);
      if (Files.exists(file)) {
        return file;
      }
    }
    for (Path each : tracing) {
      if (Files.isDirectory(each.resolve("events"))) {
        throw new PerfException(
            "%s has no %s: the kernel (%s) is without user_events, which need Linux 6.4 and CONFIG_USER_EVENTS=y"
                .formatted(each, NAME, release));
      }
    }
    throw new PerfException(
        "there is no %s in %s: %s; to allow it: %s"
            .formatted(NAME, tracing, Tracefs.WHY_MISSING, Tracefs.command()));
  }

  static PerfException refused(Path file, int errno) {
    String help =
        errno == Errno.EACCES || errno == Errno.EPERM
            ? "access denied: sudo chmod a+x %s && sudo chmod a+rw %s"
                .formatted(file.getParent(), file)
            : "unexpected";
    return new PerfException("%s can't be opened: %s (errno %d)".formatted(file, help, errno));
  }

  @Override
  public Registered register(String description) throws IOException {
    MemorySegment enabled = arena.allocate(UserEventsLayout.ENABLED_SIZE, Integer.BYTES);
    try (Arena call = Arena.ofConfined()) {
      MemorySegment asked = call.allocate(UserEventsLayout.REGISTER_SIZE, Long.BYTES);
      UserEventsLayout.register(asked, enabled, call.allocateFrom(description));
      int result = calls.ioctl(descriptor, UserEventsLayout.REGISTER, asked.address());
      if (result < 0) {
        throw new PerfException(whyNotRegistered(description, -result));
      }
      words.add(enabled);
      return new Registered(UserEventsLayout.writeIndex(asked), enabled);
    }
  }

  static String whyNotRegistered(String description, int errno) {
    String why =
        switch (errno) {
          case Errno.EADDRINUSE -> "another event of that name has other fields";
          case Errno.EINVAL -> "the kernel can't read the description";
          case Errno.EACCES, Errno.EPERM -> "access denied";
          case Errno.EMFILE -> "the limit of events is reached";
          default -> "unexpected";
        };
    return "user event not registered: %s (errno %d): %s".formatted(why, errno, description);
  }

  @Override
  public boolean write(MemorySegment record) {
    return calls.write(descriptor, record) == record.byteSize();
  }

  /// Lets the kernel forget the words, then closes the file. Twice does nothing more.
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    boolean letGo = true;
    try (Arena call = Arena.ofConfined()) {
      MemorySegment asked = call.allocate(UserEventsLayout.UNREGISTER_SIZE, Long.BYTES);
      for (MemorySegment each : words) {
        UserEventsLayout.unregister(asked, each);
        letGo &= calls.ioctl(descriptor, UserEventsLayout.UNREGISTER, asked.address()) >= 0;
      }
    }
    calls.close(descriptor);
    // The kernel may still write to a word that it didn't let go of: then the memory stays.
    if (letGo) {
      arena.close();
    }
  }
}
