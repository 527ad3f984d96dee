package io.photophone.channels.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The bytes of one ring, and how they are read and written: the only place that touches them by
/// number.
final class RingMemory {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

  private final String name;
  private final MemorySegment bytes;
  private final MemorySegment readOnlyBytes;
  private final int capacity;
  private final int maxMessage;

  /// @param name what messages call the ring
  /// @param bytes header and records, aligned to 8; they agree with the shape
  RingMemory(String name, MemorySegment bytes, SharedRing shape) {
    this.name = name;
    this.bytes = bytes;
    this.readOnlyBytes = bytes.asReadOnly();
    this.capacity = shape.capacity();
    this.maxMessage = shape.maxMessage();
  }

  static void writeIdentity(MemorySegment bytes, SharedRing shape) {
    bytes.set(LONG, RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
    bytes.set(INT, RingLayout.VERSION_OFFSET, RingLayout.VERSION);
    bytes.set(INT, RingLayout.KIND_OFFSET, shape.kind().code);
    bytes.set(LONG, RingLayout.CAPACITY_OFFSET, shape.capacity());
    bytes.set(INT, RingLayout.MAX_MESSAGE_OFFSET, shape.maxMessage());
  }

  static long readLong(MemorySegment bytes, long offset) {
    return bytes.get(LONG, offset);
  }

  static int readInt(MemorySegment bytes, long offset) {
    return bytes.get(INT, offset);
  }

  String name() {
    return name;
  }

  int capacity() {
    return capacity;
  }

  int maxMessage() {
    return maxMessage;
  }

  MemorySegment bytes() {
    return bytes;
  }

  MemorySegment readOnlyBytes() {
    return readOnlyBytes;
  }

  /// A field of the header, with everything that was written before it. Acquire; partner:
  /// [#setField].
  long field(long offset) {
    return (long) WORD.getAcquire(bytes, offset);
  }

  /// A position in the header, checked to be one.
  long position(int offset) {
    long position = field(offset);
    if (position < 0 || position % RingLayout.ALIGNMENT != 0) {
      throw new SharedRingException(
          "%s is broken: the position at offset %d is %d, allowed: multiples of %d from 0"
              .formatted(name, offset, position, RingLayout.ALIGNMENT));
    }
    return position;
  }

  /// Publishes a field of the header. Release; partner: [#field].
  void setField(long offset, long value) {
    WORD.setRelease(bytes, offset, value);
  }

  /// The word of the record at an offset, with everything written before it. Acquire; partner:
  /// [#commitWord].
  long word(long offset) {
    return (long) WORD.getAcquire(bytes, offset);
  }

  /// Publishes a record by its word. Release; partner: [#word].
  void commitWord(long offset, long word) {
    WORD.setRelease(bytes, offset, word);
  }

  /// Writes a word that a later [#commitWord] publishes. Opaque: whoever is overtaken may read it.
  void prepareWord(long offset, long word) {
    WORD.setOpaque(bytes, offset, word);
  }

  /// Announces that what lies before a position may be overwritten from now on: before any byte of
  /// it is. The fence pairs with the one in [#isRetained].
  void retire(long oldest) {
    WORD.setOpaque(bytes, (long) RingLayout.OLDEST_POSITION, oldest);
    VarHandle.storeStoreFence();
  }

  /// Whether nothing was written over the record at a position before everything that the caller
  /// has read of it. The fence pairs with the one in [#retire].
  boolean isRetained(long position) {
    VarHandle.loadLoadFence();
    return (long) WORD.getOpaque(bytes, (long) RingLayout.OLDEST_POSITION) <= position;
  }

  /// What stands where the length of a message would be; -1 where only padding has room.
  int length(long offset) {
    if (RingLayout.beforeEnd(offset, capacity) < RingLayout.PAYLOAD) {
      return -1;
    }
    return bytes.get(INT, offset + RingLayout.LENGTH);
  }

  /// The length of a message that is known not to be overwritten.
  int checkedLength(long offset) {
    int length = length(offset);
    checkFound(offset, length);
    return length;
  }

  /// Refuses a length that was found in a record which fits no message or no ring.
  void checkFound(long offset, int length) {
    int beforeEnd = RingLayout.beforeEnd(offset, capacity);
    if (!isAllowed(length) || RingLayout.recordBytes(length) > beforeEnd) {
      throw broken(
          offset,
          "length is %d, allowed: [0, %d]"
              .formatted(length, Math.min(maxMessage, beforeEnd - RingLayout.PAYLOAD)));
    }
  }

  /// The length, and zeros behind it.
  void setLength(long offset, int length) {
    bytes.set(LONG, offset + RingLayout.LENGTH, length);
  }

  boolean isAllowed(int length) {
    return length >= 0 && length <= maxMessage;
  }

  void checkLength(int length) {
    if (!isAllowed(length)) {
      throw new IllegalArgumentException(
          "message for %s is %d bytes, allowed: [0, %d]".formatted(name, length, maxMessage));
    }
  }

  /// Bytes of the record with a word.
  int recordBytes(long offset, long word) {
    return switch (RingLayout.state(word)) {
      case RingLayout.MESSAGE -> RingLayout.recordBytes(checkedLength(offset));
      case RingLayout.PADDING -> RingLayout.beforeEnd(offset, capacity);
      default -> throw broken(offset, "word is %#x where a record was".formatted(word));
    };
  }

  void beat(int line) {
    setField(line + RingLayout.HEARTBEAT, System.currentTimeMillis());
  }

  SharedRingException broken(long offset, String found) {
    return new SharedRingException("%s is broken at offset %d: %s".formatted(name, offset, found));
  }
}
