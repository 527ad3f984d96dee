package io.photophone.events.windows;

import io.photophone.events.EventDataException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Walks over the pieces of user data, within its bounds. Allocates nothing unless data is damaged.
/// Any thread.
final class PartWalk {
  private static final int SID_HEADER = 8;
  private static final int SID_COUNT = 1;
  private static final int TOKEN_USER = 16;

  private final String event;

  PartWalk(String event) {
    this.event = event;
  }

  /// @param at where the piece begins, from the start of the user data
  /// @return where it ends
  /// @throws EventDataException if the data is too short for it
  int endOf(Part part, MemorySegment data, long offset, int at, int length) {
    return switch (part) {
      case Part.Whole whole -> checked(part, at, whole.size(), length);
      case Part.Marked marked -> endOfText(marked, data, offset, at, length);
      case Part.Counted _ -> {
        int content = checked(part, at, Short.BYTES, length);
        yield checked(part, content, Words.u16(data, offset + at), length);
      }
      case Part.Sid sid -> {
        int start = startOfSid(sid, data, offset, at, length);
        yield isWithoutSid(sid, start, at) ? start : endOfSid(sid, data, offset, start, length);
      }
      case Part.Repeated repeated -> endOfAll(repeated, data, offset, at, length);
    };
  }

  /// Where the identifier itself begins; where the piece ends if it has none.
  int startOfSid(Part.Sid sid, MemorySegment data, long offset, int at, int length) {
    if (!sid.token()) {
      return at;
    }
    int afterNone = checked(sid, at, Integer.BYTES, length);
    return Words.s32(data, offset + at) == 0 ? afterNone : checked(sid, at, TOKEN_USER, length);
  }

  static boolean isWithoutSid(Part.Sid sid, int start, int at) {
    return sid.token() && start == at + Integer.BYTES;
  }

  private int endOfSid(Part.Sid sid, MemorySegment data, long offset, int start, int length) {
    checked(sid, start, SID_HEADER, length);
    int numbers = Words.u8(data, offset + start + SID_COUNT);
    return checked(sid, start, SID_HEADER + numbers * Integer.BYTES, length);
  }

  private int endOfText(Part.Marked text, MemorySegment data, long offset, int at, int length) {
    int unit = text.utf16() ? Short.BYTES : 1;
    for (int i = at; i <= length - unit; i += unit) {
      boolean mark =
          text.utf16()
              ? Words.u16(data, offset + i) == 0
              : data.get(ValueLayout.JAVA_BYTE, offset + i) == 0;
      if (mark) {
        return i + unit;
      }
    }
    throw new EventDataException(event, text.name(), at, (long) length + unit, length);
  }

  private int endOfAll(Part.Repeated all, MemorySegment data, long offset, int at, int length) {
    int next = startOfAll(all, at, length);
    int count = next > at ? Words.u16(data, offset + at) : all.count();
    for (int i = 0; i < count; i++) {
      int start = next;
      for (Part each : all.each()) {
        next = endOf(each, data, offset, next, length);
      }
      // What has no bytes once never has any: there is nothing to walk over, however often.
      if (next == start) {
        break;
      }
    }
    return next;
  }

  /// Where the first repetition begins.
  int startOfAll(Part.Repeated all, int at, int length) {
    return all.count() == Part.Repeated.SAID_BY_DATA ? checked(all, at, Short.BYTES, length) : at;
  }

  private int checked(Part part, int at, int size, int length) {
    if (size > length - at) {
      throw new EventDataException(event, part.name(), at, (long) at + size, length);
    }
    return at + size;
  }
}
