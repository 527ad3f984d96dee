package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V11")
final class ElfSymbolsTest {
  @TempDir private Path directory;

  @Test
  void functions_are_found_by_their_place_in_the_file() throws IOException {
    ElfImage image = ElfImage.of(write("lib.so", ElfFixture.library()));
    assertEquals("outer", image.nameAt(ElfBytes.CONTENT_AT));
    assertEquals("inner", image.nameAt(ElfBytes.CONTENT_AT + 0x10));
    assertEquals("outer", image.nameAt(ElfBytes.CONTENT_AT + 0x20));
    assertEquals("last", image.nameAt(ElfBytes.CONTENT_AT + 0xff));
    assertEquals(null, image.nameAt(ElfBytes.CONTENT_AT + 0x60), "data is no function");
    assertEquals(null, image.nameAt(ElfBytes.CONTENT_AT + 0x100));
    assertEquals(3, image.symbols().size());
    assertEquals(ElfFixture.BUILD_ID, image.buildId());
    assertEquals(ElfFixture.TEXT + 5, image.segments().addressOf(ElfBytes.CONTENT_AT + 5));
    assertEquals(ElfBytes.CONTENT_AT + 5, image.segments().offsetOf(ElfFixture.TEXT + 5));
    assertEquals(Segments.NONE, image.segments().addressOf(0));
  }

  @Test
  void a_stripped_file_has_its_names_from_the_debug_file_of_its_build_id() throws IOException {
    Path file = write("lib.so", ElfFixture.stripped(new byte[0]));
    assertEquals(0, ElfImage.of(file, directory).symbols().size());
    Path debug = directory.resolve(".build-id/01/23456789abcdef.debug");
    Files.createDirectories(debug.getParent());
    Files.write(debug, ElfFixture.library());
    ElfImage image = ElfImage.of(file, directory);
    assertEquals("inner", image.nameAt(ElfBytes.CONTENT_AT + 0x10));
  }

  @Test
  void a_stripped_file_has_its_names_from_the_linked_file_if_the_checksum_fits()
      throws IOException {
    byte[] full = ElfFixture.library();
    Path other = directory.resolve("none");
    Files.createDirectories(directory.resolve(".debug"));
    Files.write(directory.resolve(".debug/lib.debug"), full);
    Path good = write("good.so", ElfFixture.stripped(link("lib.debug", checksum(full))));
    assertEquals("last", ElfImage.of(good, other).nameAt(ElfBytes.CONTENT_AT + 0x80));
    Path wrong = write("wrong.so", ElfFixture.stripped(link("lib.debug", checksum(full) + 1)));
    assertEquals(0, ElfImage.of(wrong, other).symbols().size());
    Path away = write("away.so", ElfFixture.stripped(link("../x/lib.debug", checksum(full))));
    assertEquals(0, ElfImage.of(away, other).symbols().size());
  }

  @Test
  void other_files_are_refused_with_what_they_are() throws IOException {
    assertRefused("not an ELF file at all, but a text that is long enough to hold a header", "ELF");
    assertRefused("short", "5 bytes long");
    assertRefused(changed(4, 1), "class is 1; allowed: 2 (64 bits)");
    assertRefused(changed(5, 2), "byte order is 2");
    assertRefused(changed(58, 65), "size of a section header is 65; allowed: 64");
  }

  @Test
  void a_lie_is_told_with_its_place_and_what_is_allowed() {
    ByteBuffer file = ByteBuffer.wrap(ElfFixture.library()).order(ByteOrder.LITTLE_ENDIAN);
    long headersAt = file.getLong(40);
    file.putShort(60, (short) 0xffff);
    assertLie(file, "count of section headers is 65535; allowed: at most ");
    file.putShort(60, (short) 0);
    file.putLong((int) headersAt + 32, 1L << 31);
    assertLie(file, "count of section headers is 2147483648; allowed: at most ");
    file.putLong(40, Long.MAX_VALUE);
    assertLie(file, "section header 0: offset is 0x7fffffffffffffff; allowed: 0x0 to 0x");
  }

  @Test
  void a_section_beyond_the_file_is_told() {
    ByteBuffer file = ByteBuffer.wrap(ElfFixture.library()).order(ByteOrder.LITTLE_ENDIAN);
    int symtab = (int) file.getLong(40) + 64 * 5;
    assertEquals(Elf.SYMTAB, file.getInt(symtab + 4), "the fixture's fifth section");
    file.putLong(symtab + 32, 1L << 40);
    assertLie(file, "section 5: size is 0x10000000000; allowed: 0x0 to 0x");
    file.putLong(symtab + 32, 24);
    file.putInt(symtab + 40, 1 << 20);
    assertLie(file, "section is 0x100000; allowed: 0x0 to 0x");
  }

  @Test
  void the_running_jvm_s_functions_are_those_that_nm_lists() throws Exception {
    Path library = Binutils.jvmLibrary();
    var expected = new TreeSet<Long>();
    for (String line : Binutils.run("nm", "--defined-only", library.toString())) {
      String[] fields = line.split(" ", 3);
      if (fields.length == 3 && "tTWwi".contains(fields[1])) {
        expected.add(Long.parseUnsignedLong(fields[0], 16));
      }
    }
    var found = new TreeSet<Long>();
    SymbolTable table = SymbolTable.read(ElfSymbols.of(library));
    for (int i = 0; i < table.size(); i++) {
      found.add(table.start(i));
    }
    assumeFalse(expected.isEmpty(), "nm finds no symbols");
    found.retainAll(expected);
    // Labels within functions are left out.
    assertTrue(
        found.size() >= expected.size() * 0.995,
        "%d of %d functions".formatted(found.size(), expected.size()));
  }

  private void assertRefused(Object content, String words) throws IOException {
    Path file =
        content instanceof byte[] bytes
            ? write("bad", bytes)
            : Files.writeString(directory.resolve("bad"), (String) content);
    var error = assertThrows(SymbolException.class, () -> SymbolTable.read(ElfSymbols.of(file)));
    assertTrue(error.getMessage().contains(words), error.getMessage());
    assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
  }

  private static void assertLie(ByteBuffer file, String words) {
    ElfSource source = ElfBytes.source(ElfBytes.bytesOf(file));
    var reader = new ElfSymbols(source, DebugFiles.ofSystem());
    var error = assertThrows(SymbolException.class, () -> SymbolTable.read(reader));
    assertTrue(error.getMessage().contains(words), error.getMessage());
  }

  private static byte[] changed(int offset, int value) {
    byte[] file = ElfFixture.library();
    file[offset] = (byte) value;
    return file;
  }

  private static byte[] link(String name, long checksum) {
    int size = name.length() + 4 & ~3;
    ByteBuffer link = ElfBytes.little(size + 4);
    link.put(ElfBytes.text(name)).putInt(size, (int) checksum);
    return ElfBytes.bytesOf(link);
  }

  private static long checksum(byte[] bytes) {
    var checksum = new CRC32();
    checksum.update(bytes);
    return checksum.getValue();
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }
}
