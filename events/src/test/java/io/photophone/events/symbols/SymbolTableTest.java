package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V11")
final class SymbolTableTest {
  private record Symbol(long start, long end, String name) {}

  @Test
  void an_address_has_the_name_of_the_symbol_around_it() throws IOException {
    SymbolTable table = table(new Symbol(30, 40, "b"), new Symbol(10, 20, "a"));
    assertEquals("a", nameAt(table, 10));
    assertEquals("a", nameAt(table, 19));
    assertEquals("b", nameAt(table, 30));
    assertEquals("", nameAt(table, 9));
    assertEquals("", nameAt(table, 20));
    assertEquals("", nameAt(table, 40));
    assertEquals(30, table.start(table.find(35)));
    assertEquals(40, table.end(table.find(35)));
  }

  @Test
  void an_empty_table_knows_nothing() throws IOException {
    SymbolTable table = table();
    assertEquals(-1, table.find(0));
    assertEquals(-1, table.find(-1));
    assertEquals(0, table.size());
  }

  @Test
  void addresses_of_the_kernel_come_after_those_of_programs() throws IOException {
    SymbolTable table =
        table(
            new Symbol(0xffffffff81000000L, 0xffffffff81000010L, "kernel"), new Symbol(5, 9, "x"));
    assertEquals("kernel", nameAt(table, 0xffffffff8100000fL));
    assertEquals("x", nameAt(table, 8));
    assertEquals("", nameAt(table, 0x7fffffffffffffffL));
  }

  @Test
  void the_innermost_of_nested_symbols_names_an_address() throws IOException {
    SymbolTable table =
        table(new Symbol(20, 30, "inner"), new Symbol(10, 50, "outer"), new Symbol(22, 24, "core"));
    assertEquals("outer", nameAt(table, 19));
    assertEquals("inner", nameAt(table, 21));
    assertEquals("core", nameAt(table, 23));
    assertEquals("inner", nameAt(table, 24));
    assertEquals("outer", nameAt(table, 30));
    assertEquals("", nameAt(table, 50));
  }

  @Test
  void of_symbols_that_cross_the_later_start_wins() throws IOException {
    SymbolTable table = table(new Symbol(10, 30, "first"), new Symbol(20, 40, "second"));
    assertEquals("first", nameAt(table, 19));
    assertEquals("second", nameAt(table, 20));
    assertEquals("second", nameAt(table, 35));
  }

  @Test
  void of_a_file_that_is_appended_to_the_newest_wins() throws IOException {
    SymbolTable table =
        SymbolTable.read(reader(true, new Symbol(20, 30, "old"), new Symbol(10, 25, "new")));
    assertEquals("new", nameAt(table, 24));
    assertEquals("old", nameAt(table, 25));
    SymbolTable again =
        SymbolTable.read(reader(true, new Symbol(1, 9, "b"), new Symbol(1, 9, "_a")));
    assertEquals("_a", nameAt(again, 1));
  }

  @Test
  void of_several_names_the_one_with_fewer_underscores_and_then_the_shorter_is_kept()
      throws IOException {
    assertEquals(
        "memcpy", nameAt(table(new Symbol(1, 9, "__memcpy"), new Symbol(1, 9, "memcpy")), 1));
    assertEquals("open", nameAt(table(new Symbol(1, 9, "open"), new Symbol(1, 9, "open64")), 1));
    assertEquals("a", nameAt(table(new Symbol(1, 9, "b"), new Symbol(1, 9, "a")), 1));
  }

  @Test
  void a_symbol_without_a_size_reaches_to_the_next_one() throws IOException {
    SymbolTable table =
        table(new Symbol(10, 10, "a"), new Symbol(9000, 9000, "c"), new Symbol(500, 500, "b"));
    assertEquals("a", nameAt(table, 499));
    assertEquals("b", nameAt(table, 8999));
    assertEquals("c", nameAt(table, 9000 + 4095));
    assertEquals("", nameAt(table, 9000 + 4096));
  }

  @Test
  void a_label_inside_a_function_is_no_function() throws IOException {
    SymbolTable table = table(new Symbol(10, 30, "function"), new Symbol(20, 20, "label"));
    assertEquals("function", nameAt(table, 20));
    assertEquals(1, table.size());
  }

  @Test
  void the_last_address_of_all_may_have_a_name() throws IOException {
    SymbolTable table = table(new Symbol(-5, -5, "last"));
    assertEquals("last", nameAt(table, -2));
  }

  @Test
  void what_finds_no_room_is_counted_and_the_reader_is_told() throws IOException {
    var collector = new SymbolCollector(2);
    MemorySegment name = MemorySegment.ofArray("abc".getBytes(StandardCharsets.UTF_8));
    assertTrue(collector.symbol(1, 2, name, 0, 1));
    assertTrue(collector.symbol(2, 3, name, 1, 1));
    assertFalse(collector.symbol(3, 4, name, 2, 1));
    SymbolTable table = collector.toTable(false);
    assertEquals(new SymbolTable.Counts(3, 2, 0, 1), table.counts());
    assertEquals("b", nameAt(table, 2));
  }

  @Test
  void names_are_kept_once_and_may_be_of_any_length() throws IOException {
    String longName = "é".repeat(40_000);
    var symbols = new Symbol[1000];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = new Symbol(i, i + 1L, i % 2 == 0 ? "even" : "odd" + i);
    }
    SymbolTable table = table(symbols);
    for (int i = 0; i < symbols.length; i++) {
      assertEquals(symbols[i].name(), nameAt(table, i));
    }
    assertTrue(table.memoryBytes() < 1000 * 32 + 500 * 8 + 100, table.memoryBytes() + " bytes");
    String cut = nameAt(table(new Symbol(1, 2, longName)), 1);
    assertTrue(longName.startsWith(cut.substring(0, 32_767)), "cut to 65535 bytes");
    byte[] copy = new byte[4];
    assertEquals(4, table.copyName(table.find(0), copy));
    assertEquals("even", new String(copy, StandardCharsets.UTF_8));
    assertEquals(6, table.copyName(table.find(999), copy));
    assertEquals("odd9", new String(copy, StandardCharsets.UTF_8));
  }

  @Test
  void a_look_up_does_not_allocate() throws IOException {
    SymbolTable table = table(new Symbol(10, 20, "a"), new Symbol(30, 40, "b"));
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long found = 0;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100_000; i++) {
        found += table.find(i & 63);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(found != 0 && least < 1000, least + " bytes for 100000 look-ups");
  }

  private static String nameAt(SymbolTable table, long address) {
    int symbol = table.find(address);
    return symbol < 0 ? "" : table.name(symbol);
  }

  private static SymbolTable table(Symbol... symbols) throws IOException {
    return SymbolTable.read(reader(false, symbols));
  }

  private static SymbolReader reader(boolean newestWins, Symbol... symbols) {
    return new SymbolReader() {
      @Override
      public String source() {
        return "a test";
      }

      @Override
      public long read(Sink sink) {
        for (Symbol symbol : List.of(symbols)) {
          byte[] name = symbol.name().getBytes(StandardCharsets.UTF_8);
          sink.symbol(symbol.start(), symbol.end(), MemorySegment.ofArray(name), 0, name.length);
        }
        return 0;
      }

      @Override
      public boolean newestWins() {
        return newestWins;
      }
    };
  }
}
