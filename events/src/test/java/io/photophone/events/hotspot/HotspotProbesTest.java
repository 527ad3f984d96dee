package io.photophone.events.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.linux.Uprobes.Definition;
import io.photophone.events.symbols.UsdtProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V19")
final class HotspotProbesTest {
  private static final Path LIBRARY = Path.of("/jvm/libjvm.so");
  private static final String LOAD = "compiled__method__load";

  /// As built into Temurin 25.
  private static final String ARGUMENTS =
      "8@%r12 -4@%esi 8@%rdi -4@%r8d 8@%r9 -4@%r10d 8@%rax -4@%edx";

  private static UsdtProbe probe(String provider, String name, long offset, String arguments) {
    return new UsdtProbe(provider, name, offset, offset, 0, -1, arguments);
  }

  @Test
  void loading_and_each_place_of_unloading_are_defined() throws IOException {
    List<Definition> definitions =
        HotspotProbes.definitions(
            LIBRARY,
            List.of(
                probe("hotspot", "vm__shutdown", 1, ""),
                probe("hotspot", LOAD, 0xe27e84, ARGUMENTS),
                probe("other", LOAD, 2, ARGUMENTS),
                probe(
                    "hotspot",
                    "compiled__method__unload",
                    0xe27f62,
                    "8@-8(%rbp) -4@%eax 8@%rdi -4@%ecx 8@%r8 -4@$3")),
            2);
    assertEquals(
        List.of(
            Definition.at(
                "load_2_1",
                LIBRARY,
                "0xe27e84",
                List.of(
                    "class=+0(%r12):ustring",
                    "class_size=%si:s32",
                    "method=+0(%di):ustring",
                    "method_size=%r8:s32",
                    "signature=+0(%r9):ustring",
                    "signature_size=%r10:s32",
                    "code=%ax:u64",
                    "code_size=%dx:s32")),
            Definition.at(
                "unload_2_2",
                LIBRARY,
                "0xe27f62",
                List.of(
                    "class=+0(-8(%bp)):ustring",
                    "class_size=%ax:s32",
                    "method=+0(%di):ustring",
                    "method_size=%cx:s32",
                    "signature=+0(%r8):ustring",
                    "signature_size=\\3:s32"))),
        definitions);
  }

  @Test
  void a_jvm_without_the_probe_is_told_with_what_to_do_instead() {
    var refused =
        assertThrows(
            IOException.class,
            () ->
                HotspotProbes.definitions(
                    LIBRARY, List.of(probe("hotspot", "vm__shutdown", 1, "")), 1));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("jcmd PID Compiler.perfmap"),
        refused::getMessage);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8@%r12 -4@%esi 8@%rdi -4@%r8d 8@%r9 -4@%r10d 8@%rax",
        "8@%r12 -4@%esi 8@%rdi -4@%r8d 8@%r9 -4@%r10d 8@%rax -4@%edx 8@%rcx",
        "8@(%r12,%r13,8) -4@%esi 8@%rdi -4@%r8d 8@%r9 -4@%r10d 8@%rax -4@%edx",
        "4@%r12d -4@%esi 8@%rdi -4@%r8d 8@%r9 -4@%r10d 8@%rax -4@%edx",
      })
  void a_probe_of_another_form_is_refused(String arguments) {
    var refused =
        assertThrows(
            IOException.class,
            () ->
                HotspotProbes.definitions(
                    LIBRARY, List.of(probe("hotspot", LOAD, 5, arguments)), 1));
    assertTrue(String.valueOf(refused.getMessage()).contains(LOAD), refused::getMessage);
  }

  @Test
  void only_executable_mappings_of_libjvm_name_a_library() {
    Path process = Path.of("/proc/5");
    String place = "7f3949dbf000-7f3949df8000 ";
    assertEquals(
        "/a/server/libjvm.so",
        JvmLibrary.ofLine(5, process, place + "r-xp 00001000 fe:00 328729     /a/server/libjvm.so")
            .orElseThrow()
            .path());
    assertTrue(
        JvmLibrary.ofLine(5, process, place + "r--p 00001000 fe:00 328729 /a/server/libjvm.so")
            .isEmpty());
    assertTrue(
        JvmLibrary.ofLine(5, process, place + "r-xp 00001000 fe:00 328729 /a/notlibjvm.so")
            .isEmpty());
    assertTrue(JvmLibrary.ofLine(5, process, place + "rwxp 00000000 00:00 0 ").isEmpty());
  }

  @Test
  void a_replaced_library_or_one_with_a_space_is_reached_by_its_mapping() {
    Path process = Path.of("/proc/5");
    String line = "7f3949dbf000-7f3949df8000 r-xp 00001000 fe:00 9 ";
    Path mapped = Path.of("/proc/5/map_files/7f3949dbf000-7f3949df8000");
    assertEquals(
        mapped,
        JvmLibrary.ofLine(5, process, line + "/a/libjvm.so (deleted)").orElseThrow().file());
    assertEquals(
        mapped, JvmLibrary.ofLine(5, process, line + "/my jvm/libjvm.so").orElseThrow().file());
  }
}
