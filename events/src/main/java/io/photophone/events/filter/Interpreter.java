package io.photophone.events.filter;

import io.photophone.events.EventField;
import io.photophone.events.FieldRef;
import io.photophone.events.Span;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/// Evaluates a filter clause by clause. It is what the words of [Filter] mean, so it shares nothing
/// with the compiler that it could do for itself, and is slow.
final class Interpreter {
  private enum Truth {
    YES,
    NO,
    /// The event doesn't have the field.
    MISSING;

    static Truth of(boolean holds) {
      return holds ? YES : NO;
    }

    Truth opposite() {
      return switch (this) {
        case YES -> NO;
        case NO -> YES;
        case MISSING -> MISSING;
      };
    }
  }

  private final MemorySegment segment;
  private final long offset;
  private final int length;

  private Interpreter(MemorySegment segment, long offset, int length) {
    this.segment = segment;
    this.offset = offset;
    this.length = length;
  }

  static boolean test(Filter filter, MemorySegment segment, long offset, int length) {
    return new Interpreter(segment, offset, length).evaluate(filter) == Truth.YES;
  }

  private Truth evaluate(Filter filter) {
    return switch (filter) {
      case Filter.And(var filters) -> all(filters);
      case Filter.Or(var filters) -> any(filters);
      case Filter.Not(var opposite) -> evaluate(opposite).opposite();
      case Filter.OfInteger clause -> integer(clause);
      case Filter.OfFloat clause -> number(clause);
      case Filter.OfText clause -> text(clause);
    };
  }

  private Truth all(List<Filter> filters) {
    List<Truth> each = filters.stream().map(this::evaluate).toList();
    return each.contains(Truth.NO)
        ? Truth.NO
        : each.contains(Truth.MISSING) ? Truth.MISSING : Truth.YES;
  }

  private Truth any(List<Filter> filters) {
    List<Truth> each = filters.stream().map(this::evaluate).toList();
    return each.contains(Truth.YES)
        ? Truth.YES
        : each.contains(Truth.MISSING) ? Truth.MISSING : Truth.NO;
  }

  private Truth integer(Filter.OfInteger clause) {
    EventField field = clause.ref().field();
    long span = clause.ref().find(segment, offset, length);
    if (span == FieldRef.MISSING || Span.length(span) < field.elementSize()) {
      return Truth.MISSING;
    }
    long bits = bits(clause.ref(), Span.start(span), field.elementSize());
    int spare = Long.SIZE - field.elementSize() * Byte.SIZE;
    long value = field.signed() ? bits << spare >> spare : bits;
    if (clause.operator() == Operator.ANY_BIT) {
      return Truth.of((value & clause.value()) != 0);
    }
    int order =
        field.signed()
            ? Long.compare(value, clause.value())
            : Long.compareUnsigned(value, clause.value());
    return Truth.of(
        switch (clause.operator()) {
          case EQUAL -> order == 0;
          case NOT_EQUAL -> order != 0;
          case LESS -> order < 0;
          case LESS_OR_EQUAL -> order <= 0;
          case GREATER -> order > 0;
          case GREATER_OR_EQUAL -> order >= 0;
          case ANY_BIT, GLOB -> throw new IllegalStateException(clause.toString());
        });
  }

  private Truth number(Filter.OfFloat clause) {
    int size = clause.ref().field().elementSize();
    long span = clause.ref().find(segment, offset, length);
    if (span == FieldRef.MISSING || Span.length(span) < size) {
      return Truth.MISSING;
    }
    long bits = bits(clause.ref(), Span.start(span), size);
    double value =
        size == Float.BYTES ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    return Truth.of(
        switch (clause.operator()) {
          case EQUAL -> value == clause.value();
          case NOT_EQUAL -> value != clause.value();
          case LESS -> value < clause.value();
          case LESS_OR_EQUAL -> value <= clause.value();
          case GREATER -> value > clause.value();
          case GREATER_OR_EQUAL -> value >= clause.value();
          case ANY_BIT, GLOB -> throw new IllegalStateException(clause.toString());
        });
  }

  private Truth text(Filter.OfText clause) {
    long span = clause.ref().find(segment, offset, length);
    if (span == FieldRef.MISSING) {
      return Truth.MISSING;
    }
    int[] text = units(clause.ref(), span);
    int[] value = Literals.units(clause.ref().field(), clause.value());
    return Truth.of(
        switch (clause.operator()) {
          case EQUAL -> Arrays.equals(text, value);
          case NOT_EQUAL -> !Arrays.equals(text, value);
          case GLOB -> matches(Glob.parse(value), text);
          case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, ANY_BIT ->
              throw new IllegalStateException(clause.toString());
        });
  }

  private int[] units(FieldRef ref, long span) {
    int size = Units.of(ref).bytes();
    int[] units = new int[Span.length(span) / size];
    for (int i = 0; i < units.length; i++) {
      units[i] = (int) bits(ref, Span.start(span) + i * size, size);
      if (units[i] == 0) {
        return Arrays.copyOf(units, i);
      }
    }
    return units;
  }

  /// Follows all ways through the pattern at once.
  private static boolean matches(Glob glob, int[] text) {
    boolean[] reached = new boolean[text.length + 1];
    reached[0] = true;
    for (int part : glob.parts()) {
      boolean[] next = new boolean[text.length + 1];
      for (int i = 0; i <= text.length; i++) {
        next[i] =
            part == Glob.MANY
                ? reached[i] || (i > 0 && next[i - 1])
                : i > 0 && reached[i - 1] && glob.fits(part, text[i - 1]);
      }
      reached = next;
    }
    return reached[text.length];
  }

  private long bits(FieldRef ref, int at, int size) {
    long bits = 0;
    for (int i = 0; i < size; i++) {
      int place = ref.isBigEndian() ? i : size - 1 - i;
      bits = (bits << Byte.SIZE) | (segment.get(ValueLayout.JAVA_BYTE, offset + at + place) & 0xFF);
    }
    return bits;
  }
}
