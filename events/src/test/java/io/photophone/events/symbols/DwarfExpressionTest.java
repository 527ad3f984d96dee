package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V19")
final class DwarfExpressionTest {
  private static final long SP = 0x7000;

  private final DwarfExpression expression = new DwarfExpression();
  private final Registers registers = new Registers();
  private final StackCopy stack = new StackCopy();

  @Test
  void the_frame_in_a_procedure_linkage_table_depends_on_the_place_in_its_entry() {
    // rsp + 8 + ((rip & 15) >= 11 ? 8 : 0)
    String table = "0b 7708 8000 3f 1a 3b 2a 33 24 22";
    assertEquals(SP + 8, evaluate(table, 0x102a, false));
    assertEquals(SP + 16, evaluate(table, 0x102b, false));
    assertFalse(expression.failed());
  }

  @Test
  void the_stack_before_a_signal_is_read_from_the_handler_s_frame() {
    // The value at rsp + 8.
    assertEquals(0x1122334455667788L, evaluate("03 7708 06", 0, false));
    assertFalse(expression.failed() || stack.wasOutside());
    evaluate("04 77c000 06", 0, false);
    assertTrue(stack.wasOutside() && stack.wasTruncated());
    evaluate("03 7778 06", 0, false);
    assertTrue(stack.wasOutside() && !stack.wasTruncated());
  }

  @Test
  void numbers_have_their_widths_and_signs() {
    assertEquals(0xff, evaluate("02 08ff", 0, false));
    assertEquals(-1, evaluate("02 09ff", 0, false));
    assertEquals(0xfffe, evaluate("03 0afeff", 0, false));
    assertEquals(-2, evaluate("03 0bfeff", 0, false));
    assertEquals(0xfffffffeL, evaluate("05 0cfeffffff", 0, false));
    assertEquals(-2, evaluate("05 0dfeffffff", 0, false));
    assertEquals(0x3fff, evaluate("03 10ff7f", 0, false));
    assertEquals(-1, evaluate("03 11ff7f", 0, false));
    assertEquals(SP - 3, evaluate("02 33 1c", 0, true), "the initial value minus 3");
    assertEquals(SP + 0x80, evaluate("03 238001", 0, true));
  }

  @Test
  void what_is_not_understood_or_damaged_has_failed() {
    for (String bad :
        new String[] {
          // Unknown, too short, no operands, an unknown register, too deep, longer than the data.
          "01 ff",
          "02 08",
          "01 22",
          "02 7300",
          "11 3030303030303030303030303030303030",
          "7f 30",
          "ffffffffffffffffff7f 30",
          "00"
        }) {
      evaluate(bad, 0, false);
      assertTrue(expression.failed(), bad);
    }
  }

  private long evaluate(String hex, long ip, boolean hasInitial) {
    registers.clear();
    registers.set(UnwindRow.RSP, SP);
    registers.set(UnwindRow.RETURN_ADDRESS, ip);
    byte[] copied = new byte[64];
    byte[] value = HexFormat.of().parseHex("8877665544332211");
    System.arraycopy(value, 0, copied, 8, 8);
    stack.over(MemorySegment.ofArray(copied), SP);
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return expression.evaluate(MemorySegment.ofArray(bytes), 0, registers, stack, hasInitial, SP);
  }
}
