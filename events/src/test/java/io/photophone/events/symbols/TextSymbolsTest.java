package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `Kallsyms` and `PerfMap`.
@Tag("V11")
final class TextSymbolsTest {
  @TempDir private Path directory;

  @Test
  void functions_of_the_kernel_and_its_modules_are_read() throws IOException {
    Path file =
        write(
            """
            ffffffff81000000 T _stext
            ffffffff81000100 D some_data
            ffffffff81000200 t local_one
            ffffffff81000300 W weak
            ffffffffc0000000 t probe\t[e1000]
            """);
    assertEquals(
        List.of(
            "ffffffff81000000 _stext",
            "ffffffff81000200 local_one",
            "ffffffff81000300 weak",
            "ffffffffc0000000 probe [e1000]"),
        starts(Kallsyms.of(file)));
    SymbolTable table = SymbolTable.read(Kallsyms.of(file));
    assertEquals("local_one", table.name(table.find(0xffffffff810002ffL)));
  }

  @Test
  void hidden_addresses_are_told_with_what_allows_them() throws IOException {
    Path file = write("0000000000000000 T _stext\n0000000000000000 T next\n");
    var error = assertThrows(SymbolException.class, () -> SymbolTable.read(Kallsyms.of(file)));
    assertTrue(error.getMessage().contains("kernel.kptr_restrict"), error.getMessage());
  }

  @Test
  void the_running_kernel_has_functions_or_says_why_not() throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/kallsyms")), "no /proc/kallsyms here");
    try {
      SymbolTable table = SymbolTable.read(Kallsyms.ofRunningKernel());
      assertTrue(table.size() > 10_000, table.toString());
      assertEquals(0, table.counts().unreadable());
    } catch (SymbolException e) {
      assertTrue(e.getMessage().contains("kptr_restrict"), e.getMessage());
    }
  }

  @Test
  void lines_that_are_no_symbols_are_counted() throws IOException {
    Path file = write("what\n\n10 T\n10 T a\n11223344556677889 T b\nff T c");
    SymbolTable table = SymbolTable.read(Kallsyms.of(file));
    assertEquals(new SymbolTable.Counts(2, 2, 4, 0), table.counts());
  }

  @Test
  void a_perf_map_may_have_prefixes_before_both_numbers_and_spaces_in_names() throws IOException {
    Path file =
        write(
            """
            0x00007f0000001000 0x0000000000000020 void java.lang.Object.<init>()
            7f0000002000 40 Interpreter
            7f0000003000 1a [anon] a  b\r
            """);
    SymbolTable table = SymbolTable.read(PerfMap.of(file));
    assertEquals("void java.lang.Object.<init>()", table.name(table.find(0x7f000000101fL)));
    assertEquals(-1, table.find(0x7f0000001020L));
    assertEquals("Interpreter", table.name(table.find(0x7f000000203fL)));
    assertEquals("[anon] a  b", table.name(table.find(0x7f0000003000L)));
    assertEquals(new SymbolTable.Counts(3, 3, 0, 0), table.counts());
  }

  @Test
  void damaged_lines_of_a_perf_map_are_counted_and_the_others_read() throws IOException {
    Path file =
        write(
            """
            1000 20
            1000 zz name
            1000 0 nothing
            ffffffffffffff00 200 beyond
            2000 10 good
            -1 10 negative
            """);
    SymbolTable table = SymbolTable.read(PerfMap.of(file));
    assertEquals(new SymbolTable.Counts(1, 1, 5, 0), table.counts());
  }

  @Test
  void a_line_longer_than_any_name_is_passed_over_and_counted() throws IOException {
    Path file =
        write(
            "1000 10 before\n2000 10 "
                + "x".repeat(200_000)
                + "\n3000 10 after\n4000 10 "
                + "y".repeat(70_000));
    SymbolTable table = SymbolTable.read(PerfMap.of(file));
    assertEquals(new SymbolTable.Counts(2, 2, 2, 0), table.counts());
    assertEquals("after", table.name(table.find(0x3000)));
  }

  @Test
  void code_at_a_place_that_was_used_before_has_its_newest_name() throws IOException {
    SymbolTable table =
        SymbolTable.read(PerfMap.of(write("1000 40 zz\n1000 40 gone\n1010 20 new name\n")));
    assertEquals("gone", table.name(table.find(0x1000)));
    assertEquals("new name", table.name(table.find(0x1010)));
    assertEquals("gone", table.name(table.find(0x1030)));
  }

  @Test
  void a_map_that_is_not_there_or_no_file_is_an_error() {
    PerfMap missing = PerfMap.of(directory.resolve("none"));
    assertThrows(NoSuchFileException.class, () -> SymbolTable.read(missing));
    assertThrows(SymbolException.class, () -> SymbolTable.read(PerfMap.of(directory)));
  }

  @Test
  void the_map_of_a_process_is_looked_for_in_tmp() {
    long pid = ProcessHandle.current().pid();
    String source = PerfMap.ofProcess(pid).source();
    assertTrue(source.endsWith("/tmp/perf-%d.map".formatted(pid)), source);
  }

  private static List<String> starts(SymbolReader reader) throws IOException {
    var found = new ArrayList<String>();
    reader.read((start, _, bytes, offset, length) -> {
      byte[] name = bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
      found.add("%x %s".formatted(start, new String(name, StandardCharsets.UTF_8)));
      return true;
    });
    return found;
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("symbols"), text);
  }
}
