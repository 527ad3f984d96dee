package io.photophone.events.filter;

import io.photophone.events.EventField;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Values of filters, read and checked by the type of their field.
final class Literals {
  private static final Pattern HEXADECIMAL = Pattern.compile("(-?)0[xX]([0-9a-fA-F]{1,32})");
  private static final Pattern OCTAL = Pattern.compile("(-?)0([0-7]{1,32})");
  private static final Pattern DECIMAL = Pattern.compile("(-?)(0|[1-9][0-9]{0,31})");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

  private Literals() {}

  static void checkKind(FieldRef ref, FieldKind kind) {
    if (ref.field().kind() != kind) {
      throw new FilterException(
          "%s holds %s, allowed: %s".formatted(ref, ref.field().kind(), kind));
    }
  }

  static long integer(EventField field, String text) {
    BigInteger value = integer(text);
    if (value == null) {
      throw new FilterException(
          "%s is no integer for %s, allowed: %s"
              .formatted(quoted(text), field.name(), forms(field)));
    }
    if (value.compareTo(least(field)) < 0 || value.compareTo(most(field)) > 0) {
      throw new FilterException(
          "%s is outside %s, allowed: %s".formatted(text, field.name(), range(field)));
    }
    return value.longValue();
  }

  private static @Nullable BigInteger integer(String text) {
    if (text.length() == 3 && text.charAt(0) == '\'' && text.charAt(2) == '\'') {
      return text.charAt(1) < 0x80 ? BigInteger.valueOf(text.charAt(1)) : null;
    }
    record Form(Pattern pattern, int radix) {}
    for (Form form :
        new Form[] {new Form(HEXADECIMAL, 16), new Form(OCTAL, 8), new Form(DECIMAL, 10)}) {
      Matcher parts = form.pattern.matcher(text);
      if (parts.matches()) {
        return new BigInteger(parts.group(1) + parts.group(2), form.radix);
      }
    }
    return null;
  }

  private static String forms(EventField field) {
    return "%s as 10, 0xa, 012 or 'c'".formatted(range(field));
  }

  private static String range(EventField field) {
    return "%d to %d".formatted(least(field), most(field));
  }

  private static BigInteger least(EventField field) {
    return field.signed() ? BigInteger.ONE.shiftLeft(bits(field) - 1).negate() : BigInteger.ZERO;
  }

  private static BigInteger most(EventField field) {
    return BigInteger.ONE
        .shiftLeft(bits(field) - (field.signed() ? 1 : 0))
        .subtract(BigInteger.ONE);
  }

  private static int bits(EventField field) {
    return field.elementSize() * Byte.SIZE;
  }

  static void checkRange(EventField field, long value) {
    int spare = Long.SIZE - bits(field);
    long widened = field.signed() ? value << spare >> spare : value << spare >>> spare;
    if (widened != value) {
      throw new FilterException(
          "%d is outside %s, allowed: %s".formatted(value, field.name(), range(field)));
    }
  }

  static double number(EventField field, String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new FilterException(
          "%s is no number for %s, allowed: one as 2, -0.5 or 1e-3"
              .formatted(quoted(text), field.name()));
    }
    double value =
        field.elementSize() == Float.BYTES ? Float.parseFloat(text) : Double.parseDouble(text);
    checkFloat(field, value);
    return value;
  }

  static void checkFloat(EventField field, double value) {
    boolean isFloat = field.elementSize() == Float.BYTES;
    if (!Double.isFinite(value) || (isFloat && (float) value != value)) {
      throw new FilterException(
          "%s is no value of %s, allowed: finite ones of %d bytes"
              .formatted(value, field.name(), field.elementSize()));
    }
  }

  static void checkText(EventField field, Operator operator, String value) {
    if (field.kind() != FieldKind.TEXT && field.kind() != FieldKind.TEXT_UTF16) {
      throw new FilterException("%s holds %s, no text".formatted(field.name(), field.kind()));
    }
    if (value.indexOf('\0') >= 0) {
      throw new FilterException(
          "a text ends at its first zero, so %s has none in it".formatted(field.name()));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new FilterException(
          "%s has half of a pair of surrogates, allowed: whole characters"
              .formatted(quoted(value)));
    }
    if (operator == Operator.GLOB) {
      Glob.parse(units(field, value));
    }
  }

  /// The units that a text has in a field: bytes of UTF-8 or 16 bits of UTF-16.
  static int[] units(EventField field, String value) {
    if (field.kind() == FieldKind.TEXT_UTF16) {
      return value.chars().toArray();
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int[] units = new int[bytes.length];
    for (int i = 0; i < units.length; i++) {
      units[i] = bytes[i] & 0xFF;
    }
    return units;
  }

  static String quoted(String text) {
    return text.indexOf('\'') < 0 ? "'" + text + "'" : '"' + text + '"';
  }
}
