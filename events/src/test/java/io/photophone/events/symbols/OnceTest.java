package io.photophone.events.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V12")
final class OnceTest {
  @TempDir private Path directory;

  @Test
  void nothing_is_read_before_the_first_use_and_once_for_all_threads() throws Exception {
    var reads = new AtomicInteger();
    Once<Object> once =
        Once.of(() -> {
          reads.incrementAndGet();
          return new Object();
        });
    assertEquals(0, reads.get());
    var barrier = new CyclicBarrier(8);
    try (var threads = Executors.newFixedThreadPool(8)) {
      var values =
          IntStream.range(0, 8)
              .mapToObj(_ ->
                  threads.submit(() -> {
                    barrier.await();
                    return once.get();
                  }))
              .toList();
      for (Future<Object> value : values) {
        assertSame(once.get(), value.get());
      }
    }
    assertEquals(1, reads.get());
    assertTrue(once.failure().isEmpty());
  }

  @Test
  void a_failure_is_remembered_and_told_to_each() {
    var reads = new AtomicInteger();
    Once<Object> once =
        Once.of(() -> {
          reads.incrementAndGet();
          throw new NoSuchFileException("/lib/gone.so");
        });
    var first = assertThrows(SymbolException.class, once::get);
    var second = assertThrows(SymbolException.class, once::get);
    assertTrue(first.getMessage().contains("/lib/gone.so"), first.getMessage());
    assertSame(first.getCause(), second.getCause());
    assertNull(once.orNull());
    assertEquals("/lib/gone.so", once.failure().map(IOException::getMessage).orElse(""));
    assertEquals(1, reads.get());
  }

  @Test
  void an_image_is_read_at_its_first_use() throws IOException {
    Path file = directory.resolve("late.so");
    ElfImage image = ElfImage.of(file);
    Files.write(file, ElfFixture.library());
    assertEquals("last", image.nameAt(ElfBytes.CONTENT_AT + 0x80));
    Files.delete(file);
    assertEquals("inner", image.nameAt(ElfBytes.CONTENT_AT + 0x10));
  }

  @Test
  void the_same_file_is_one_image_and_a_replaced_one_another() throws IOException {
    var images = new ElfImages();
    Path file = Files.write(directory.resolve("a.so"), ElfFixture.library());
    Path link = Files.createLink(directory.resolve("b.so"), file);
    assertSame(images.get(file), images.get(link));
    Files.delete(file);
    Files.write(file, new byte[10]);
    assertEquals(10, Files.size(file));
    assertTrue(images.get(file).failure() instanceof SymbolException);
    assertEquals(2, images.size());
    assertTrue(images.get(directory.resolve("none")).failure() instanceof NoSuchFileException);
  }

  @Test
  void this_process_has_the_jvm_s_code_named_and_says_that_it_has_no_perf_map() throws IOException {
    Path library = Binutils.jvmLibrary();
    ProcessSymbols process = ProcessSymbols.of(ProcessHandle.current().pid(), new ElfImages());
    int found = 0;
    for (CodeRange range : process.ranges()) {
      if (range instanceof CodeRange.InFile file
          && file.image().name().equals(library.toString())) {
        SymbolTable symbols = file.image().symbols();
        long start = symbols.start(symbols.size() / 2);
        long address = file.image().segments().offsetOf(start) - file.fileOffset() + file.start();
        assertEquals(symbols.name(symbols.find(start)), process.nameAt(address));
        assertSame(range, process.rangeAt(file.start()));
        assertSame(range, process.rangeAt(file.end() - 1));
        found++;
      }
    }
    assertEquals(1, found);
    assertNull(process.rangeAt(0));
    assertNull(process.rangeAt(-1));
    assertTrue(process.failure().isEmpty());
    assertTrue(process.perfMapFailure().isPresent());
  }

  @Test
  void a_program_that_was_deleted_while_it_runs_is_still_read() throws Exception {
    Path original = Path.of("/bin/sleep");
    assumeTrue(Files.isReadable(original), "no /bin/sleep here");
    Path program = Files.copy(original, directory.resolve("sleep"));
    assumeTrue(program.toFile().setExecutable(true), "can't make a program here");
    Process process = new ProcessBuilder(program.toString(), "60").start();
    try {
      Path itself = Path.of("/proc/%d/exe".formatted(process.pid()));
      while (process.isAlive() && !Files.readSymbolicLink(itself).equals(program)) {
        Thread.onSpinWait();
      }
      Files.delete(program);
      CodeRange first =
          ProcessSymbols.of(process.pid(), new ElfImages()).ranges().stream()
              .filter(range ->
                  range instanceof CodeRange.InFile file
                      && file.image().name().contains("map_files"))
              .findFirst()
              .orElseThrow();
      ElfImage image = ((CodeRange.InFile) first).image();
      assumeTrue(Files.isReadable(Path.of(image.name())), "not allowed to see deleted files");
      assertEquals(ElfImage.of(original).buildId(), image.buildId());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void a_process_that_is_gone_has_no_ranges_and_says_so() {
    ProcessSymbols process = ProcessSymbols.of(Integer.MAX_VALUE, new ElfImages());
    assertNull(process.rangeAt(0x1000));
    assertNull(process.nameAt(0x1000));
    assertTrue(process.failure().orElseThrow() instanceof NoSuchFileException);
  }
}
