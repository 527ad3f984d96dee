package io.photophone.channels.shared;

import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// The receiver of a one-to-one ring: it gets every message once and in order.
///
/// A message counts as received once its handler has returned or thrown. If the process dies
/// before, the receiver that takes over gets the message again, and after a [#drain] all of the
/// batch. Contract: C7.
public final class OneToOneReceiver extends SharedReceiver {
  private static final int NOTHING = -1;
  private static final int ENDED = -2;

  private final RingMemory ring;
  private final Role role;
  private final PeerWatch sender;

  /// Place and sequence of the next record.
  private final Place next;

  private long sequence;
  private long received;
  private boolean closed;

  OneToOneReceiver(RingMemory ring, Role role) {
    this.ring = ring;
    this.role = role;
    this.sender = new PeerWatch(ring, RingLayout.SENDER_LINE);
    this.next = new Place(ring, ring.position(RingLayout.OLDEST_POSITION));
    this.sequence = RingLayout.sequence(ring.word(next.offset()));
  }

  /// Becomes the receiver of a ring, at the first message that was not received.
  ///
  /// @throws SharedRingException if the file isn't a one-to-one ring or another receiver holds it
  public static OneToOneReceiver attach(Path file) {
    RingMemory ring = RingFile.map(file, SharedRing.Kind.ONE_TO_ONE, MapMode.READ_WRITE);
    Role role = Role.receiver(file, ring);
    try {
      return new OneToOneReceiver(ring, role);
    } catch (SharedRingException e) {
      role.release();
      throw e;
    }
  }

  @Override
  SharedReceived take(MessageHandler handler, int limit, int room) {
    if (closed) {
      return SharedReceived.Closed.INSTANCE;
    }
    int length = next();
    if (length >= 0) {
      return handle(length, handler, limit, room);
    }
    if (length == ENDED) {
      return SharedReceived.Closed.INSTANCE;
    }
    long gone = sender.gonePid();
    if (gone == 0) {
      return SharedReceived.Empty.INSTANCE;
    }
    length = next(); // the last that a dying sender did
    return length >= 0 ? handle(length, handler, limit, room) : new SharedReceived.PeerGone(gone);
  }

  private SharedReceived handle(int first, MessageHandler handler, int limit, int room) {
    checkRoom(first, room);
    int length = first;
    int handled = 0;
    try {
      while (length >= 0 && handled < limit) {
        long payload = next.offset() + RingLayout.PAYLOAD;
        next.moveBehind(RingLayout.recordBytes(length));
        sequence++;
        received++;
        handled++;
        handler.onMessage(ring.readOnlyBytes(), payload, length);
        length = handled < limit ? next() : NOTHING;
      }
    } finally {
      ring.setField(RingLayout.OLDEST_POSITION, next.position());
    }
    return SharedReceived.Message.INSTANCE;
  }

  /// The length of the next message, [#NOTHING] or [#ENDED].
  private int next() {
    while (true) {
      long word = ring.word(next.offset());
      if (RingLayout.sequence(word) != sequence) {
        throw ring.broken(
            next.offset(), "word is %#x, sequence allowed: %d".formatted(word, sequence));
      }
      switch (RingLayout.state(word)) {
        case RingLayout.OPEN -> {
          return NOTHING;
        }
        case RingLayout.END -> {
          return ENDED;
        }
        case RingLayout.PADDING -> next.moveBehind(next.beforeEnd());
        default -> {
          return ring.checkedLength(next.offset());
        }
      }
    }
  }

  @Override
  public long received() {
    return received;
  }

  @Override
  public long pending() {
    Place end = new Place(ring, ring.position(RingLayout.SENDER_POSITION));
    return RingLayout.sequence(ring.word(end.offset())) - sequence;
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

  @Override
  public void heartbeat() {
    role.beat();
  }

  /// Leaves the ring: another receiver goes on at the next message. Idempotent.
  @Override
  public void close() {
    closed = true;
    role.release();
  }
}
