package io.photophone.channels.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// The end of a ring where messages are put: the one place that writes records. Used by one thread.
final class RingWriter {
  private final RingMemory ring;

  /// Behind the last record.
  private final Place end;

  private long sequence;

  /// Goes on where the last sender has committed its last record; what it began and did not commit
  /// is overwritten by the next message.
  ///
  /// @throws SharedRingException if the ring was closed
  RingWriter(RingMemory ring) {
    this.ring = ring;
    this.end = new Place(ring, ring.position(RingLayout.SENDER_POSITION));
    long word = ring.word(end.offset());
    while (RingLayout.state(word) == RingLayout.MESSAGE
        || RingLayout.state(word) == RingLayout.PADDING) {
      end.moveBehind(ring.recordBytes(end.offset(), word));
      word = ring.word(end.offset());
    }
    if (RingLayout.state(word) == RingLayout.END) {
      throw new SharedRingException(ring.name() + " is closed: nothing can be sent any more");
    }
    this.sequence = RingLayout.sequence(word);
    ring.setField(RingLayout.SENDER_POSITION, end.position());
  }

  long position() {
    return end.position();
  }

  /// Messages sent since the ring was made.
  long sent() {
    return sequence;
  }

  /// Bytes from the present position on that a message overwrites.
  int needed(int length) {
    return RingLayout.neededBytes(length, end.beforeEnd());
  }

  /// Begins a message; there is room for it. Nothing of it can be received before [#commit].
  ///
  /// @return where its payload goes
  long begin(int length) {
    int record = RingLayout.recordBytes(length);
    int beforeEnd = end.beforeEnd();
    if (record > beforeEnd) {
      ring.prepareWord(RingLayout.HEADER_BYTES, RingLayout.word(sequence, RingLayout.OPEN));
      ring.commitWord(end.offset(), RingLayout.word(sequence, RingLayout.PADDING));
      end.moveBehind(beforeEnd);
    }
    ring.prepareWord(
        RingLayout.offsetBehind(end.offset(), record, ring.capacity()),
        RingLayout.word(sequence + 1, RingLayout.OPEN));
    ring.setLength(end.offset(), length);
    return end.offset() + RingLayout.PAYLOAD;
  }

  void commit(int length) {
    ring.commitWord(end.offset(), RingLayout.word(sequence, RingLayout.MESSAGE));
    ring.setField(RingLayout.NEWEST_POSITION, end.position());
    end.moveBehind(RingLayout.recordBytes(length));
    sequence++;
    ring.setField(RingLayout.SENDER_POSITION, end.position());
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
    ring.commitWord(end.offset(), RingLayout.word(sequence, RingLayout.END));
  }
}
