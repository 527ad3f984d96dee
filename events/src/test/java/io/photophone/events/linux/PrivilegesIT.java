package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V13")
class PrivilegesIT {
  private static final String NOBODY = "65534";

  @TempDir private Path folder;

  /// Our classes where every user may read them.
  ///
  /// @return class path
  private String copyClasses() throws IOException, URISyntaxException {
    List<String> classPath = new ArrayList<>(List.of(folder.toString()));
    for (Class<?> each : List.of(PerfSession.class, Unprivileged.class)) {
      Path root = Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path to = folder.resolve(file.equals(root) ? file.getFileName() : root.relativize(file));
          Files.createDirectories(to.getParent());
          Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
          if (file.equals(root)) {
            classPath.add(to.toString());
          }
        }
      }
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.toList()) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    return String.join(java.io.File.pathSeparator, classPath);
  }

  @Test
  void a_user_without_privileges_records_own_threads_and_is_told_what_is_missing_and_what_gives_it()
      throws Exception {
    Possible.wholeMachine();
    Possible.samplesPerSecond(500);
    int paranoid = Privileges.probe().paranoid().orElse(4);
    Assumptions.assumeTrue(paranoid == 2, "kernel.perf_event_paranoid is " + paranoid);
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "no setpriv here");
    String classPath = copyClasses();
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                Unprivileged.class.getName())
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    lines.forEach(System.out::println);
    String all = String.join("\n", lines);
    assertEquals(0, process.waitFor(), all);

    assertTrue(all.contains("machine refused") && all.contains("kernel.perf_event_paranoid=1"));
    assertTrue(all.contains("setcap cap_perfmon"), all);
    assertTrue(all.contains("tracepoint refused sched:sched_waking: "), all);
    assertTrue(all.contains("large refused a ring of") && all.contains("perf_event_mlock_kb"), all);
    assertTrue(all.contains("remark cpu_sample: what happens in the kernel is left out"), all);
    long samples = Long.parseLong(all.replaceAll("(?s).*own samples (\\d+).*", "$1"));
    long switches = Long.parseLong(all.replaceAll("(?s).*own switches (\\d+).*", "$1"));
    assertTrue(samples > 10, all);
    assertTrue(switches > 0, all);
  }

  @Test
  void what_this_process_may_do_is_found_out_without_changing_anything() {
    Privileges privileges = Privileges.probe();
    Assumptions.assumeTrue(privileges.linux(), "this isn't Linux");
    assertEquals(
        privileges.missing().isEmpty(),
        privileges.wholeMachine()
            && privileges.kernelOfOwnThreads()
            && privileges.tracefs().isPresent()
            && privileges.kernelAddresses()
            && privileges.paranoid().isPresent());
  }

  @Test
  void another_system_than_linux_is_said_to_be_one() {
    Privileges privileges = Privileges.probe("Windows 11", folder);
    assertFalse(privileges.wholeMachine());
    assertEquals("run it on Linux", privileges.missing().getFirst().command());
  }

  @Test
  void numbers_of_the_kernel_are_read_whole_and_what_is_missing_says_them() throws IOException {
    Path kernel = Files.createDirectories(folder.resolve("sys/kernel"));
    Files.writeString(kernel.resolve("perf_event_paranoid"), "3\n");
    Files.writeString(kernel.resolve("perf_event_max_sample_rate"), "12345\n");
    Files.createDirectories(folder.resolve("self"));
    Files.writeString(folder.resolve("self/status"), "Name:\tx\nCapEff:\t0000000000000000\n");
    Files.writeString(folder.resolve("kallsyms"), "0000000000000000 T start\n");
    Privileges privileges = Privileges.probe("Linux", folder);
    assertEquals(12345, privileges.mostSamplesPerSecond().orElseThrow());
    assertFalse(privileges.capable() || privileges.wholeMachine());
    String missing = privileges.missing().toString();
    assertTrue(missing.contains("kernel.perf_event_paranoid is 3"), missing);
    assertTrue(missing.contains("sudo sysctl kernel.kptr_restrict=0 "), missing);

    Files.writeString(folder.resolve("self/status"), "CapEff:\t0000004000000000\n");
    assertTrue(Privileges.probe("Linux", folder).wholeMachine(), "CAP_PERFMON");
  }
}
