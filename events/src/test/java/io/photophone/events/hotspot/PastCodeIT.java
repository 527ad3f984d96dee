package io.photophone.events.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.hotspot.JavaFrame.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A perf map where all look for it, of a process that is no JVM and so can't be asked.
@Tag("V19")
final class PastCodeIT {
  private final CompiledCode code = new CompiledCode();
  private Process process;
  private Path map;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/maps")), "no /proc/self/maps: needs Linux");
    process = new ProcessBuilder("cat").start();
    map = Path.of("/tmp/perf-%d.map".formatted(process.pid()));
  }

  @AfterEach
  void end() throws Exception {
    if (process != null) {
      Files.deleteIfExists(map);
      process.destroyForcibly().waitFor();
    }
  }

  private String tell(PastCode past) {
    return past.tell(code, (int) process.pid());
  }

  private JavaFrame frame() {
    return code.frameAt((int) process.pid(), 0x1010, System.nanoTime());
  }

  private void write() throws IOException {
    Files.writeString(map, "0x1000 0x20 int a.B.c()\n");
  }

  @Test
  void a_perf_map_of_the_process_is_taken() throws IOException {
    write();
    String said = tell(PastCode.PERF_MAP_THERE);
    assertTrue(said.startsWith("process %d has a perf map of".formatted(process.pid())), said);
    assertEquals(new JavaFrame("a.B.c", "()I", Kind.JIT), frame());
  }

  @Test
  void a_perf_map_older_than_the_process_is_not() throws IOException {
    write();
    Files.setLastModifiedTime(map, FileTime.from(Instant.now().minusSeconds(3600)));
    String said = tell(PastCode.PERF_MAP_THERE);
    assertTrue(said.contains("is older than the process"), said);
    assertNull(frame());
  }

  @Test
  void a_perf_map_of_another_user_is_not() throws IOException {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "gives a file away: root");
    write();
    Files.setAttribute(map, "unix:uid", 65534);
    String said = tell(PastCode.PERF_MAP_THERE);
    assertTrue(said.contains("is of user 65534"), said);
    assertNull(frame());
  }

  @Test
  void without_one_the_reason_is_told() {
    String said = tell(PastCode.PERF_MAP_THERE);
    assertTrue(said.contains("has no names: there is no "), said);
    said = tell(PastCode.PERF_MAP_ASKED);
    assertTrue(said.endsWith("runs no HotSpot JVM"), said);
    said = tell(PastCode.UNKNOWN);
    assertTrue(said.contains("as was asked for"), said);
  }
}
