package io.photophone.channels.shared;

/// Where the bytes of a ring file lie, version 1; `docs/formats/shared-ring.md` tells it to other
/// languages.
///
/// ```
///    0  magic "PPSHRING" | version i32 | kind i32 | capacity i64 | maximum message i32 | zeros
///  128  sender's position i64 | position of the newest message i64 | zeros
///  256  oldest position still in the ring i64 | zeros
///  384  sender:   pid i64 | start i64, ms | heartbeat i64, ms | zeros
///  512  receiver: pid i64 | start i64, ms | heartbeat i64, ms | zeros
///  640  zeros
///  768  records, `capacity` bytes
///
/// record, at a multiple of 8:
///    0  word i64: sequence << 2 | state
///    8  length i32 | zeros
///   16  payload, `length` bytes, up to the next multiple of 8
/// ```
///
/// All numbers are little-endian. A position counts the bytes of records since the ring was made
/// and never goes back; its offset is the remainder by the capacity. Each line of 128 bytes of the
/// header has one writer, so that no two processes write to the same cache line.
final class RingLayout {
  /*
   * The word is the whole state of a record, and one store changes it.
   *
   * OPEN      nothing here yet; the next message will be the one with this sequence
   * MESSAGE   a message
   * PADDING   nothing up to the end of the ring; the next record, of the same sequence, is at offset 0
   * END       nothing here ever; the ring is closed
   *
   * A sender writes, in this order: the word OPEN(s + 1) behind its record, length and payload, and last
   * MESSAGE(s) over the OPEN(s) that stood there. So the word at the end of what was committed is always
   * OPEN or END, what is left of an older lap is never taken for a record, and a sender that dies leaves
   * either a message or nothing. Position and sequence of the end follow from the records alone.
   */
  static final long MAGIC = 0x474E495248535050L; // "PPSHRING", first byte lowest
  static final int VERSION = 1;

  static final int HEADER_BYTES = 768;
  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = 8;
  static final int KIND_OFFSET = 12;
  static final int CAPACITY_OFFSET = 16;
  static final int MAX_MESSAGE_OFFSET = 24;
  static final int SENDER_POSITION = 128;
  static final int NEWEST_POSITION = 136;
  static final int OLDEST_POSITION = 256;
  static final int SENDER_LINE = 384;
  static final int RECEIVER_LINE = 512;

  /// Within the line of a sender or receiver.
  static final int PID = 0;

  static final int START = 8;
  static final int HEARTBEAT = 16;

  static final int ALIGNMENT = 8;
  static final int WORD_BYTES = 8;
  static final int LENGTH = 8;
  static final int PAYLOAD = 16;

  static final int OPEN = 0;
  static final int MESSAGE = 1;
  static final int PADDING = 2;
  static final int END = 3;

  private RingLayout() {}

  static long word(long sequence, int state) {
    return sequence << 2 | state;
  }

  static long sequence(long word) {
    return word >>> 2;
  }

  static int state(long word) {
    return (int) word & 3;
  }

  /// Bytes that a message takes in the ring.
  static int recordBytes(int length) {
    return (PAYLOAD + length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /// Bytes that must be free to send a message: padding if it does not fit before the end of the
  /// ring, the record, and the open word behind it.
  static int neededBytes(int length, int beforeEnd) {
    int record = recordBytes(length);
    return (record <= beforeEnd ? record : beforeEnd + record) + WORD_BYTES;
  }

  /// The longest message that an empty ring takes wherever its end lies: padding and record are at
  /// most twice the record.
  static int longestMessage(int capacity) {
    return capacity / 2 / ALIGNMENT * ALIGNMENT - PAYLOAD;
  }

  /// Where the record at a position begins in the file.
  static long recordOffset(long position, int capacity) {
    return HEADER_BYTES + position % capacity;
  }

  /// Where the record behind the one at an offset begins in the file.
  static long offsetBehind(long offset, int recordBytes, int capacity) {
    long behind = offset + recordBytes;
    return behind == fileBytes(capacity) ? HEADER_BYTES : behind;
  }

  /// Bytes from the record at an offset to the end of the ring, at least 8.
  static int beforeEnd(long offset, int capacity) {
    return (int) (fileBytes(capacity) - offset);
  }

  static long fileBytes(long capacity) {
    return HEADER_BYTES + capacity;
  }
}
