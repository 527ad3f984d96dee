package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V2")
final class FormatTextPropertyTest {
  private static final Path EVENTS = Path.of("/sys/kernel/tracing/events");
  private static final int DAMAGED = 100_000;

  private static final String GOOD =
      """
      name: sched_process_exec
      ID: 312
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;
      \tfield:pid_t pid;\toffset:12;\tsize:4;\tsigned:1;
      \tfield:unsigned long args[6];\toffset:16;\tsize:48;\tsigned:0;
      \tfield:char comm[16];\toffset:64;\tsize:16;\tsigned:0;

      print fmt: "filename=%s", __get_str(filename)
      """;

  @Test
  void damaged_text_is_a_format_or_an_error_that_says_what() {
    EventFormat.parse(GOOD, ByteOrder.LITTLE_ENDIAN);
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      StringBuilder text = new StringBuilder(GOOD);
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(128));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(20)));
          case 2 -> text.insert(at, random.nextInt());
          default -> text.insert(at, ";[]: \n-9".charAt(random.nextInt(8)));
        }
      }
      try {
        EventFormat.parse(text.toString(), ByteOrder.LITTLE_ENDIAN);
      } catch (FormatException e) {
        refused++;
        assertTrue(e.getMessage() != null && !e.getMessage().isBlank(), "seed " + seed);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", text:\n" + text, e);
      }
    }
    assertTrue(refused > DAMAGED / 10, "refused " + refused + ", seed " + seed);
  }

  @Test
  void every_format_of_this_kernel_is_as_a_naive_reading_says() throws IOException {
    assumeTrue(Files.isReadable(EVENTS), EVENTS + " can't be read");
    List<Path> files = new ArrayList<>();
    try (Stream<Path> paths = Files.find(EVENTS, 3, (path, _) -> path.endsWith("format"))) {
      paths.forEach(files::add);
    }
    assumeTrue(!files.isEmpty(), "there are no formats in " + EVENTS);
    for (Path file : files) {
      String text = Files.readString(file);
      List<String> naive = naive(text);
      if (naive.isEmpty()) {
        continue;
      }
      EventFormat format = EventFormat.parse(text, ByteOrder.nativeOrder());
      List<String> ours =
          format.fields().stream()
              .map(field ->
                  "%s %d %d %s"
                      .formatted(field.name(), field.offset(), field.size(), field.signed()))
              .toList();
      assertEquals(naive, ours, file.toString());
    }
    System.out.println(files.size() + " formats");
  }

  /// Cuts lines at their semicolons and colons, and knows of no types.
  private static List<String> naive(String text) {
    List<String> fields = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (!line.startsWith("\tfield:")) {
        continue;
      }
      String[] parts = line.strip().split(";", -1);
      String declared = parts[0].substring(parts[0].lastIndexOf(' ') + 1);
      int bracket = declared.indexOf('[');
      String name = bracket > 0 ? declared.substring(0, bracket) : declared;
      fields.add(
          "%s %s %s %s"
              .formatted(
                  name.replace("*", ""),
                  value(parts[1]),
                  value(parts[2]),
                  value(parts[3]).equals("1")));
    }
    return fields;
  }

  private static String value(String part) {
    return part.substring(part.indexOf(':') + 1);
  }
}
