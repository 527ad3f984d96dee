package io.photophone.events.windows;

import io.photophone.events.EventDataException;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldKind;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The format of a kind of Windows events, and how their user data becomes what it describes.
///
/// Most user data is read where it lies. Security identifiers and repeated fields say their length
/// in ways that [EventFormat] doesn't know: events with such are written anew, those fields behind
/// their number of bytes. Repeated integers stay integers; any other repeated fields are bytes.
/// Immutable.
public final class EtwFormat {
  private final EventFormat format;
  private final List<Part> parts;
  private final boolean isRewritten;
  private final PartWalk walk;

  private EtwFormat(EventFormat format, List<Part> parts, boolean isRewritten) {
    this.format = format;
    this.parts = parts;
    this.isRewritten = isRewritten;
    this.walk = new PartWalk(format.name());
  }

  /// The format of events whose user data is read where it lies.
  public static EtwFormat of(EventFormat format) {
    return new EtwFormat(format, List.of(), false);
  }

  static EtwFormat of(String name, List<Part> parts) {
    EventFormat.Builder builder = EventFormat.builder(name).order(ByteOrder.LITTLE_ENDIAN);
    Set<String> names = new HashSet<>();
    for (Part part : parts) {
      describe(part, unique(part.name(), names), builder);
    }
    boolean isRewritten = parts.stream().anyMatch(EtwFormat::needsRewriting);
    return new EtwFormat(builder.build(), List.copyOf(parts), isRewritten);
  }

  /// Providers may give two fields one name.
  private static String unique(String name, Set<String> taken) {
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = name + "#" + i;
    }
    return unique;
  }

  private static void describe(Part part, String name, EventFormat.Builder builder) {
    switch (part) {
      case Part.Whole whole -> {
        switch (whole.kind()) {
          case INTEGER -> builder.integer(name, whole.size(), whole.signed());
          case FLOAT -> {
            var _ = whole.size() == Float.BYTES ? builder.float32(name) : builder.float64(name);
          }
          case INTEGERS, TEXT, TEXT_UTF16, BYTES -> builder.bytes(name, whole.size());
        }
      }
      case Part.Marked marked -> {
        var _ = marked.utf16() ? builder.terminatedUtf16(name) : builder.terminatedText(name);
      }
      case Part.Counted counted -> builder.prefixed(name, counted.kind(), Short.BYTES);
      case Part.Sid _ -> builder.prefixed(name, FieldKind.BYTES, Short.BYTES);
      case Part.Repeated repeated -> describe(repeated, name, builder);
    }
  }

  private static void describe(Part.Repeated repeated, String name, EventFormat.Builder builder) {
    if (repeated.each().size() != 1 || !(repeated.each().getFirst() instanceof Part.Whole whole)) {
      builder.prefixed(name, FieldKind.BYTES, Short.BYTES);
      return;
    }
    boolean integers = whole.kind() == FieldKind.INTEGER;
    if (needsRewriting(repeated)) {
      var _ =
          integers
              ? builder.prefixedIntegers(name, whole.size(), whole.signed(), Short.BYTES)
              : builder.prefixed(name, FieldKind.BYTES, Short.BYTES);
    } else {
      var _ =
          integers
              ? builder.integers(name, repeated.count(), whole.size(), whole.signed())
              : builder.bytes(name, Math.multiplyExact(repeated.count(), whole.size()));
    }
  }

  private static boolean needsRewriting(Part part) {
    return switch (part) {
      case Part.Whole _, Part.Marked _, Part.Counted _ -> false;
      case Part.Sid _ -> true;
      case Part.Repeated repeated ->
          repeated.count() == Part.Repeated.SAID_BY_DATA
              || repeated.each().size() != 1
              || !(repeated.each().getFirst() instanceof Part.Whole);
    };
  }

  public static Builder builder(String name) {
    return new Builder(name);
  }

  public EventFormat format() {
    return format;
  }

  boolean isRewritten() {
    return isRewritten;
  }

  /// How many bytes user data of a length has at the most when it was written anew.
  int longest(int length) {
    return length + parts.size() * Short.BYTES;
  }

  /// Writes user data as the format describes it.
  ///
  /// @param to has room for what [#longest] says
  /// @return bytes written
  /// @throws EventDataException if the data is too short for its parts
  int rewrite(MemorySegment data, long offset, int length, MemorySegment to, long toOffset) {
    int at = 0;
    long next = toOffset;
    for (Part part : parts) {
      int end = walk.endOf(part, data, offset, at, length);
      int start = at;
      if (needsRewriting(part)) {
        start =
            switch (part) {
              case Part.Sid sid -> walk.startOfSid(sid, data, offset, at, length);
              case Part.Repeated repeated -> walk.startOfAll(repeated, at, length);
              case Part.Whole _, Part.Marked _, Part.Counted _ -> at;
            };
        Words.put16(to, next, end - start);
        next += Short.BYTES;
      }
      MemorySegment.copy(data, offset + start, to, next, end - start);
      next += end - start;
      at = end;
    }
    return (int) (next - toOffset);
  }

  /// Describes user data field after field; fields lie side by side without gaps.
  public static final class Builder {
    private final String name;
    private final List<Part> parts = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    private Builder add(Part part) {
      parts.add(part);
      return this;
    }

    /// An integer of 1, 2, 4 or 8 bytes.
    public Builder integer(String field, int size, boolean signed) {
      return add(new Part.Whole(field, FieldKind.INTEGER, size, signed));
    }

    /// An address of 64-bit Windows.
    public Builder pointer(String field) {
      return integer(field, Long.BYTES, false);
    }

    /// A fixed number of bytes of no known meaning, such as the 16 of a GUID.
    public Builder bytes(String field, int size) {
      return add(new Part.Whole(field, FieldKind.BYTES, size, false));
    }

    /// A text of bytes with an end mark.
    public Builder text(String field) {
      return add(new Part.Marked(field, false));
    }

    /// A text of UTF-16 with an end mark.
    public Builder utf16(String field) {
      return add(new Part.Marked(field, true));
    }

    /// Content behind its number of bytes, which has 16 bits.
    public Builder counted(String field, FieldKind kind) {
      return add(new Part.Counted(field, kind));
    }

    /// A security identifier.
    public Builder sid(String field) {
      return add(new Part.Sid(field, false));
    }

    /// A security identifier as the kernel's own events have it, behind a `TOKEN_USER`; without
    /// content where there is none.
    public Builder tokenSid(String field) {
      return add(new Part.Sid(field, true));
    }

    /// Any number of integers, of which 16 bits before them say how many they are.
    public Builder integers(String field, int size, boolean signed) {
      Part each = new Part.Whole(field, FieldKind.INTEGER, size, signed);
      return add(new Part.Repeated(field, Part.Repeated.SAID_BY_DATA, List.of(each)));
    }

    /// The format as described.
    ///
    /// @throws io.photophone.events.FormatException if a field can't be as described
    public EtwFormat build() {
      return of(name, parts);
    }
  }
}
