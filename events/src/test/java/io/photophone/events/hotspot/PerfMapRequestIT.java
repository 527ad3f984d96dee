package io.photophone.events.hotspot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.events.hotspot.JavaFrame.Kind;
import io.photophone.events.symbols.SymbolReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A real JVM is asked for its code.
@Tag("V19")
@Timeout(120)
final class PerfMapRequestIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @BeforeEach
  void needs_linux() {
    assumeTrue(Files.exists(Path.of("/proc/self/maps")), "no /proc/self/maps: needs Linux");
  }

  private static List<String> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("photophone-.*\\.map|perf-\\d+\\.map|\\.attach_pid\\d+"))
          .toList();
    }
  }

  @Test
  void a_jvm_tells_its_code_and_no_file_is_left() throws Exception {
    Process busy = BusyJvm.start(List.of(), "compile");
    try {
      awaitJvm(busy.pid());
      var code = new CompiledCode();
      long before = System.nanoTime();
      Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
      List<Long> starts = new ArrayList<>();
      code.addSnapshot(
          (int) busy.pid(),
          before,
          new SymbolReader() {
            @Override
            public String source() {
              return "the JVM";
            }

            @Override
            public long read(Sink sink) throws IOException {
              return PerfMapRequest.of(busy.pid(), LIMIT)
                  .read((start, end, bytes, offset, length) -> {
                    starts.add(start);
                    return sink.symbol(start, end, bytes, offset, length);
                  });
            }
          });
      for (long start : starts) {
        JavaFrame frame = code.frameAt((int) busy.pid(), start, before);
        kinds.merge(Objects.requireNonNull(frame).kind(), 1, Integer::sum);
      }
      System.out.println("pieces of code: " + kinds);
      assertEquals(1, kinds.get(Kind.INTERPRETER));
      assertTrue(kinds.getOrDefault(Kind.JIT, 0) > 0, kinds::toString);
      assertTrue(kinds.get(Kind.STUB) > 20, kinds::toString);
      assertTrue(
          temporaryFiles().stream().noneMatch(name -> name.contains("" + busy.pid())),
          () -> "left for " + busy.pid());
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  /// The probe is what `jcmd` waits for, too: a JVM that starts doesn't catch the signal yet.
  private static void awaitJvm(long pid) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        HotspotAttach.to(pid, LIMIT);
        return;
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void a_process_that_is_no_jvm_gets_no_signal() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      var refused =
          assertThrows(
              IOException.class,
              () -> PerfMapRequest.of(cat.pid(), LIMIT).read((_, _, _, _, _) -> true));
      assertEquals("process %d runs no HotSpot JVM".formatted(cat.pid()), refused.getMessage());
      assertTrue(cat.isAlive());
    } finally {
      cat.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_jvm_that_does_not_catch_the_signal_gets_none() throws Exception {
    Process busy = BusyJvm.start(List.of("-Xrs"), "compile");
    try {
      long end = System.nanoTime() + LIMIT.toNanos();
      while (JvmLibrary.ofProcess(busy.pid()).isEmpty() && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      var refused =
          assertThrows(
              IOException.class,
              () -> PerfMapRequest.of(busy.pid(), LIMIT).read((_, _, _, _, _) -> true));
      assertTrue(String.valueOf(refused.getMessage()).contains("-Xrs"), refused::getMessage);
      assertTrue(busy.isAlive());
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_stopped_jvm_is_waited_for_only_so_long() throws Exception {
    Process busy = BusyJvm.start(List.of(), "compile");
    try {
      awaitJvm(busy.pid());
      new ProcessBuilder("/bin/sh", "-c", "kill -STOP \"$0\"", Long.toString(busy.pid()))
          .start()
          .waitFor();
      var refused =
          assertThrows(
              IOException.class,
              () ->
                  PerfMapRequest.of(busy.pid(), Duration.ofMillis(300))
                      .read((_, _, _, _, _) -> true));
      assertEquals(
          "process %d doesn't answer within 300 ms".formatted(busy.pid()), refused.getMessage());
    } finally {
      busy.destroyForcibly().waitFor();
    }
  }
}
