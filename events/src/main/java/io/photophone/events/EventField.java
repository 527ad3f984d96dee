package io.photophone.events;

/// A named field of a format.
///
/// @param type as who made the format wrote it, such as `pid_t`; for people
/// @param offset bytes from the start of the event, or from the end of the field of variable length
///   that comes before it
/// @param size bytes in the field's place: of the content where that is fixed, of the number before
///   the content or of the location; 0 where the content has an end mark
/// @param elementSize bytes of an integer, a number or a unit of text; 1 for bytes
/// @param signed of integers
public record EventField(
    String name,
    String type,
    FieldKind kind,
    FieldLocation location,
    int offset,
    int size,
    int elementSize,
    boolean signed) {
  /// No event is larger: a record of Linux has at most 64 KiB, one of Windows as many.
  static final int LARGEST = 1 << 20;

  public EventField {
    if (name.isBlank()) {
      throw new FormatException("a field has no name");
    }
    if (offset < 0 || size < 0 || offset > LARGEST - size) {
      throw new FormatException(
          "field %s is at offset %d with size %d, allowed: within [0, %d]"
              .formatted(name, offset, size, LARGEST));
    }
    if (!isPowerOfTwoUpTo8(elementSize)) {
      throw wrong(name, "elements", elementSize, "1, 2, 4 or 8");
    }
    switch (location) {
      case FIXED -> checkFixed(name, kind, size, elementSize);
      case LENGTH_PREFIXED -> {
        if (size != 1 && size != 2 && size != 4) {
          throw wrong(name, "a length", size, "1, 2 or 4");
        }
      }
      case DATA_LOC, REL_LOC -> {
        if (size != 4) {
          throw wrong(name, "a location", size, "4");
        }
      }
      case TERMINATED, TERMINATED_UTF16 -> {
        if (size != 0) {
          throw wrong(name, "no fixed part", size, "0");
        }
      }
    }
  }

  private static void checkFixed(String name, FieldKind kind, int size, int elementSize) {
    boolean fits =
        switch (kind) {
          case INTEGER -> size == elementSize;
          case FLOAT -> size == elementSize && size >= 4;
          case INTEGERS, TEXT_UTF16 -> size % elementSize == 0;
          case TEXT, BYTES -> true;
        };
    if (!fits) {
      throw wrong(name, kind + " of elements of " + elementSize, size, "whole elements");
    }
  }

  private static boolean isPowerOfTwoUpTo8(int size) {
    return size == 1 || size == 2 || size == 4 || size == 8;
  }

  private static FormatException wrong(String name, String what, int size, String allowed) {
    return new FormatException(
        "field %s has %s of %d bytes, allowed: %s".formatted(name, what, size, allowed));
  }
}
