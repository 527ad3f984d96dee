package io.photophone.events;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the `format` files of Linux's tracefs.
///
/// What a field holds is told by its size and sign, since types have names such as `pid_t` that say
/// neither; the name only tells text from integers and bytes.
final class FormatText {
  private static final Pattern FIELD =
      Pattern.compile(
          "\\s*field:(?<declaration>[^;]*);\\s*offset:(?<offset>[^;]*);\\s*size:(?<size>[^;]*);"
              + "(?:\\s*signed:(?<signed>[^;]*);)?\\s*");

  /// `char comm[16]`, `__data_loc char[] name`, `unsigned long args[6]`, `const char * name`.
  private static final Pattern DECLARATION =
      Pattern.compile(
          "(?<type>.*?)(?<open>\\[(?<typeCount>\\w*)\\])?[\\s*](?<name>\\w+)(?<array>\\[(?<count>[^\\]]*)\\])?");

  private static final String ABSOLUTE = "__data_loc ";
  private static final String RELATIVE = "__rel_loc ";
  private static final Set<String> BYTE_TYPES =
      Set.of("unsigned char", "u8", "__u8", "uint8_t", "s8", "__s8", "int8_t", "signed char");

  private FormatText() {}

  static EventFormat parse(String text, ByteOrder order) {
    String name = "";
    int id = 0;
    List<EventField> fields = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String trimmed = line.strip();
      if (trimmed.startsWith("print fmt:")) {
        break;
      }
      if (trimmed.startsWith("name:")) {
        name = trimmed.substring("name:".length()).strip();
      } else if (trimmed.startsWith("ID:")) {
        id = number(trimmed.substring("ID:".length()), "ID", number);
      } else if (trimmed.startsWith("field:")) {
        fields.add(field(line, number));
      } else if (!trimmed.isEmpty() && !trimmed.equals("format:")) {
        throw at(number, "neither a name, an ID nor a field: " + shortened(trimmed));
      }
    }
    if (fields.isEmpty()) {
      throw new FormatException("the format has no fields: " + shortened(text));
    }
    return new EventFormat(name, id, order, fields);
  }

  private static EventField field(String line, int number) {
    Matcher parts = FIELD.matcher(line);
    if (!parts.matches()) {
      throw at(number, "a field needs declaration, offset and size: " + shortened(line.strip()));
    }
    int offset = number(parts.group("offset"), "offset", number);
    int size = number(parts.group("size"), "size", number);
    String sign = parts.group("signed");
    boolean signed = sign != null && number(sign, "signed", number) != 0;
    try {
      return field(parts.group("declaration").strip(), offset, size, signed);
    } catch (FormatException e) {
      throw at(number, String.valueOf(e.getMessage()));
    }
  }

  private static EventField field(String declaration, int offset, int size, boolean signed) {
    FieldLocation location = FieldLocation.FIXED;
    String rest = declaration;
    if (rest.startsWith(ABSOLUTE)) {
      location = FieldLocation.DATA_LOC;
      rest = rest.substring(ABSOLUTE.length());
    } else if (rest.startsWith(RELATIVE)) {
      location = FieldLocation.REL_LOC;
      rest = rest.substring(RELATIVE.length());
    }
    Matcher parts = DECLARATION.matcher(rest);
    if (!parts.matches()) {
      throw new FormatException("no type and name: " + shortened(declaration));
    }
    String element = parts.group("type").strip().replaceFirst("^const ", "");
    if (location == FieldLocation.FIXED
        && parts.group("open") == null
        && parts.group("array") == null) {
      return scalar(parts.group("name"), declaration, element, offset, size, signed);
    }
    int elementSize = elementSize(element, parts.group("count"), location, size);
    FieldKind kind = kindOfArray(element, elementSize);
    if (location == FieldLocation.FIXED && size % elementSize != 0) {
      kind = FieldKind.BYTES;
    }
    return new EventField(
        parts.group("name"),
        type(rest, parts.group("name")),
        kind,
        location,
        offset,
        size,
        kind == FieldKind.INTEGERS ? elementSize : 1,
        signed);
  }

  private static EventField scalar(
      String name, String declaration, String type, int offset, int size, boolean signed) {
    boolean isInteger = size == 1 || size == 2 || size == 4 || size == 8;
    FieldKind kind =
        !isInteger
            ? FieldKind.BYTES
            : type.equals("float") || type.equals("double") ? FieldKind.FLOAT : FieldKind.INTEGER;
    return new EventField(
        name,
        type(declaration, name),
        kind,
        FieldLocation.FIXED,
        offset,
        size,
        isInteger ? size : 1,
        signed);
  }

  private static String type(String declaration, String name) {
    int at = declaration.lastIndexOf(name);
    return (declaration.substring(0, at).strip() + declaration.substring(at + name.length()))
        .strip();
  }

  private static FieldKind kindOfArray(String element, int elementSize) {
    if (element.equals("char")) {
      return FieldKind.TEXT;
    }
    return elementSize == 1 || BYTE_TYPES.contains(element) ? FieldKind.BYTES : FieldKind.INTEGERS;
  }

  private static int elementSize(String element, String count, FieldLocation location, int size) {
    if (location == FieldLocation.FIXED && count != null && count.matches("[1-9]\\d{0,5}")) {
      int each = size / Integer.parseInt(count);
      if (each == 1 || each == 2 || each == 4 || each == 8) {
        return each;
      }
      return 1;
    }
    String type = element.toLowerCase(Locale.ROOT);
    if (type.contains("long") || type.contains("64") || type.endsWith("*")) {
      return 8;
    }
    if (type.contains("short") || type.contains("16")) {
      return 2;
    }
    if ((type.contains("int") && !type.contains("8")) || type.contains("32")) {
      return 4;
    }
    return 1;
  }

  private static int number(String text, String what, int line) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw at(line, "%s is no whole number: %s".formatted(what, shortened(text.strip())));
    }
  }

  private static FormatException at(int line, String message) {
    return new FormatException("line %d of the format: %s".formatted(line, message));
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
