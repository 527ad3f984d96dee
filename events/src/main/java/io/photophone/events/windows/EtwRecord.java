package io.photophone.events.windows;

import io.photophone.events.windows.EventRecordLayout.ExtendedItem;
import java.lang.foreign.MemorySegment;

/// One event in a row of bytes: what an `EVENT_RECORD` says, with what it only points at.
///
/// ```
///  0 as EVENT_RECORD, with its counts of extended items and of bytes of user data
/// 88 user data
///    for each extended item: type 16 | size 16 | content
/// ```
///
/// The length of the record is exactly the sum of its parts.
final class EtwRecord {
  /// Bytes before the user data.
  static final int USER_DATA = EventRecordLayout.EXTENDED_DATA;

  private static final int ITEM_HEADER = 4;

  /// Where the content of an item isn't there.
  static final long ABSENT = -1;

  private EtwRecord() {}

  /// Makes one of an `EVENT_RECORD`.
  ///
  /// @param memory that holds the record and all that it points at, each at its address
  /// @param address of the record
  /// @return bytes of the record made, or -1 if there is no room for it
  static int copy(MemorySegment memory, long address, MemorySegment to, long at, long room) {
    int userLength = Words.u16(memory, address + EventRecordLayout.USER_DATA_LENGTH);
    int items = Words.u16(memory, address + EventRecordLayout.EXTENDED_COUNT);
    long itemAddress = Words.s64(memory, address + EventRecordLayout.EXTENDED_DATA);
    long length = (long) USER_DATA + userLength;
    for (int i = 0; i < items; i++) {
      long item = itemAddress + (long) i * ExtendedItem.SIZE;
      length += ITEM_HEADER + Words.u16(memory, item + ExtendedItem.DATA_SIZE);
    }
    if (length > room) {
      return -1;
    }
    MemorySegment.copy(memory, address, to, at, USER_DATA);
    long userData = Words.s64(memory, address + EventRecordLayout.USER_DATA);
    MemorySegment.copy(memory, userData, to, at + USER_DATA, userLength);
    long next = at + USER_DATA + userLength;
    for (int i = 0; i < items; i++) {
      long item = itemAddress + (long) i * ExtendedItem.SIZE;
      int size = Words.u16(memory, item + ExtendedItem.DATA_SIZE);
      Words.put16(to, next, Words.u16(memory, item + ExtendedItem.TYPE));
      Words.put16(to, next + 2, size);
      long content = Words.s64(memory, item + ExtendedItem.DATA);
      MemorySegment.copy(memory, content, to, next + ITEM_HEADER, size);
      next += ITEM_HEADER + size;
    }
    return (int) length;
  }

  static int userDataLength(MemorySegment segment, long offset) {
    return Words.u16(segment, offset + EventRecordLayout.USER_DATA_LENGTH);
  }

  /// Whether all parts are within the record and fill it.
  static boolean isWhole(MemorySegment segment, long offset, int length) {
    if (length < USER_DATA) {
      return false;
    }
    long end = (long) USER_DATA + userDataLength(segment, offset);
    int items = Words.u16(segment, offset + EventRecordLayout.EXTENDED_COUNT);
    for (int i = 0; i < items; i++) {
      if (end > length - ITEM_HEADER) {
        return false;
      }
      end += ITEM_HEADER + Words.u16(segment, offset + end + 2);
    }
    return end == length;
  }

  /// Finds an extended item of a whole record.
  ///
  /// @return where its content begins in the segment, the size being in the two bytes before; or
  ///   [#ABSENT]
  static long item(MemorySegment segment, long offset, int type) {
    long at = offset + USER_DATA + userDataLength(segment, offset);
    int items = Words.u16(segment, offset + EventRecordLayout.EXTENDED_COUNT);
    for (int i = 0; i < items; i++) {
      if (Words.u16(segment, at) == type) {
        return at + ITEM_HEADER;
      }
      at += ITEM_HEADER + Words.u16(segment, at + 2);
    }
    return ABSENT;
  }

  /// Bytes of an item that [#item] found.
  static int itemSize(MemorySegment segment, long content) {
    return Words.u16(segment, content - 2);
  }
}
