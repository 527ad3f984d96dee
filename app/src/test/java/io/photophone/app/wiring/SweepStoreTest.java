package io.photophone.app.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M10")
final class SweepStoreTest {
  @TempDir private Path data;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] sweep(String name) {
    return bytes("{\"sweep\": \"" + name + "\"}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          ``             | it holds no JSON object
          []             | it holds no JSON object
          {"sweep": "sec | Unexpected end-of-input
          {"sweep": 1}}  | Unexpected close marker '}'
          """)
  void a_damaged_newest_file_is_named_and_not_handed_out(String content, String reason)
      throws IOException {
    SweepStore store = new SweepStore(data, "cell");
    store.add(sweep("first"));
    Path file = store.add(bytes(content));
    IOException refusal = assertThrows(IOException.class, store::latest);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.startsWith(file + " is damaged: " + reason), message);
    Files.delete(file);
    assertArrayEquals(sweep("first"), store.latest());
  }

  @Test
  void the_latest_is_the_one_that_was_added_last() throws IOException {
    SweepStore store = new SweepStore(data, "cell");
    assertNull(store.latest());
    assertEquals(data.resolve("sweeps/cell/000001.json"), store.add(sweep("first")));
    assertEquals(data.resolve("sweeps/cell/000002.json"), store.add(sweep("second")));
    assertArrayEquals(sweep("second"), new SweepStore(data, "cell").latest());
    assertEquals(
        new String(sweep("first"), UTF_8),
        Files.readString(data.resolve("sweeps/cell/000001.json")));
    assertNull(new SweepStore(data, "another").latest());
  }

  @Test
  void what_is_no_sweep_is_left_alone() throws IOException {
    Path folder = Files.createDirectories(data.resolve("sweeps/cell"));
    Files.writeString(folder.resolve("notes.txt"), "mine");
    Files.writeString(folder.resolve("sweep9.tmp"), "torn");
    Files.writeString(folder.resolve("999999.json"), "{\"sweep\": \"many\"}");
    SweepStore store = new SweepStore(data, "cell");
    assertArrayEquals(sweep("many"), store.latest());
    assertEquals(folder.resolve("1000000.json"), store.add(sweep("more")));
    assertArrayEquals(sweep("more"), store.latest());
  }

  @Test
  void two_that_add_at_once_overwrite_nothing() throws Exception {
    Set<Path> files = new ConcurrentSkipListSet<>();
    List<Thread> threads =
        Stream.of("a", "b", "c", "d")
            .map(name ->
                Thread.ofVirtual()
                    .start(() -> {
                      SweepStore store = new SweepStore(data, "cell");
                      for (int i = 0; i < 20; i++) {
                        try {
                          files.add(store.add(bytes(name + i)));
                        } catch (IOException e) {
                          throw new UncheckedIOException(e);
                        }
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(80, files.size());
    Set<String> texts = new TreeSet<>();
    for (Path file : files) {
      texts.add(Files.readString(file));
    }
    assertEquals(80, texts.size());
    try (Stream<Path> left = Files.list(data.resolve("sweeps/cell"))) {
      assertTrue(left.allMatch(file -> file.toString().endsWith(".json")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cell-1_b, cell-1_b",
    "NH3 cell, NH3%20cell",
    "../etc, %2E%2E%2Fetc",
    "a/b\\c, a%2Fb%5Cc",
    "Küvette, K%C3%BCvette",
  })
  void a_name_is_one_folder_whatever_it_holds(String instrument, String folder) throws IOException {
    new SweepStore(data, instrument).add(bytes("x"));
    assertTrue(Files.exists(data.resolve("sweeps").resolve(folder).resolve("000001.json")));
  }
}
