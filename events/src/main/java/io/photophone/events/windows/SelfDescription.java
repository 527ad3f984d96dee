package io.photophone.events.windows;

import io.photophone.events.FieldKind;
import io.photophone.events.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads what an event of TraceLogging says of its own fields, extended data of type 11.
///
/// ```
/// size 16, of all of it | tags: bytes, all but the last with the high bit set
/// name of the event, UTF-8 with an end mark
/// for each field:
///   name, UTF-8 with an end mark
///   in-type 8: low 5 bits what it is, 0x20 a fixed number of them, 0x40 a number that the data
///              says, both: a form of the provider's own; 0x80 an out-type follows
///   out-type 8: how it is shown; for a structure the number of its fields. 0x80: tags follow
///   tags, as above
///   number 16, where it is fixed; number 16 of bytes and those bytes, where the form is its own
/// ```
///
/// The fields of a structure follow it, and become fields named `structure.field`. The layout is
/// that of `EventMetadata` and `FieldMetadata`, which TraceLoggingDynamic.h describes, and the
/// in-types are those of `TlgIn_t` in TraceLoggingProvider.h.
final class SelfDescription {
  private static final int SIZE = 2;
  private static final int MOST_FIELDS = 500;
  private static final int DEEPEST = 8;
  private static final int STRUCTURE = 24;
  private static final int LOW_5 = 0x1F;
  private static final int FIXED_COUNT = 0x20;
  private static final int SAID_COUNT = 0x40;
  private static final int OWN_FORM = FIXED_COUNT | SAID_COUNT;
  private static final int MORE = 0x80;

  private final MemorySegment bytes;
  private final long offset;
  private final int length;
  private int at;
  private int fields;

  private SelfDescription(MemorySegment bytes, long offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /// @throws FormatException that names the byte where the description is damaged
  static EtwFormat parse(MemorySegment bytes, long offset, int length) {
    return new SelfDescription(bytes, offset, length).format();
  }

  private EtwFormat format() {
    int size = next16("size");
    if (size != length) {
      throw wrong(0, "size is %d, allowed: %d".formatted(size, length));
    }
    skipTags();
    String name = nextText("event name");
    List<Part> parts = new ArrayList<>();
    while (at < length) {
      addField("", 0, parts);
    }
    return EtwFormat.of(name.isBlank() ? "(unnamed)" : name, parts);
  }

  /// Adds one field; a structure adds all of its own.
  private void addField(String prefix, int depth, List<Part> parts) {
    int start = at;
    fields++;
    if (fields > MOST_FIELDS) {
      throw wrong(start, "more than %d fields".formatted(MOST_FIELDS));
    }
    String said = nextText("field name");
    String name = prefix + (said.isBlank() ? "field" + fields : said);
    int in = next8("in-type");
    int out = 0;
    if ((in & MORE) != 0) {
      out = next8("out-type");
      if ((out & MORE) != 0) {
        skipTags();
      }
    }
    int form = in & OWN_FORM;
    if (form == OWN_FORM) {
      throw wrong(start, "field %s has a form of its provider's own".formatted(name));
    }
    int count =
        switch (form) {
          case FIXED_COUNT -> next16("number of elements");
          case SAID_COUNT -> Part.Repeated.SAID_BY_DATA;
          default -> 1;
        };
    boolean repeated = form != 0;
    int type = in & LOW_5;
    if (type != STRUCTURE) {
      Part part = part(type, name, start);
      parts.add(repeated ? new Part.Repeated(name, count, List.of(part)) : part);
      return;
    }
    if (depth == DEEPEST) {
      throw wrong(start, "structures more than %d deep".formatted(DEEPEST));
    }
    List<Part> within = repeated ? new ArrayList<>() : parts;
    for (int i = 0; i < (out & ~MORE); i++) {
      addField(name + ".", depth + 1, within);
    }
    if (repeated) {
      parts.add(new Part.Repeated(name, count, List.copyOf(within)));
    }
  }

  private Part part(int type, String name, int start) {
    return switch (type) {
      case 0 -> new Part.Whole(name, FieldKind.BYTES, 0, false);
      case 1 -> new Part.Marked(name, true);
      case 2 -> new Part.Marked(name, false);
      case 3 -> integer(name, 1, true);
      case 4 -> integer(name, 1, false);
      case 5 -> integer(name, 2, true);
      case 6 -> integer(name, 2, false);
      case 7 -> integer(name, 4, true);
      case 8, 20 -> integer(name, 4, false);
      case 9 -> integer(name, 8, true);
      case 10, 16, 17, 21 -> integer(name, 8, false);
      case 11 -> new Part.Whole(name, FieldKind.FLOAT, 4, true);
      case 12 -> new Part.Whole(name, FieldKind.FLOAT, 8, true);
      case 13 -> integer(name, 4, true);
      case 14, 25 -> new Part.Counted(name, FieldKind.BYTES);
      case 15, 18 -> new Part.Whole(name, FieldKind.BYTES, 16, false);
      case 19 -> new Part.Sid(name, false);
      case 22 -> new Part.Counted(name, FieldKind.TEXT_UTF16);
      case 23 -> new Part.Counted(name, FieldKind.TEXT);
      default -> throw wrong(start, "field %s has in-type %d".formatted(name, type));
    };
  }

  private static Part integer(String name, int size, boolean signed) {
    return new Part.Whole(name, FieldKind.INTEGER, size, signed);
  }

  private void skipTags() {
    while ((next8("tags") & MORE) != 0) {
      // Tags mean something to their provider alone.
    }
  }

  private int next8(String what) {
    need(1, what);
    at += 1;
    return Words.u8(bytes, offset + at - 1);
  }

  private int next16(String what) {
    need(SIZE, what);
    at += SIZE;
    return Words.u16(bytes, offset + at - SIZE);
  }

  private void need(int count, String what) {
    if (count > length - at) {
      throw wrong(at, "%s needs %d bytes, there are %d".formatted(what, count, length - at));
    }
  }

  private String nextText(String what) {
    int start = at;
    while (next8(what) != 0) {
      // Up to the end mark, or to the end, which is an error.
    }
    byte[] text = new byte[at - 1 - start];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset + start, text, 0, text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static FormatException wrong(int place, String message) {
    return new FormatException("byte %d of an event's own format: %s".formatted(place, message));
  }
}
