package io.photophone.channels.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// The end of a ring where messages are put: the one place that writes records. Used by one thread.
final class RingWriter {
  private final RingMemory ring;
  private long position;
  private long sequence;

  /// Goes on where the last sender has committed its last record; what it began and did not commit
  /// is overwritten by the next message.
  ///
  /// @throws SharedRingException if the ring was closed
  RingWriter(RingMemory ring) {
    this.ring = ring;
    this.position = ring.position(RingLayout.SENDER_POSITION);
    long word = ring.word(position);
    while (RingLayout.state(word) == RingLayout.MESSAGE
        || RingLayout.state(word) == RingLayout.PADDING) {
      position = ring.next(position, word);
      word = ring.word(position);
    }
    if (RingLayout.state(word) == RingLayout.END) {
      throw new SharedRingException(ring.name() + " is closed: nothing can be sent any more");
    }
    this.sequence = RingLayout.sequence(word);
    ring.setField(RingLayout.SENDER_POSITION, position);
  }

  long position() {
    return position;
  }

  /// Messages sent since the ring was made.
  long sent() {
    return sequence;
  }

  /// Bytes from the present position on that a message overwrites.
  int needed(int length) {
    return RingLayout.neededBytes(length, ring.beforeEnd(position));
  }

  /// Begins a message; there is room for it. Nothing of it can be received before [#commit].
  ///
  /// @return where its payload goes
  long begin(int length) {
    int record = RingLayout.recordBytes(length);
    int beforeEnd = ring.beforeEnd(position);
    if (record > beforeEnd) {
      ring.prepareWord(position + beforeEnd, RingLayout.word(sequence, RingLayout.OPEN));
      ring.commitWord(position, RingLayout.word(sequence, RingLayout.PADDING));
      position += beforeEnd;
    }
    ring.prepareWord(position + record, RingLayout.word(sequence + 1, RingLayout.OPEN));
    ring.setLength(position, length);
    return ring.recordOffset(position) + RingLayout.PAYLOAD;
  }

  void commit(int length) {
    ring.commitWord(position, RingLayout.word(sequence, RingLayout.MESSAGE));
    ring.setField(RingLayout.NEWEST_POSITION, position);
    position += RingLayout.recordBytes(length);
    sequence++;
    ring.setField(RingLayout.SENDER_POSITION, position);
  }

  void write(byte[] message) {
    long payload = begin(message.length);
    MemorySegment.copy(message, 0, ring.bytes(), ValueLayout.JAVA_BYTE, payload, message.length);
    commit(message.length);
  }

  /// Writes what remains of the buffer, and moves its position to its limit.
  void write(ByteBuffer message) {
    int length = message.remaining();
    long payload = begin(length);
    if (message.hasArray()) {
      MemorySegment.copy(
          message.array(),
          message.arrayOffset() + message.position(),
          ring.bytes(),
          ValueLayout.JAVA_BYTE,
          payload,
          length);
    } else {
      MemorySegment.copy(MemorySegment.ofBuffer(message), 0, ring.bytes(), payload, length);
    }
    message.position(message.limit());
    commit(length);
  }

  void write(int length, MessageWriter writer) {
    long payload = begin(length);
    writer.write(ring.bytes().asSlice(payload, length));
    commit(length);
  }

  /// Closes the ring for good.
  void end() {
    ring.commitWord(position, RingLayout.word(sequence, RingLayout.END));
  }
}
