package io.photophone.app.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.config.LoggingConfig;
import io.photophone.app.config.LoggingConfig.Format;
import io.photophone.app.config.LoggingConfig.LogFile;
import io.photophone.app.config.LoggingConfig.LoggerLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LogsTest {
  private static final System.Logger LOG = System.getLogger("io.photophone.test.Sample");

  @TempDir private Path folder;

  private final Logs logs = new Logs();

  @AfterEach
  void standard_error_again() throws IOException {
    logs.configure(LoggingConfig.DEFAULT);
  }

  @Test
  void an_entry_for_people_is_one_line_that_nobody_can_forge() throws Exception {
    configure(Format.TEXT, LoggingConfig.Level.INFO, List.of());
    LOG.log(System.Logger.Level.WARNING, "refused {0}", "a\nERROR forged");
    LOG.log(System.Logger.Level.DEBUG, "too small");
    List<String> lines = lines();
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(
        lines
            .getFirst()
            .matches(
                "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d{4} WARNING \\[.*]"
                    + " test.Sample: refused a\uFFFDERROR forged"),
        lines::toString);
  }

  @Test
  void an_entry_for_programs_is_a_json_object_with_its_stack_trace() throws Exception {
    configure(Format.JSON, LoggingConfig.Level.INFO, List.of());
    LOG.log(System.Logger.Level.ERROR, "it failed \"badly\"", new IOException("disk full"));
    List<String> lines = lines();
    assertEquals(1, lines.size());
    JsonNode entry = JsonMapper.shared().readTree(lines.getFirst());
    assertEquals("error", entry.get("level").asString());
    assertEquals("io.photophone.test.Sample", entry.get("logger").asString());
    assertEquals("it failed \"badly\"", entry.get("message").asString());
    assertEquals(Thread.currentThread().getName(), entry.get("thread").asString());
    assertTrue(entry.get("error").asString().contains("disk full"));
  }

  @Test
  void a_part_of_the_program_may_log_more_and_another_configuration_takes_that_back()
      throws Exception {
    configure(
        Format.TEXT,
        LoggingConfig.Level.WARNING,
        List.of(new LoggerLevel("io.photophone.test", LoggingConfig.Level.DEBUG)));
    LOG.log(System.Logger.Level.DEBUG, "seen");
    configure(Format.TEXT, LoggingConfig.Level.WARNING, List.of());
    LOG.log(System.Logger.Level.DEBUG, "unseen");
    List<String> lines = lines();
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.getFirst().endsWith("seen"));
  }

  @Test
  void a_file_that_cannot_be_written_is_refused_and_what_was_in_force_stays() throws Exception {
    configure(Format.TEXT, LoggingConfig.Level.INFO, List.of());
    LoggingConfig impossible =
        new LoggingConfig(
            Format.TEXT,
            LoggingConfig.Level.INFO,
            List.of(),
            new LogFile(folder.resolve("no such folder/a.log"), 1, 1));
    assertThrows(IOException.class, () -> logs.configure(impossible));
    LOG.log(System.Logger.Level.INFO, "still here");
    assertTrue(lines().getFirst().endsWith("still here"));
    assertFalse(Files.exists(folder.resolve("no such folder")));
  }

  private void configure(Format format, LoggingConfig.Level level, List<LoggerLevel> levels)
      throws IOException {
    logs.configure(
        new LoggingConfig(format, level, levels, new LogFile(folder.resolve("a.log"), 1, 1)));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("a.log"));
  }
}
