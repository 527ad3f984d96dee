package io.photophone.events.filter;

import io.photophone.events.EventField;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a filter compares a field with a value; the operators of the kernel's filters.
public enum Operator {
  /// Integers and numbers of the same value; texts of the same units up to their ends.
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">="),
  /// Integers that have any of the value's bits.
  ANY_BIT("&"),
  /// Texts that match a pattern: `*` is any text, `?` one unit, `[a-z]` and `[!a-z]` one of or none
  /// of those, `\` takes the next unit as it is. Units are bytes of UTF-8, or 16 bits of UTF-16;
  /// upper and lower case differ.
  GLOB("~");

  private static final List<Operator> OF_INTEGERS =
      List.of(EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, ANY_BIT);
  private static final List<Operator> OF_FLOATS =
      List.of(EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL);
  private static final List<Operator> OF_TEXTS = List.of(EQUAL, NOT_EQUAL, GLOB);

  private final String sign;

  Operator(String sign) {
    this.sign = sign;
  }

  /// As it is written, such as `==`.
  public String sign() {
    return sign;
  }

  /// The operators that a field can be asked with; none for integers side by side and for bytes.
  public static List<Operator> of(EventField field) {
    return switch (field.kind()) {
      case INTEGER -> OF_INTEGERS;
      case FLOAT -> OF_FLOATS;
      case TEXT, TEXT_UTF16 -> OF_TEXTS;
      case INTEGERS, BYTES -> List.of();
    };
  }

  /// The operator that is written so.
  static Optional<Operator> signed(String sign) {
    return Arrays.stream(values()).filter(each -> each.sign.equals(sign)).findFirst();
  }

  /// Refuses an operator that the field can't be asked with.
  void check(EventField field) {
    List<Operator> allowed = of(field);
    if (allowed.isEmpty()) {
      throw new FilterException(
          "%s holds %s (%s), by which no filter can choose"
              .formatted(field.name(), field.kind(), field.type()));
    }
    if (!allowed.contains(this)) {
      throw new FilterException(
          "%s can't be asked of %s, which holds %s (%s), allowed: %s"
              .formatted(sign, field.name(), field.kind(), field.type(), signs(allowed)));
    }
  }

  static String signs(List<Operator> operators) {
    return operators.stream().map(Operator::sign).collect(Collectors.joining(" "));
  }
}
