package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The programs under `examples`, compiled and run as their first lines say.
@Timeout(180)
final class ExamplesIT {
  @TempDir private Path folder;

  private static String output(String example, String... arguments) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Path.of("..", "examples").resolve(example).toString());
    Process process =
        new ProcessBuilder(Stream.concat(command.stream(), Stream.of(arguments)).toList())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), example);
    assertEquals(0, process.exitValue(), output);
    return output;
  }

  @Test
  @Tag("A40")
  void a_consumer_of_ones_own_finds_the_modulation_of_a_recording() throws Exception {
    Path recording = folder.resolve("cell.wav");
    var simulated = Photophone.run(folder, "simulate", recording.toString(), "--for", "2");
    assertEquals(0, simulated.exitCode(), simulated.errors());
    List<String> lines =
        output("custom-consumer/LoudestTone.java", recording.toString()).lines().toList();
    assertEquals("end of " + recording, lines.getLast());
    assertEquals(2 * 48_000 / 4096, lines.size() - 1, lines::toString);
    assertTrue(lines.getFirst().endsWith("A 2004 Hz, B 2004 Hz"), lines::toString);
  }

  @Test
  @Tag("B31")
  void a_client_reads_a_received_frame_where_it_lies() throws Exception {
    try (Photophone photophone =
        Photophone.start(
            folder, "serve", "--port", "0", "--data", folder.resolve("data").toString())) {
      URI address = photophone.address();
      String token = Tokens.operator(folder.resolve("data"));
      String line = output("frame-client/LatestFrame.java", address.toString(), token);
      Pattern expected =
          Pattern.compile(
              "frame \\d+: 1600 samples at 48000 Hz, peak of A 0\\.\\d+, of B 0\\.\\d+\\R");
      assertTrue(expected.matcher(line).matches(), line);
    }
  }
}
