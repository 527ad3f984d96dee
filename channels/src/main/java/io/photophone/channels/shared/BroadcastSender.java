package io.photophone.channels.shared;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/// The sender of a broadcast ring: it never waits and does not know its receivers.
///
/// A message takes the place of the oldest ones in the ring. Sending from an array or a buffer on
/// the heap allocates nothing, and costs the same whatever the number of receivers. Used by one
/// thread at a time, [#close] included. Contract: C7.
public final class BroadcastSender implements AutoCloseable {
  private final RingMemory ring;
  private final Role role;
  private final RingWriter writer;

  /// The oldest message in the ring.
  private final Place oldest;

  private boolean closed;

  BroadcastSender(RingMemory ring, Role role) {
    this.ring = ring;
    this.role = role;
    this.writer = new RingWriter(ring);
    this.oldest = new Place(ring, ring.position(RingLayout.OLDEST_POSITION));
  }

  /// Becomes the sender of a ring, behind the last message that was sent.
  ///
  /// @throws SharedRingException if the file isn't a broadcast ring, another sender holds it, or it
  ///   was closed
  public static BroadcastSender attach(Path file) {
    RingMemory ring = RingFile.map(file, SharedRing.Kind.BROADCAST, MapMode.READ_WRITE);
    Role role = Role.sender(file, ring);
    try {
      return new BroadcastSender(ring, role);
    } catch (SharedRingException e) {
      role.release();
      throw e;
    }
  }

  /// Sends a message: [SharedSent#SENT] or [SharedSent#CLOSED].
  ///
  /// @throws IllegalArgumentException if the message is longer than [#maxMessage]
  public SharedSent send(byte[] message) {
    ring.checkLength(message.length);
    if (closed) {
      return SharedSent.CLOSED;
    }
    makeRoom(message.length);
    writer.write(message);
    return SharedSent.SENT;
  }

  /// Sends what remains of the buffer, which is empty afterwards.
  public SharedSent send(ByteBuffer message) {
    ring.checkLength(message.remaining());
    if (closed) {
      return SharedSent.CLOSED;
    }
    makeRoom(message.remaining());
    writer.write(message);
    return SharedSent.SENT;
  }

  /// Sends a message that is written in place. The slice that the writer gets is an object for each
  /// message, unless the compiler does away with it.
  public SharedSent send(int length, MessageWriter message) {
    ring.checkLength(length);
    if (closed) {
      return SharedSent.CLOSED;
    }
    makeRoom(length);
    writer.write(length, message);
    return SharedSent.SENT;
  }

  private void makeRoom(int length) {
    long first = writer.position() + writer.needed(length) - ring.capacity();
    if (oldest.position() >= first) {
      return;
    }
    while (oldest.position() < first) {
      oldest.moveBehind(ring.recordBytes(oldest.offset(), ring.word(oldest.offset())));
    }
    ring.retire(oldest.position());
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

  /// Tells the receivers that this end is alive; a sender that has nothing to send for long may
  /// call it now and then.
  public void heartbeat() {
    role.beat();
  }

  /// Gives up sending and leaves the ring open: another sender goes on. Idempotent.
  public void leave() {
    closed = true;
    role.release();
  }

  /// Ends the ring for good: what is in it can still be received, then every receiver sees the end.
  /// Idempotent, and nothing after [#leave].
  @Override
  public void close() {
    if (!closed) {
      writer.end();
      leave();
    }
  }
}
