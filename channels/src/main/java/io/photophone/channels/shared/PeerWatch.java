package io.photophone.channels.shared;

/// Looks now and then whether the process at the other end is dead. Used by one thread.
///
/// A look costs tens of microseconds and allocates, so there are at most 50 in a second.
final class PeerWatch {
  private static final long PAUSE_NANOS = 20_000_000;

  private final RingMemory ring;
  private final int line;
  private long lookedAt = System.nanoTime() - PAUSE_NANOS;
  private long gonePid;
  private long goneStart;

  /// @param line of the process that is watched
  PeerWatch(RingMemory ring, int line) {
    this.ring = ring;
    this.line = line;
  }

  /// The pid of the dead process, 0 if it is alive, has left or never came.
  long gonePid() {
    long now = System.nanoTime();
    if (now - lookedAt >= PAUSE_NANOS) {
      lookedAt = now;
      Peer peer = Peer.of(ring, line);
      gonePid = peer.state() == Peer.State.GONE ? peer.pid() : 0;
      goneStart = peer.start().toEpochMilli();
    }
    if (gonePid != 0
        && (ring.field(line + RingLayout.PID) != gonePid
            || ring.field(line + RingLayout.START) != goneStart)) {
      gonePid = 0; // another has taken over
    }
    return gonePid;
  }
}
