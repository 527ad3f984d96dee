package io.photophone.channels.shared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// The process at the other end of a ring, at one moment.
///
/// @param pid 0 if there is none
/// @param start when it began, to tell it from a later process with the same pid; the epoch if it
///   didn't say
/// @param heartbeat when it last waited in the ring or called its `heartbeat`
/// @param state whether it lives
public record Peer(long pid, Instant start, Instant heartbeat, State state) {
  /// The start is derived from the time of boot, which clocks that are set move a little.
  private static final long START_TOLERANCE_MILLIS = 2_000;

  private static final long SILENCE_MILLIS = 10_000;

  /// Whether a process lives.
  public enum State {
    /// None has come yet, or the last one has left.
    ABSENT,
    /// Alive, though perhaps stopped: the heartbeat tells more.
    ALIVE,
    /// Dead without having left, or silent for 10 s without having told its start.
    GONE
  }

  static Peer of(RingMemory ring, int line) {
    long pid = ring.field(line + RingLayout.PID);
    long start = ring.field(line + RingLayout.START);
    long heartbeat = ring.field(line + RingLayout.HEARTBEAT);
    return new Peer(
        pid,
        Instant.ofEpochMilli(start),
        Instant.ofEpochMilli(heartbeat),
        judge(pid, start, heartbeat));
  }

  private static State judge(long pid, long start, long heartbeat) {
    if (pid == 0) {
      return State.ABSENT;
    }
    Optional<ProcessHandle> process = pid < 0 ? Optional.empty() : ProcessHandle.of(pid);
    if (process.isEmpty() || !process.get().isAlive() || isZombie(pid)) {
      return State.GONE;
    }
    long liveStart = startMillis(process.get());
    if (start == 0 || liveStart == 0) {
      return System.currentTimeMillis() - heartbeat > SILENCE_MILLIS ? State.GONE : State.ALIVE;
    }
    return Math.abs(liveStart - start) > START_TOLERANCE_MILLIS ? State.GONE : State.ALIVE;
  }

  /// When a process began, milliseconds since 1970, 0 if the platform doesn't tell.
  static long startMillis(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /// A process that is dead but not yet buried by its parent still counts as alive in the JDK.
  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      int state = stat.lastIndexOf(')') + 2;
      return state < stat.length() && (stat.charAt(state) == 'Z' || stat.charAt(state) == 'X');
    } catch (IOException e) {
      return false; // no /proc here, or the process has just gone: the next look tells
    }
  }
}
