package io.photophone.events.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V11")
final class AttributeSourceTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  @TempDir private Path proc;

  @BeforeEach
  void make_a_process() throws IOException {
    Path process = Files.createDirectory(proc.resolve("12"));
    Files.writeString(process.resolve("cmdline"), "java\0-jar\0photo phone.jar\0");
    Files.createSymbolicLink(process.resolve("exe"), Path.of("/opt/jdk/bin/java"));
    Files.writeString(process.resolve("cgroup"), "0::/system.slice/docker-" + ID + ".scope\n");
    Files.writeString(process.resolve("status"), "Name:\tjava\nNSpid:\t12\t1\n");
  }

  @Test
  void a_process_tells_its_command_line_and_program() throws IOException {
    assertEquals(
        Map.of("cmdline", "java -jar photo phone.jar", "exe", "/opt/jdk/bin/java"),
        new ProcessAttributes(proc).attributes(12));
  }

  @Test
  void a_thread_of_the_kernel_tells_nothing() throws IOException {
    Path process = Files.createDirectory(proc.resolve("2"));
    Files.writeString(process.resolve("cmdline"), "");
    assertEquals(Map.of(), new ProcessAttributes(proc).attributes(2));
  }

  @Test
  void a_container_tells_its_group_its_id_and_the_pid_within() throws IOException {
    assertEquals(
        Map.of(
            "cgroup",
            "/system.slice/docker-" + ID + ".scope",
            "container",
            ID,
            "container pid",
            "1"),
        new ContainerAttributes(proc).attributes(12));
  }

  @Test
  void a_process_outside_a_container_has_no_id() throws IOException {
    Path process = proc.resolve("12");
    Files.writeString(process.resolve("cgroup"), "3:cpu:/other\n0::/user.slice\n");
    Files.writeString(process.resolve("status"), "NSpid:\t12\n");
    assertEquals(Map.of("cgroup", "/user.slice"), new ContainerAttributes(proc).attributes(12));
  }

  @Test
  void a_process_that_has_gone_is_an_error_and_counted_by_the_profile() {
    assertThrows(IOException.class, () -> new ProcessAttributes(proc).attributes(13));
    assertThrows(IOException.class, () -> new ContainerAttributes(proc).attributes(13));
    Profile profile = new Profile(ProfileLimits.DEFAULT);
    profile.attributes(12, new ProcessAttributes(proc));
    profile.attributes(13, new ProcessAttributes(proc));
    assertEquals("/opt/jdk/bin/java", profile.processes().getFirst().attributes().get("exe"));
    assertEquals(Map.of(Loss.ATTRIBUTES, 1L), profile.losses().counts());
  }
}
