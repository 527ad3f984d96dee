package io.photophone.events.filter;

import static java.lang.constant.ConstantDescs.BSM_CLASS_DATA_AT;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.DEFAULT_NAME;

import io.photophone.events.EventField;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldLocation;
import io.photophone.events.FieldRef;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Writes the code of clauses: each reads its field, compares, and jumps to where it is told, for a
/// field that the event doesn't have to where the clause doesn't hold, negated or not.
final class ClauseCode {
  /// Words of texts that one filter compares in its own code; the rest calls a loop, so that the
  /// method doesn't grow longer than the JVM compiles (8000 bytes).
  private static final int MOST_WORDS = 64;

  private static final int SEGMENT = 1;
  private static final int OFFSET = 2;
  private static final int LENGTH = 4;
  private static final int SPAN = 5;

  private static final ClassDesc READS = FilterCompiler.desc(Reads.class);
  private static final ClassDesc REF = FilterCompiler.desc(FieldRef.class);
  private static final ClassDesc CD_SEGMENT = FilterCompiler.desc(MemorySegment.class);
  private static final MethodTypeDesc FIND =
      MethodTypeDesc.of(CD_long, CD_SEGMENT, CD_long, CD_int);
  private static final MethodTypeDesc READ = MethodTypeDesc.of(CD_long, CD_SEGMENT, CD_long);
  private static final MethodTypeDesc READ_DOUBLE =
      MethodTypeDesc.of(CD_double, CD_SEGMENT, CD_long);
  private static final MethodTypeDesc MATCHES =
      MethodTypeDesc.of(CD_boolean, CD_SEGMENT, CD_long, CD_int);

  private final CodeBuilder code;

  /// Objects that the code refers to by their places here.
  private final List<Object> constants;

  private int words;

  ClauseCode(CodeBuilder code, List<Object> constants) {
    this.code = code;
    this.constants = constants;
  }

  void filter(Filter filter, boolean negated, Label yes, Label no) {
    switch (filter) {
      case Filter.And(var filters) -> combined(filters, !negated, negated, yes, no);
      case Filter.Or(var filters) -> combined(filters, negated, negated, yes, no);
      case Filter.Not(var opposite) -> filter(opposite, !negated, yes, no);
      case Filter.OfInteger clause -> integer(clause, negated, yes, no);
      case Filter.OfFloat clause -> number(clause, negated, yes, no);
      case Filter.OfText clause -> text(clause, negated, yes, no);
    }
  }

  /// @param all whether all must hold, else one
  private void combined(List<Filter> filters, boolean all, boolean negated, Label yes, Label no) {
    for (Filter each : filters.subList(0, filters.size() - 1)) {
      Label next = code.newLabel();
      filter(each, negated, all ? next : yes, all ? no : next);
      code.labelBinding(next);
    }
    filter(filters.getLast(), negated, yes, no);
  }

  private void integer(Filter.OfInteger clause, boolean negated, Label yes, Label no) {
    FieldRef ref = clause.ref();
    find(ref, no);
    address(ref, 0);
    code.invokestatic(READS, Reads.integerOf(ref), READ);
    if (clause.operator() == Operator.ANY_BIT) {
      code.loadConstant(clause.value()).land().lconst_0().lcmp();
      jump(Operator.NOT_EQUAL, negated, yes, no);
      return;
    }
    // Unsigned ones of 8 bytes are in order once their highest bit is turned.
    boolean turned = !ref.field().signed() && ref.field().elementSize() == Long.BYTES;
    if (turned) {
      code.loadConstant(Long.MIN_VALUE).lxor();
    }
    code.loadConstant(turned ? clause.value() ^ Long.MIN_VALUE : clause.value()).lcmp();
    jump(clause.operator(), negated, yes, no);
  }

  private void number(Filter.OfFloat clause, boolean negated, Label yes, Label no) {
    FieldRef ref = clause.ref();
    find(ref, no);
    address(ref, 0);
    code.invokestatic(READS, Reads.integerOf(ref), READ_DOUBLE).loadConstant(clause.value());
    // A NaN must compare as what fails the operator.
    switch (clause.operator()) {
      case LESS, LESS_OR_EQUAL -> code.dcmpg();
      case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, ANY_BIT, GLOB -> code.dcmpl();
    }
    jump(clause.operator(), negated, yes, no);
  }

  /// Jumps by the sign of the comparison on the stack.
  private void jump(Operator operator, boolean negated, Label yes, Label no) {
    Opcode holds =
        switch (operator) {
          case EQUAL -> Opcode.IFEQ;
          case NOT_EQUAL -> Opcode.IFNE;
          case LESS -> Opcode.IFLT;
          case LESS_OR_EQUAL -> Opcode.IFLE;
          case GREATER -> Opcode.IFGT;
          case GREATER_OR_EQUAL -> Opcode.IFGE;
          case ANY_BIT, GLOB -> throw new IllegalStateException(operator.toString());
        };
    code.branch(holds, negated ? no : yes).goto_(negated ? yes : no);
  }

  private void text(Filter.OfText clause, boolean negated, Label yes, Label no) {
    FieldRef ref = clause.ref();
    Label same = negated == (clause.operator() == Operator.NOT_EQUAL) ? yes : no;
    Label other = same == yes ? no : yes;
    find(ref, no);
    int[] units = Literals.units(ref.field(), clause.value());
    boolean isGlob = clause.operator() == Operator.GLOB;
    Glob glob = isGlob ? Glob.of(Units.of(ref), units) : null;
    int[] start = glob == null ? withEnd(ref.field(), units) : glob.prefix();
    if (start != null && isInline(ref, start.length)) {
      words(ref, start, other);
      code.goto_(same);
      return;
    }
    TextTest test = glob == null ? new TextEquality(Units.of(ref), units) : glob;
    ClassDesc type = FilterCompiler.desc(test.getClass());
    constant(test, type);
    address(ref, 0);
    contentLength(ref);
    code.invokevirtual(type, "matches", MATCHES).ifne(same).goto_(other);
  }

  /// A text and its end mark, if the field has room for one.
  private static int[] withEnd(EventField field, int[] units) {
    return units.length < field.size() ? Arrays.copyOf(units, units.length + 1) : units;
  }

  private boolean isInline(FieldRef ref, int length) {
    EventField field = ref.field();
    return ref.isFixed()
        && field.kind() == FieldKind.TEXT
        && field.size() >= Long.BYTES
        && length <= field.size()
        && words + (length + Long.BYTES - 1) / Long.BYTES <= MOST_WORDS;
  }

  /// Compares the first bytes of a field, 8 at a time; the last ones are read with those before or
  /// behind them, which a mask leaves out.
  private void words(FieldRef ref, int[] bytes, Label other) {
    for (int i = 0; i < bytes.length; i += Long.BYTES) {
      int from = Math.min(i, ref.field().size() - Long.BYTES);
      long mask = 0;
      long expected = 0;
      for (int k = i; k < Math.min(i + Long.BYTES, bytes.length); k++) {
        int shift = (k - from) * Byte.SIZE;
        mask |= 0xFFL << shift;
        expected |= (long) bytes[k] << shift;
      }
      address(ref, from);
      code.invokestatic(READS, "s64", READ);
      if (mask != -1) {
        code.loadConstant(mask).land();
      }
      code.loadConstant(expected).lcmp().ifne(other);
      words++;
    }
  }

  /// Makes sure that the event has the field; keeps where, if that isn't fixed.
  private void find(FieldRef ref, Label missing) {
    EventField field = ref.field();
    if (ref.isFixed()) {
      code.iload(LENGTH).loadConstant(field.offset() + field.size()).if_icmplt(missing);
      return;
    }
    constant(ref, REF);
    code.aload(SEGMENT)
        .lload(OFFSET)
        .iload(LENGTH)
        .invokevirtual(REF, "find", FIND)
        .lstore(SPAN)
        .lload(SPAN)
        .lconst_0()
        .lcmp()
        .iflt(missing);
    boolean isText = field.kind() == FieldKind.TEXT || field.kind() == FieldKind.TEXT_UTF16;
    if (!isText && field.location() != FieldLocation.FIXED) {
      code.lload(SPAN).l2i().loadConstant(field.elementSize()).if_icmplt(missing);
    }
  }

  /// Segment and place of the content, or of a byte within it.
  private void address(FieldRef ref, int within) {
    code.aload(SEGMENT).lload(OFFSET);
    if (ref.isFixed()) {
      code.loadConstant((long) ref.field().offset() + within).ladd();
    } else {
      code.lload(SPAN).loadConstant(Integer.SIZE).lushr().ladd();
    }
  }

  private void contentLength(FieldRef ref) {
    if (ref.isFixed()) {
      code.loadConstant(ref.field().size());
    } else {
      code.lload(SPAN).l2i();
    }
  }

  private void constant(Object value, ClassDesc type) {
    code.loadConstant(
        DynamicConstantDesc.ofNamed(BSM_CLASS_DATA_AT, DEFAULT_NAME, type, constants.size()));
    constants.add(value);
  }
}
