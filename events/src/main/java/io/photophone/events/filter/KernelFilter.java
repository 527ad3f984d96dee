package io.photophone.events.filter;

import io.photophone.events.EventField;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What of a filter Linux's kernel can do for a tracepoint, so that the other events aren't even
/// written: a text for `PERF_EVENT_IOC_SET_FILTER` or a `filter` file of tracefs, and what is left
/// to do. Contract: V20.
///
/// @param text in the kernel's grammar; empty if it can do nothing. What it lets pass is all that
///   the whole filter does, and more where there is a rest
/// @param rest that must still be asked of the events that pass; none if the kernel does it all
/// @param reasons why the kernel can't do the rest, for people
public record KernelFilter(String text, Optional<Filter> rest, List<String> reasons) {
  /// Of the text, with a zero behind it: a page.
  private static final int LONGEST = 4095;

  /// Bytes of a text in a filter of the kernel, with the zero behind it and what [#pattern] adds:
  /// 256.
  private static final int LONGEST_VALUE = 254;

  public KernelFilter {
    reasons = List.copyOf(reasons);
  }

  /// A part of a filter for the kernel.
  ///
  /// @param text null if it can do nothing of it
  /// @param exact whether it lets pass exactly what the part does
  private record Part(@Nullable String text, boolean exact) {}

  static KernelFilter of(Filter filter) {
    List<String> reasons = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    List<Filter> rest = new ArrayList<>();
    for (Filter each : filter instanceof Filter.And(var filters) ? filters : List.of(filter)) {
      Part part = part(each, false, reasons);
      if (part.text != null) {
        texts.add(part.text);
      }
      if (!part.exact) {
        rest.add(each);
      }
    }
    String text = String.join(" && ", texts);
    if (text.length() > LONGEST) {
      reasons.add("the kernel takes %d characters, not %d".formatted(LONGEST, text.length()));
      return new KernelFilter("", Optional.of(filter), reasons);
    }
    return new KernelFilter(text, joined(rest), reasons);
  }

  private static Optional<Filter> joined(List<Filter> filters) {
    return switch (filters.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(filters.getFirst());
      default -> Optional.of(new Filter.And(filters));
    };
  }

  private static Part part(Filter filter, boolean negated, List<String> reasons) {
    return switch (filter) {
      case Filter.And(var filters) -> combined(filters, !negated, negated, reasons);
      case Filter.Or(var filters) -> combined(filters, negated, negated, reasons);
      case Filter.Not(var opposite) -> part(opposite, !negated, reasons);
      case Filter.Clause clause -> {
        String refused = refusal(clause);
        if (refused != null) {
          reasons.add(clause + ": " + refused);
          yield new Part(null, false);
        }
        String text = text(clause);
        yield new Part(negated ? "!(" + text + ")" : text, true);
      }
    };
  }

  private static Part combined(
      List<Filter> filters, boolean all, boolean negated, List<String> reasons) {
    List<Part> parts = filters.stream().map(each -> part(each, negated, reasons)).toList();
    List<String> texts = parts.stream().map(Part::text).filter(Objects::nonNull).toList();
    boolean exact = parts.stream().allMatch(Part::exact);
    // One of several may hold that the kernel can't ask for, so it can't ask for any.
    if (texts.isEmpty() || (!all && texts.size() < parts.size())) {
      return new Part(null, false);
    }
    return new Part(
        texts.stream().collect(Collectors.joining(all ? " && " : " || ", "(", ")")), exact);
  }

  /// Why the kernel can't ask for it; null if it can.
  private static @Nullable String refusal(Filter.Clause clause) {
    EventField field = clause.ref().field();
    return switch (clause) {
      case Filter.OfFloat _ -> "the kernel has no such numbers";
      case Filter.OfInteger _
          when field.location() != FieldLocation.FIXED || !clause.ref().isFixed() ->
          "the kernel has no integers in places that vary";
      case Filter.OfInteger _ when field.type().endsWith("char *") ->
          "the kernel takes a pointer to text for a text";
      case Filter.OfInteger _ -> null;
      case Filter.OfText text -> refusal(text, field);
    };
  }

  private static @Nullable String refusal(Filter.OfText text, EventField field) {
    boolean isPlace =
        text.ref().isFixed()
            || field.location() == FieldLocation.DATA_LOC
            || field.location() == FieldLocation.REL_LOC;
    if (field.kind() != FieldKind.TEXT || !isPlace) {
      return "the kernel has texts of UTF-8 in fixed places and by locations alone";
    }
    String value = text.value();
    if (value.indexOf('\'') >= 0 && value.indexOf('"') >= 0) {
      return "the kernel can't be told of a text with both quotes in it";
    }
    int bytes = Literals.units(field, value).length;
    int most =
        field.location() == FieldLocation.FIXED
            ? Math.min(LONGEST_VALUE, field.size())
            : LONGEST_VALUE;
    return bytes > most
        ? "the kernel compares %d bytes of it, not %d".formatted(most, bytes)
        : null;
  }

  private static String text(Filter.Clause clause) {
    String name = clause.ref().field().name();
    String sign = clause.operator().sign();
    return switch (clause) {
      case Filter.OfInteger integer ->
          "%s %s %s".formatted(name, sign, FilterText.integer(integer));
      case Filter.OfFloat _ -> throw new IllegalStateException(clause.toString());
      case Filter.OfText(var _, var operator, var value) ->
          "%s %s %s"
              .formatted(
                  name, sign, Literals.quoted(operator == Operator.GLOB ? pattern(value) : value));
    };
  }

  /// A pattern such that the kernel does what is meant.
  ///
  /// It searches for the text of `*text*` and `*text` behind the text's end, too, takes a `!` at
  /// the start for a negation, and all behind a digit there as it is. One more `*`, or a `\` before
  /// the first unit, sends it to its general function, which does none of that.
  private static String pattern(String value) {
    if (value.isEmpty()) {
      return value;
    }
    char first = value.charAt(0);
    return first == '*' ? "*" + value : isSpecialAtStart(first) ? "\\" + value : value;
  }

  private static boolean isSpecialAtStart(char first) {
    return first == '!' || (first >= '0' && first <= '9');
  }
}
