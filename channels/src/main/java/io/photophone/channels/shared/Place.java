package io.photophone.channels.shared;

/// A position in a ring with its offset in the file, moved together so that no message costs a
/// division. Used by one thread.
final class Place {
  private final int capacity;
  private long position;
  private long offset;

  Place(RingMemory ring, long position) {
    this.capacity = ring.capacity();
    moveTo(position);
  }

  void moveTo(long newPosition) {
    position = newPosition;
    offset = RingLayout.recordOffset(newPosition, capacity);
  }

  /// Moves behind a record, which does not go over the end of the ring.
  void moveBehind(int recordBytes) {
    position += recordBytes;
    offset = RingLayout.offsetBehind(offset, recordBytes, capacity);
  }

  /// Bytes from the beginning of the ring, over all laps.
  long position() {
    return position;
  }

  /// Where in the file the record at this place begins.
  long offset() {
    return offset;
  }

  /// Bytes from here to the end of the ring, at least 8.
  int beforeEnd() {
    return RingLayout.beforeEnd(offset, capacity);
  }
}
