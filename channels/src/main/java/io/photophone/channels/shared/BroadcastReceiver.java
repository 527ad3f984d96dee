package io.photophone.channels.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// A receiver of a broadcast ring: it gets what is sent, or is told exactly how many messages it
/// missed.
///
/// It only reads the file and leaves no trace in it: there may be any number, they need no right to
/// write, the sender can't be slowed or harmed by one, and after one that died there is nothing to
/// clean up. Each message is copied once, into this receiver's own memory, and handed on only if
/// nothing was written over it meanwhile. Contract: C7.
public final class BroadcastReceiver extends SharedReceiver {
  /*
   * Before the sender writes over a record it moves `oldest` behind it. So a receiver reads what it wants
   * and then looks at `oldest`: if its record is not behind, all that it read was untouched (the fences are
   * in RingMemory). Where it goes on after it was overtaken is a record again, whose word holds the
   * sequence; the difference to the one expected is what it missed.
   */
  private static final int NOTHING = -1;
  private static final int ENDED = -2;
  private static final int OVERTAKEN = -3;

  private final RingMemory ring;
  private final From from;
  private final PeerWatch sender;

  /// The message at hand.
  private final MemorySegment copy;

  private final MemorySegment readOnlyCopy;

  /// Place and sequence of the next record.
  private final Place next;

  private long sequence;
  private long received;
  private long missed;
  private boolean closed;

  BroadcastReceiver(RingMemory ring, From from) {
    this.ring = ring;
    this.from = from;
    this.sender = new PeerWatch(ring, RingLayout.SENDER_LINE);
    this.copy = Arena.ofAuto().allocate(Math.max(1, ring.maxMessage()), RingLayout.ALIGNMENT);
    this.readOnlyCopy = copy.asReadOnly();
    this.next = new Place(ring, 0);
    resume();
  }

  /// Joins a ring.
  ///
  /// @param from where it begins, and where it goes on whenever it was overtaken
  /// @throws SharedRingException if the file isn't a broadcast ring
  public static BroadcastReceiver join(Path file, From from) {
    RingMemory ring = RingFile.map(file, SharedRing.Kind.BROADCAST, MapMode.READ_ONLY);
    return new BroadcastReceiver(ring, from);
  }

  /// Moves to where this receiver begins or goes on.
  private void resume() {
    while (true) {
      // A sender that dies in the middle of a send has moved `oldest` only.
      next.moveTo(
          Math.max(
              ring.position(RingLayout.OLDEST_POSITION),
              switch (from) {
                case OLDEST -> 0;
                case NEWEST -> ring.position(RingLayout.NEWEST_POSITION);
                case NEXT -> ring.position(RingLayout.SENDER_POSITION);
              }));
      long word = ring.word(next.offset());
      if (ring.isRetained(next.position())) {
        sequence = RingLayout.sequence(word);
        return;
      }
    }
  }

  @Override
  SharedReceived take(MessageHandler handler, int limit, int room) {
    if (closed) {
      return SharedReceived.Closed.INSTANCE;
    }
    int length = next(room);
    if (length == NOTHING) {
      long gone = sender.gonePid();
      if (gone == 0) {
        return SharedReceived.Empty.INSTANCE;
      }
      length = next(room); // the last that a dying sender did
      if (length == NOTHING) {
        return new SharedReceived.PeerGone(gone);
      }
    }
    if (length == ENDED) {
      return SharedReceived.Closed.INSTANCE;
    }
    if (length == OVERTAKEN) {
      long expected = sequence;
      resume();
      return sequence == expected
          ? take(handler, limit, room) // only padding was written over
          : lagged(sequence - expected);
    }
    for (int handled = 1; length >= 0; handled++) {
      next.moveBehind(RingLayout.recordBytes(length));
      sequence++;
      received++;
      handler.onMessage(readOnlyCopy, 0, length);
      length = handled < limit ? next(room) : NOTHING;
    }
    return SharedReceived.Message.INSTANCE;
  }

  private SharedReceived lagged(long messages) {
    missed += messages;
    return new SharedReceived.Lagged(messages);
  }

  /// Copies the next message and tells its length, or why there is none.
  private int next(int room) {
    while (true) {
      long word = ring.word(next.offset());
      int state = RingLayout.state(word);
      int length = 0;
      if (state == RingLayout.MESSAGE) {
        length = ring.length(next.offset());
        if (ring.isAllowed(length) && length <= room) {
          copy(length);
        }
      }
      if (!ring.isRetained(next.position())) {
        return OVERTAKEN;
      }
      if (RingLayout.sequence(word) != sequence) {
        throw ring.broken(
            next.offset(), "word is %#x, sequence allowed: %d".formatted(word, sequence));
      }
      switch (state) {
        case RingLayout.OPEN -> {
          return NOTHING;
        }
        case RingLayout.END -> {
          return ENDED;
        }
        case RingLayout.PADDING -> next.moveBehind(next.beforeEnd());
        default -> {
          ring.checkFound(next.offset(), length);
          checkRoom(length, room);
          return length;
        }
      }
    }
  }

  private void copy(int length) {
    long payload = next.offset() + RingLayout.PAYLOAD;
    // What is read of a record that is being overwritten may end behind the ring.
    if (payload + length <= ring.bytes().byteSize()) {
      MemorySegment.copy(ring.bytes(), payload, copy, 0, length);
    }
  }

  @Override
  public long received() {
    return received;
  }

  /// Messages that this receiver was told it missed.
  public long missed() {
    return missed;
  }

  @Override
  public long pending() {
    while (true) {
      Place end =
          new Place(
              ring,
              Math.max(
                  ring.position(RingLayout.OLDEST_POSITION),
                  ring.position(RingLayout.SENDER_POSITION)));
      long word = ring.word(end.offset());
      if (ring.isRetained(end.position())) {
        return RingLayout.sequence(word) - sequence;
      }
    }
  }

  @Override
  public int capacity() {
    return ring.capacity();
  }

  @Override
  public int maxMessage() {
    return ring.maxMessage();
  }

  @Override
  public Peer sender() {
    return Peer.of(ring, RingLayout.SENDER_LINE);
  }

  /// Does nothing: nobody knows of this receiver.
  @Override
  public void heartbeat() {}

  @Override
  public void close() {
    closed = true;
  }
}
