package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.linux.Uprobes.Definition;
import io.photophone.events.linux.Uprobes.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A directory stands for tracefs: what is appended to its file is what the kernel would get.
@Tag("V19")
final class UprobesTest {
  private static final Path LIBRARY = Path.of("/usr/lib/jvm/libjvm.so");

  @TempDir Path tracefs;
  private Owner self;

  @BeforeEach
  void fill() throws IOException {
    Files.createFile(tracefs.resolve("uprobe_events"));
    Files.createFile(tracefs.resolve("error_log"));
    long pid = ProcessHandle.current().pid();
    self = new Owner(7, pid, Owner.startTicks(pid));
  }

  private List<String> written() throws IOException {
    return Files.readAllLines(tracefs.resolve("uprobe_events"));
  }

  @Test
  void a_probe_is_defined_within_the_sessions_group_and_removed_on_close() throws IOException {
    String group;
    try (var uprobes = Uprobes.open(tracefs, self)) {
      group = uprobes.group();
      assertEquals(
          group + ":load",
          uprobes.define(
              Definition.at(
                  "load",
                  LIBRARY,
                  "0xe27e84(0x1a2b)",
                  List.of("class=+0(%r12):ustring", "n=%si:s32"))));
      uprobes.define(Definition.atReturn("back", LIBRARY, "0x10", List.of()));
    }
    assertEquals(
        List.of(
            "p:"
                + group
                + "/load /usr/lib/jvm/libjvm.so:0xe27e84(0x1a2b) class=+0(%r12):ustring n=%si:s32",
            "r:" + group + "/back /usr/lib/jvm/libjvm.so:0x10",
            "-:" + group + "/load",
            "-:" + group + "/back"),
        written());
  }

  @Test
  void two_sessions_of_a_process_have_groups_of_their_own() throws IOException {
    try (var first = Uprobes.open(tracefs, self);
        var second = Uprobes.open(tracefs, self)) {
      assertFalse(first.group().equals(second.group()), first.group());
    }
  }

  @Test
  void what_dead_processes_left_is_removed_and_nothing_else() throws IOException {
    long pid = self.pid();
    String numberUsedAgain = "photophone_7_%d_%d_1".formatted(pid, self.startTicks() - 1);
    String running = "photophone_7_%d_%d_1".formatted(pid, self.startTicks());
    Files.write(
        tracefs.resolve("uprobe_events"),
        List.of(
            "p:photophone_7_4194305_55_1/load /lib/x:0x0000000000000010 a=%di:u64",
            "r8:photophone_7_4194305_55_1/back /lib/x:0x0000000000000010",
            "p:" + numberUsedAgain + "/load /lib/x:0x0000000000000010",
            "p:" + running + "/load /lib/x:0x0000000000000010",
            "p:photophone_8_4194305_55_1/load /lib/x:0x0000000000000010",
            "p:others/load /lib/x:0x0000000000000010"));
    Uprobes.open(tracefs, self).close();
    assertEquals(
        List.of(
            "-:photophone_7_4194305_55_1/load",
            "-:photophone_7_4194305_55_1/back",
            "-:" + numberUsedAgain + "/load"),
        written().subList(6, written().size()));
  }

  @Test
  void a_removed_probe_is_not_removed_again() throws IOException {
    var uprobes = Uprobes.open(tracefs, self);
    String name = uprobes.define(Definition.at("load", LIBRARY, "0x10", List.of()));
    uprobes.remove(name);
    uprobes.close();
    assertEquals(2, written().size());
    var refused = assertThrows(IllegalArgumentException.class, () -> uprobes.remove(name));
    assertTrue(String.valueOf(refused.getMessage()).contains(name), refused::getMessage);
    assertThrows(
        IllegalStateException.class,
        () -> uprobes.define(Definition.at("load", LIBRARY, "0x10", List.of())));
  }

  @ParameterizedTest
  @CsvSource({
    "1load, /lib/x, 0x10, a=%di:u64, 1load",
    "load, /lib/a b, 0x10, a=%di:u64, /lib/a b",
    "load, /lib/x, 10, a=%di:u64, '10'",
    "load, /lib/x, 0x10(5), a=%di:u64, 0x10(5)",
    "load, /lib/x, 0x10, %di:u64, %di:u64",
    "load, /lib/x, 0x10, a=%di :u64, a=%di :u64",
  })
  void a_wrong_definition_is_refused_with_its_value(
      String name, String file, String place, String argument, String told) {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Definition.at(name, Path.of(file), place, List.of(argument)));
    assertTrue(String.valueOf(refused.getMessage()).contains(told), refused::getMessage);
    assertTrue(String.valueOf(refused.getMessage()).contains("allowed:"), refused::getMessage);
  }

  @Test
  void a_missing_tracefs_is_told_with_the_command_that_mounts_it() {
    Path missing = tracefs.resolve("none");
    var refused = assertThrows(IOException.class, () -> Uprobes.open(missing, self));
    assertEquals(
        "%s isn't there: sudo mount -t tracefs nodev %s".formatted(missing, missing),
        refused.getMessage());
  }

  @Test
  void a_kernel_without_uprobes_is_told() throws IOException {
    Files.delete(tracefs.resolve("uprobe_events"));
    var refused = assertThrows(IOException.class, () -> Uprobes.open(tracefs, self));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("CONFIG_UPROBE_EVENTS"), refused::getMessage);
  }
}
