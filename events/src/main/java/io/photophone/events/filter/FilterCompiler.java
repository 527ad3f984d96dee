package io.photophone.events.filter;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import io.photophone.events.EventFilter;
import io.photophone.events.EventFormat;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/// Makes a hidden class of a filter. Its one method has the offsets, sizes and values of the
/// clauses as constants and goes from one to the next by jumps alone; a negation is moved into the
/// clauses. Contract: V20.
final class FilterCompiler {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
  private static final ClassDesc NAME =
      ClassDesc.of(FilterCompiler.class.getPackageName(), "FilterOfText");
  private static final ClassDesc SUPER = desc(CompiledFilter.class);
  private static final MethodTypeDesc CONSTRUCTOR =
      MethodTypeDesc.of(CD_void, desc(EventFormat.class));
  private static final MethodTypeDesc TEST =
      MethodTypeDesc.of(CD_boolean, desc(MemorySegment.class), CD_long, CD_int);

  private FilterCompiler() {}

  static EventFilter compile(Filter filter) {
    List<Object> constants = new ArrayList<>();
    byte[] bytes =
        ClassFile.of()
            .build(
                NAME,
                made ->
                    made.withFlags(AccessFlag.FINAL)
                        .withSuperclass(SUPER)
                        .withMethodBody(INIT_NAME, CONSTRUCTOR, 0, FilterCompiler::constructor)
                        .withMethodBody(
                            "test",
                            TEST,
                            ClassFile.ACC_PUBLIC,
                            code -> test(code, filter, constants)));
    try {
      MethodHandles.Lookup made =
          LOOKUP.defineHiddenClassWithClassData(bytes, List.copyOf(constants), true);
      return (EventFilter)
          made.findConstructor(
                  made.lookupClass(), MethodType.methodType(void.class, EventFormat.class))
              .invoke(filter.format());
    } catch (Throwable e) {
      throw new IllegalStateException("no class could be made of " + filter, e);
    }
  }

  private static void constructor(CodeBuilder code) {
    code.aload(0).aload(1).invokespecial(SUPER, INIT_NAME, CONSTRUCTOR).return_();
  }

  private static void test(CodeBuilder code, Filter filter, List<Object> constants) {
    var yes = code.newLabel();
    var no = code.newLabel();
    new ClauseCode(code, constants).filter(filter, false, yes, no);
    code.labelBinding(yes).iconst_1().ireturn().labelBinding(no).iconst_0().ireturn();
  }

  static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
