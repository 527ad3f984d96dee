package io.photophone.events.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.events.hotspot.JavaFrame.Kind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("V19")
final class JavaNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "java/lang/String|hashCode|()I|int java.lang.String.hashCode()",
        "a/B|<init>|(Ljava/lang/Object;[[JZ)V|void a.B.<init>(java.lang.Object, long[][], boolean)",
        "A|f|(BCDFIJSZ)[Ljava/lang/String;|java.lang.String[] A.f(byte, char, double, float, int,"
            + " long, short, boolean)",
        "Busy$$Lambda+0x0000000030150210|applyAsInt|(I)I|int"
            + " Busy$$Lambda/0x0000000030150210.applyAsInt(int)",
        "A|f|(LBusy$$Lambda+0x12;)V|void A.f(Busy$$Lambda/0x12)",
      })
  void probe_and_perf_map_name_a_method_alike(
      String className, String method, String signature, String external) {
    assertEquals(JavaName.ofInternal(className, method, signature), JavaName.ofExternal(external));
  }

  @Test
  void a_method_is_split_into_name_and_signature() {
    assertEquals(
        new JavaFrame("java.util.HashMap.get", "(Ljava/lang/Object;)Ljava/lang/Object;", Kind.JIT),
        JavaFrame.ofKey(
            JavaName.ofInternal(
                "java/util/HashMap", "get", "(Ljava/lang/Object;)Ljava/lang/Object;")));
  }

  @ParameterizedTest
  @CsvSource({
    "Interpreter, INTERPRETER",
    "StubRoutines (initialstubs), STUB",
    "I2C/C2I adapters, STUB",
    "Signature Handler Temp Buffer, STUB",
    "C2 Runtime slow_arraycopy, STUB",
    "jni_fast_GetIntField, STUB",
  })
  void what_is_no_method_is_named_as_what_it_is(String name, Kind kind) {
    assertEquals(new JavaFrame(name, "", kind), JavaFrame.ofKey(JavaName.ofExternal(name)));
  }
}
