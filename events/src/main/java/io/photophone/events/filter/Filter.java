package io.photophone.events.filter;

import io.photophone.events.EventFilter;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// What chooses events of one format: clauses about fields, and what combines them. Immutable, and
/// equal to one that says the same.
///
/// Integers compare by their sign, unsigned ones of 8 bytes without one. A text ends before its
/// first zero unit, whatever comes behind it. `!=` of a number that is none (NaN) holds, every
/// other operator doesn't. A clause about a field that an event is too short for doesn't hold, nor
/// does its opposite: such an event passes by other clauses alone, in whatever order they stand.
/// Contract: V5.
public sealed interface Filter {
  /// Clauses of one filter. A filter of more would be too long a method to be fast.
  int MOST_CLAUSES = 100;

  /// How deep filters may stand in each other.
  int MOST_DEPTH = 64;

  /// The format of the events that it chooses from.
  EventFormat format();

  /// How many filters stand in each other, 1 for a clause.
  int depth();

  /// How many clauses it has.
  int clauses();

  /// Holds where all of its filters hold.
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
      Combined.check(filters);
    }

    @Override
    public EventFormat format() {
      return filters.getFirst().format();
    }

    @Override
    public int depth() {
      return Combined.depth(filters);
    }

    @Override
    public int clauses() {
      return Combined.clauses(filters);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /// Holds where one of its filters holds.
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
      Combined.check(filters);
    }

    @Override
    public EventFormat format() {
      return filters.getFirst().format();
    }

    @Override
    public int depth() {
      return Combined.depth(filters);
    }

    @Override
    public int clauses() {
      return Combined.clauses(filters);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /// Holds where its filter doesn't, and the event has the fields to say so.
  record Not(Filter filter) implements Filter {
    public Not {
      Combined.check(List.of(filter));
    }

    @Override
    public EventFormat format() {
      return filter.format();
    }

    @Override
    public int depth() {
      return Combined.depth(List.of(filter));
    }

    @Override
    public int clauses() {
      return filter.clauses();
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /// A filter that asks about one field.
  sealed interface Clause extends Filter {
    FieldRef ref();

    Operator operator();

    @Override
    default EventFormat format() {
      return ref().format();
    }

    @Override
    default int depth() {
      return 1;
    }

    @Override
    default int clauses() {
      return 1;
    }
  }

  /// About an integer.
  ///
  /// @param value within the field's range; the bits of an unsigned one of 8 bytes
  record OfInteger(FieldRef ref, Operator operator, long value) implements Clause {
    public OfInteger {
      Literals.checkKind(ref, FieldKind.INTEGER);
      operator.check(ref.field());
      Literals.checkRange(ref.field(), value);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /// About a number of IEEE 754.
  ///
  /// @param value that a field of 4 bytes can hold, if it has no more
  record OfFloat(FieldRef ref, Operator operator, double value) implements Clause {
    public OfFloat {
      Literals.checkKind(ref, FieldKind.FLOAT);
      operator.check(ref.field());
      Literals.checkFloat(ref.field(), value);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /// About a text.
  ///
  /// @param value without a zero; a pattern for [Operator#GLOB]
  record OfText(FieldRef ref, Operator operator, String value) implements Clause {
    public OfText {
      operator.check(ref.field());
      Literals.checkText(ref.field(), operator, value);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /// A clause, its value read as the field's type asks: integers are decimal, `0x` hexadecimal, `0`
  /// octal or a character as `'a'`; numbers decimal; texts stand as they are.
  ///
  /// @throws FilterException if the field, the operator and the value don't fit
  static Clause fieldFilter(FieldRef ref, Operator operator, String value) {
    operator.check(ref.field());
    return switch (ref.field().kind()) {
      case INTEGER -> new OfInteger(ref, operator, Literals.integer(ref.field(), value));
      case FLOAT -> new OfFloat(ref, operator, Literals.number(ref.field(), value));
      case TEXT, TEXT_UTF16, INTEGERS, BYTES -> new OfText(ref, operator, value);
    };
  }

  /// The filter that a text says, such as `prev_state == 0 && prev_comm ~ 'acq*'`: clauses, `!`,
  /// `&&`, `||` (in the order in which they bind) and parentheses. Texts stand between `'` or `"`
  /// and have nothing in them that escapes.
  ///
  /// @throws FilterException with the column, what is wrong and what is allowed
  static Filter parse(EventFormat format, String text) {
    return FilterParser.parse(format, text);
  }

  /// Holds where this one and the other hold.
  default Filter and(Filter other) {
    return new And(List.of(this, other));
  }

  /// Holds where this one or the other holds.
  default Filter or(Filter other) {
    return new Or(List.of(this, other));
  }

  /// The opposite, but for events too short for it.
  default Filter not() {
    return new Not(this);
  }

  /// Whether an event passes, evaluated clause by clause: slowly, and as it is written above. For
  /// few events, and to check [#compile] by.
  default boolean test(MemorySegment segment, long offset, int length) {
    return Interpreter.test(this, segment, offset, length);
  }

  /// A class made for this filter, which chooses fast.
  default EventFilter compile() {
    return FilterCompiler.compile(this);
  }

  /// What of it Linux's kernel can do itself, for a tracepoint's events.
  default KernelFilter kernel() {
    return KernelFilter.of(this);
  }
}
