package io.photophone.channels.shared;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The sender of a one-to-one ring: nothing is lost, a full ring makes it wait.
///
/// Each send has a form that never waits, one that waits as long as it takes and one with a
/// timeout. Sending from an array or a buffer on the heap allocates nothing. Messages that were
/// sent stay in the file, so they can be received by a receiver that comes later, or takes over
/// from one that died.
///
/// Used by one thread at a time, [#close] included; an interrupt ends a wait. Contract: C7.
public final class OneToOneSender implements AutoCloseable {
  private final RingMemory ring;
  private final Role role;
  private final RingWriter writer;
  private final PeerWatch receiver;
  private final Pause pause = new Pause();

  /// The receiver's position, as last seen: it may have moved on.
  private long received;

  private boolean closed;

  OneToOneSender(RingMemory ring, Role role) {
    this.ring = ring;
    this.role = role;
    this.writer = new RingWriter(ring);
    this.receiver = new PeerWatch(ring, RingLayout.RECEIVER_LINE);
    this.received = ring.position(RingLayout.OLDEST_POSITION);
  }

  /// Becomes the sender of a ring, behind the last message that was sent.
  ///
  /// @throws SharedRingException if the file isn't a one-to-one ring, another sender holds it, or
  ///   it was closed
  public static OneToOneSender attach(Path file) {
    RingMemory ring = RingFile.map(file, SharedRing.Kind.ONE_TO_ONE, MapMode.READ_WRITE);
    Role role = Role.sender(file, ring);
    try {
      return new OneToOneSender(ring, role);
    } catch (SharedRingException e) {
      role.release();
      throw e;
    }
  }

  /// Sends without waiting.
  ///
  /// @throws IllegalArgumentException if the message is longer than [#maxMessage]
  public SharedSent trySend(byte[] message) {
    SharedSent outcome = tryRoom(message.length);
    if (outcome == SharedSent.SENT) {
      writer.write(message);
    }
    return outcome;
  }

  /// Sends what remains of the buffer without waiting. The buffer is empty afterwards if it was
  /// sent.
  public SharedSent trySend(ByteBuffer message) {
    SharedSent outcome = tryRoom(message.remaining());
    if (outcome == SharedSent.SENT) {
      writer.write(message);
    }
    return outcome;
  }

  /// Sends a message that is written in place, without waiting. The slice that the writer gets is
  /// an object for each message, unless the compiler does away with it.
  public SharedSent trySend(int length, MessageWriter message) {
    SharedSent outcome = tryRoom(length);
    if (outcome == SharedSent.SENT) {
      writer.write(length, message);
    }
    return outcome;
  }

  /// Sends, waiting for room as long as it takes. Never [SharedSent#FULL].
  public SharedSent send(byte[] message) throws InterruptedException {
    return send(message, Long.MAX_VALUE);
  }

  /// Sends, waiting for room at most for the time given.
  public SharedSent send(byte[] message, Duration timeout) throws InterruptedException {
    return send(message, TimeUnit.NANOSECONDS.convert(timeout));
  }

  private SharedSent send(byte[] message, long nanos) throws InterruptedException {
    SharedSent outcome = awaitRoom(message.length, nanos);
    if (outcome == SharedSent.SENT) {
      writer.write(message);
    }
    return outcome;
  }

  /// Sends what remains of the buffer, waiting for room as long as it takes. Never
  /// [SharedSent#FULL].
  public SharedSent send(ByteBuffer message) throws InterruptedException {
    return send(message, Long.MAX_VALUE);
  }

  /// Sends what remains of the buffer, waiting for room at most for the time given.
  public SharedSent send(ByteBuffer message, Duration timeout) throws InterruptedException {
    return send(message, TimeUnit.NANOSECONDS.convert(timeout));
  }

  private SharedSent send(ByteBuffer message, long nanos) throws InterruptedException {
    SharedSent outcome = awaitRoom(message.remaining(), nanos);
    if (outcome == SharedSent.SENT) {
      writer.write(message);
    }
    return outcome;
  }

  private SharedSent awaitRoom(int length, long nanos) throws InterruptedException {
    SharedSent outcome = tryRoom(length);
    if (outcome != SharedSent.FULL) {
      return outcome;
    }
    long begin = System.nanoTime();
    pause.begin();
    while (true) {
      long left = nanos - (System.nanoTime() - begin);
      if (left <= 0) {
        return SharedSent.FULL;
      }
      if (pause.await(left)) {
        role.beat();
      }
      outcome = tryRoom(length);
      if (outcome != SharedSent.FULL) {
        return outcome;
      }
    }
  }

  /// [SharedSent#SENT] if there is room for a message.
  private SharedSent tryRoom(int length) {
    ring.checkLength(length);
    if (closed) {
      return SharedSent.CLOSED;
    }
    if (hasRoom(length)) {
      return SharedSent.SENT;
    }
    boolean gone = receiver.gonePid() != 0;
    if (hasRoomNow(length)) {
      return SharedSent.SENT; // the last that a dying receiver did
    }
    return gone ? SharedSent.PEER_GONE : SharedSent.FULL;
  }

  private boolean hasRoom(int length) {
    return writer.position() + writer.needed(length) - received <= ring.capacity()
        || hasRoomNow(length);
  }

  private boolean hasRoomNow(int length) {
    long position = ring.position(RingLayout.OLDEST_POSITION);
    if (position < received || position > writer.position()) {
      throw ring.broken(
          RingLayout.OLDEST_POSITION,
          "the receiver's position is %d, allowed: [%d, %d]"
              .formatted(position, received, writer.position()));
    }
    received = position;
    return writer.position() + writer.needed(length) - received <= ring.capacity();
  }

  /// Messages sent since the ring was made, by this sender and those before.
  public long sent() {
    return writer.sent();
  }

  public int capacity() {
    return ring.capacity();
  }

  /// The longest message, bytes.
  public int maxMessage() {
    return ring.maxMessage();
  }

  /// The receiver's process.
  public Peer receiver() {
    return Peer.of(ring, RingLayout.RECEIVER_LINE);
  }

  /// Tells the other end that this one is alive. Waiting does it too; a sender that has nothing to
  /// send for long may call it now and then.
  public void heartbeat() {
    role.beat();
  }

  /// Gives up sending and leaves the ring open: another sender goes on. Idempotent.
  public void leave() {
    closed = true;
    role.release();
  }

  /// Ends the ring for good: what was sent can still be received, then the receiver sees the end.
  /// Idempotent, and nothing after [#leave].
  @Override
  public void close() {
    if (!closed) {
      writer.end();
      leave();
    }
  }
}
