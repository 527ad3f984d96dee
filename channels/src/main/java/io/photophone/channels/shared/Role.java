package io.photophone.channels.shared;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The right to be the sender or the receiver of a ring, held by one process at a time.
///
/// The right is a lock on a file beside the ring, which the kernel releases when the process dies;
/// the pid in the header is for people and for the other end.
final class Role {
  /*
   * The lock is not on the ring file itself, since POSIX releases all locks of a process on a file as soon
   * as the process closes any descriptor of that file: a receiver that comes and goes in the sender's
   * process would free the sender's lock. For the same reason a second claim in one process must not even
   * open the lock file; the pid in the header tells, and the monitor makes look and claim one step.
   */
  private final RingMemory ring;
  private final int line;
  private final @Nullable FileChannel lockFile;

  private Role(RingMemory ring, int line, @Nullable FileChannel lockFile) {
    this.ring = ring;
    this.line = line;
    this.lockFile = lockFile;
  }

  static Role sender(Path file, RingMemory ring) {
    return claim(file, ring, RingLayout.SENDER_LINE, "sender");
  }

  static Role receiver(Path file, RingMemory ring) {
    return claim(file, ring, RingLayout.RECEIVER_LINE, "receiver");
  }

  /// The role in a ring that only this process knows: nobody to keep out.
  static Role unshared(RingMemory ring, int line) {
    return new Role(ring, line, null);
  }

  private static Role claim(Path file, RingMemory ring, int line, String name) {
    ProcessHandle self = ProcessHandle.current();
    long start = Peer.startMillis(self);
    synchronized (Role.class) {
      if (ring.field(line + RingLayout.PID) == self.pid()
          && ring.field(line + RingLayout.START) == start) {
        throw refused(ring, line, name);
      }
      FileChannel lockFile = lock(file, ring, line, name);
      ring.setField(line + RingLayout.START, start);
      ring.beat(line);
      ring.setField(line + RingLayout.PID, self.pid());
      return new Role(ring, line, lockFile);
    }
  }

  private static FileChannel lock(Path file, RingMemory ring, int line, String name) {
    Path path = file.resolveSibling(file.getFileName() + "." + name);
    try {
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              RingFile.ownerOnly(path));
      @Nullable FileLock lock = null;
      try {
        lock = channel.tryLock();
      } finally {
        if (lock == null) {
          channel.close();
        }
      }
      if (lock == null) {
        throw refused(ring, line, name);
      }
      return channel;
    } catch (IOException | OverlappingFileLockException e) {
      throw new SharedRingException("lock file %s can't be locked: %s".formatted(path, e), e);
    }
  }

  private static SharedRingException refused(RingMemory ring, int line, String name) {
    return new SharedRingException(
        "%s has a %s already, process %d, started %s"
            .formatted(
                ring.name(),
                name,
                ring.field(line + RingLayout.PID),
                Instant.ofEpochMilli(ring.field(line + RingLayout.START))));
  }

  void beat() {
    ring.beat(line);
  }

  /// Gives up the role; another process may claim it from now on. Idempotent.
  void release() {
    FileChannel held = lockFile;
    if (held == null || !held.isOpen()) {
      return;
    }
    synchronized (Role.class) {
      ring.setField(line + RingLayout.PID, 0);
      try {
        held.close();
      } catch (IOException e) {
        throw new SharedRingException(
            "lock of %s can't be released: %s".formatted(ring.name(), e), e);
      }
    }
  }
}
