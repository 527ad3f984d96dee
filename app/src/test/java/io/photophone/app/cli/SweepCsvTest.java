package io.photophone.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("M10")
final class SweepCsvTest {
  @TempDir private Path folder;

  @Test
  void a_negative_amplitude_is_refused_at_its_line() throws IOException {
    Path table =
        Files.writeString(folder.resolve("t.csv"), "frequency_hz,amplitude\n1990,0.1\n2000,-0.2\n");
    IOException refusal = assertThrows(IOException.class, () -> SweepCsv.read(table));
    assertEquals(table + ":3: amplitude is -0.2, allowed: 0 or above", refusal.getMessage());
  }
}
