package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V19")
final class UsdtTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -4@%eax          | %ax:s32
          4@%ebx           | %bx:u32
          8@%rdi           | %di:u64
          -8@%rsi          | %si:s64
          1@%cl            | %cx:u8
          -1@%sil          | %si:s8
          1@%dil           | %di:u8
          2@%dx            | %dx:u16
          -2@%bp           | %bp:s16
          8@%rsp           | %sp:u64
          8@%r8            | %r8:u64
          4@%r9d           | %r9:u32
          2@%r10w          | %r10:u16
          -1@%r15b         | %r15:s8
          1@%ah            | %ax:b8@8/16
          8@152(%rdi)      | +152(%di):u64
          -4@-20(%rbp)     | -20(%bp):s32
          8@(%r12)         | +0(%r12):u64
          1@$1             | \\1:u8
          -4@$-17          | \\-17:s32
          """)
  void an_operand_is_a_fetch_argument(String operand, String fetched) {
    assertEquals(Optional.of(fetched), UsdtOperand.parse(operand).fetchArgument());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8f@%xmm0",
        "8@8(%rax,%rdx,8)",
        "8@symbol(%rip)",
        "4@%nothing",
        "3@%eax",
        "-1@%ah",
        "8@99999999999999999999(%rdi)",
        "8@9999999999999999999(%rdi)",
        "",
        "@",
        "8@%r16",
        "8@%rip"
      })
  void an_operand_that_a_uprobe_cannot_fetch_says_so(String operand) {
    UsdtOperand parsed = UsdtOperand.parse(operand);
    assertEquals(new UsdtOperand.Unsupported(operand), parsed);
    assertEquals(Optional.empty(), parsed.fetchArgument());
    assertEquals(Optional.empty(), parsed.fetchPointee("u8"));
  }

  @Test
  void what_a_pointer_points_to_can_be_fetched() {
    assertEquals(Optional.of("+0(%di):x8[64]"), UsdtOperand.parse("8@%rdi").fetchPointee("x8[64]"));
    assertEquals(
        Optional.of("+0(+152(%di)):ustring"),
        UsdtOperand.parse("8@152(%rdi)").fetchPointee("ustring"));
    assertEquals(Optional.empty(), UsdtOperand.parse("-4@%eax").fetchPointee("u8"));
    assertEquals(Optional.empty(), UsdtOperand.parse("1@$1").fetchPointee("u8"));
  }

  @Test
  void a_probe_has_its_place_and_its_operands() throws IOException {
    List<UsdtProbe> probes = ElfBytes.source(ElfFixture.library()).parse(UsdtNotes::of);
    UsdtProbe probe = probes.getFirst();
    assertEquals(1, probes.size());
    assertEquals("some", probe.provider());
    assertEquals("probe", probe.name());
    assertEquals(ElfFixture.TEXT + 0x20, probe.address());
    assertEquals(ElfBytes.CONTENT_AT + 0x20, probe.fileOffset());
    assertEquals("0x420", probe.place());
    assertEquals(
        "[-4@%eax, 8@152(%rdi), 1@$1]", List.of(probe.arguments().split(" ", -1)).toString());
    assertEquals(3, probe.operands().size());
    assertInstanceOf(UsdtOperand.Memory.class, probe.operands().get(1));
  }

  @Test
  void a_file_that_was_moved_after_linking_has_its_probes_moved() throws IOException {
    var elf = new ElfBytes();
    elf.segment(Elf.LOAD, 0x400, 0x3000, 0x100);
    byte[] note = ElfBytes.probe(0x1010, 0x4000, 0x1080, "p\0n\0\0");
    elf.section(".note.stapsdt", Elf.NOTE, 0, 0, 0, note);
    elf.section(".stapsdt.base", 1, 2, 0x6000, 0, new byte[1]);
    UsdtProbe probe = ElfBytes.source(elf.build()).parse(UsdtNotes::of).getFirst();
    assertEquals(0x3010, probe.address());
    assertEquals(0x410, probe.fileOffset());
    assertEquals(0x3080, probe.semaphore());
    assertEquals("0x410(0x480)", probe.place());
    assertEquals(List.of(), probe.operands());
  }

  @Test
  void a_note_without_an_end_is_an_error() {
    var elf = new ElfBytes();
    byte[] note = ElfBytes.probe(0x1010, 0, 0, "provider");
    elf.section(".note.stapsdt", Elf.NOTE, 0, 0, 0, note);
    ElfSource source = ElfBytes.source(elf.build());
    var error = assertThrows(SymbolException.class, () -> source.parse(UsdtNotes::of));
    assertTrue(error.getMessage().contains("without an end"), error.getMessage());
  }

  @Test
  void the_running_jvm_s_probes_are_those_that_readelf_lists() throws Exception {
    Path library = Binutils.jvmLibrary();
    List<String> lines = Binutils.run("readelf", "-Wn", library.toString());
    List<String> names = values(lines, "Name:").toList();
    assumeFalse(names.isEmpty(), "this JVM has no probes");
    List<UsdtProbe> probes = UsdtNotes.read(library);
    assertEquals(names, probes.stream().map(UsdtProbe::name).toList());
    assertEquals(
        values(lines, "Arguments:").toList(), probes.stream().map(UsdtProbe::arguments).toList());
    assertEquals(
        values(lines, "Location:").map(UsdtTest::firstNumber).toList(),
        probes.stream().map(UsdtProbe::address).toList());
    var unfetched = new ArrayList<UsdtOperand>();
    for (UsdtProbe probe : probes) {
      unfetched.addAll(
          probe.operands().stream().filter(UsdtOperand.Unsupported.class::isInstance).toList());
    }
    assertEquals(List.of(), unfetched);
  }

  private static Stream<String> values(List<String> lines, String label) {
    return lines.stream()
        .map(String::strip)
        .filter(line -> line.startsWith(label))
        .map(line -> line.substring(label.length()).strip());
  }

  private static long firstNumber(String text) {
    return Long.decode(text.substring(0, text.indexOf(',')));
  }
}
