package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.EventFormat;
import io.photophone.events.FieldRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A recording of version 1: a shell that runs `/bin/true` five times and then counts, at 997
/// samples a second, on a machine of x86-64 with Linux 6.18.
final class GoldenRecordingTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void copyOut() throws IOException {
    assumeTrue(
        ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN),
        "the recording is of a machine with another order of bytes");
    file = folder.resolve("recording");
    try (InputStream golden = GoldenRecordingTest.class.getResourceAsStream("recording-v1.bin")) {
      Files.copy(Objects.requireNonNull(golden), file);
    }
  }

  @Test
  @Tag("V11")
  @Tag("V13")
  void it_holds_what_it_held_when_it_was_made() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    try (RecordedSource source = RecordedSource.open(file)) {
      for (String name : source.events().names()) {
        source.events().event(name).addCallback(_ -> counts.merge(name, 1, Integer::sum));
      }
      source.read();
      assertEquals(0, source.statistics().damaged());
      assertEquals(0, source.statistics().outOfOrder());
    }
    assertEquals(
        Map.of(
            "comm", 6,
            "cpu_sample", 25,
            "exit", 6,
            "fork", 5,
            "mmap2", 25,
            "sched:sched_process_exec", 5,
            "sched:sched_switch", 19,
            "switch", 44),
        counts);
  }

  @Test
  @Tag("V2")
  @Tag("V13")
  void texts_that_lie_behind_the_fields_of_a_tracepoint_are_read() throws IOException {
    List<String> files = new ArrayList<>();
    try (RecordedSource source = RecordedSource.open(file)) {
      var exec = source.events().event("sched:sched_process_exec");
      EventFormat format = exec.format();
      FieldRef filename = format.fieldRef("filename");
      FieldRef pid = format.fieldRef("pid");
      exec.addCallback(data -> {
        files.add(data.textOf(filename));
        assertEquals(data.tid(), data.intOf(pid));
      });
      source.read();
      assertTrue(
          source.events().errors().isEmpty(), () -> source.events().errors().first().toString());
    }
    assertEquals(List.of("/bin/true", "/bin/true", "/bin/true", "/bin/true", "/bin/true"), files);
  }

  @Test
  @Tag("V9")
  void samples_have_their_call_chains() throws IOException {
    List<Integer> depths = new ArrayList<>();
    try (RecordedSource source = RecordedSource.open(file)) {
      source
          .events()
          .event(PerfEvents.CPU_SAMPLE)
          .addCallback(data -> depths.add(data.longsOf(source.events().callChain())));
      source.read();
    }
    assertEquals(25, depths.size());
    assertTrue(depths.stream().allMatch(depth -> depth > 0), depths::toString);
  }
}
