package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.linux.Uprobes.Definition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The kernel's own tracefs.
@Tag("V19")
final class UprobesIT {
  private static final Path EVENTS = Path.of("/sys/kernel/tracing/uprobe_events");

  private static final Path PROGRAM =
      Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");

  @BeforeEach
  void needs_tracefs() {
    assumeTrue(Files.isWritable(EVENTS), EVENTS + " isn't writable: needs root and tracefs");
    assumeTrue(Files.exists(PROGRAM), "no " + PROGRAM);
  }

  @Test
  void the_kernel_has_a_probe_until_it_is_closed() throws IOException {
    String line;
    try (var uprobes = Uprobes.open()) {
      String name =
          uprobes.define(Definition.at("here", PROGRAM, "0x400000", List.of("a=%di:u64")));
      line = "p:" + name.replace(':', '/') + " ";
      assertTrue(Files.readString(EVENTS).contains(line), "defined");
    }
    assertEquals(-1, Files.readString(EVENTS).indexOf(line), "after close");
  }

  @Test
  void a_refusal_has_the_kernels_own_words_and_place() throws IOException {
    try (var uprobes = Uprobes.open()) {
      var refused =
          assertThrows(
              IOException.class,
              () ->
                  uprobes.define(
                      Definition.at("bad", PROGRAM, "0x400000", List.of("a=%nothing:u64"))));
      assertTrue(
          String.valueOf(refused.getMessage()).endsWith("Invalid register name at '%nothing:u64'"),
          refused::getMessage);
    }
  }

  /// A JVM that ends without closing: its shutdown hook cleans up; one that is killed leaves its
  /// probe to the next session.
  @Test
  void the_end_of_the_jvm_removes_probes_and_the_next_session_those_of_a_killed_one()
      throws Exception {
    String ended = run("end");
    assertEquals(-1, Files.readString(EVENTS).indexOf(ended), "after its end");
    String killed = run("halt");
    assertTrue(Files.readString(EVENTS).contains(killed), "after it was killed");
    Uprobes.open().close();
    assertEquals(-1, Files.readString(EVENTS).indexOf(killed), "after the next session");
  }

  private static String run(String how) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                how,
                PROGRAM.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String group =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    child.waitFor();
    assertTrue(group.startsWith("photophone_"), group);
    return group;
  }

  /// Defines a probe and ends without closing.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Uprobes uprobes = Uprobes.open();
      uprobes.define(Definition.at("here", Path.of(arguments[1]), "0x400000", List.of()));
      System.out.println(uprobes.group());
      System.out.flush();
      if (arguments[0].equals("halt")) {
        Runtime.getRuntime().halt(1);
      }
    }
  }
}
