package io.photophone.acquisition.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.photophone.model.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M8")
class FileSensorTest {
  private static final Instant NOW = Instant.parse("2030-01-31T12:00:00Z");

  @TempDir Path folder;
  private Path file;
  private FileSensor sensor;

  @BeforeEach
  void sensor() {
    file = folder.resolve("environment.csv");
    sensor = new FileSensor(file, new SensorUncertainty(0.25, 2));
  }

  private void append(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private String refusal() {
    IOException refusal = assertThrows(IOException.class, () -> sensor.read(NOW));
    return String.valueOf(refusal.getMessage()).replace(folder + "/", "");
  }

  @Test
  void the_last_whole_line_of_a_file_that_grows_counts() throws IOException {
    append("time,temperature_c,pressure_hpa\n2030-01-31T00:00:00Z,20.5,1000\n");
    assertEquals(
        new TimedEnvironment(
            Instant.parse("2030-01-31T00:00:00Z"), new Environment(20.5, 0.25, 1000, 2)),
        sensor.read(NOW));
    append("2030-01-31T01:00:10+01:00,21.");
    assertEquals(20.5, sensor.read(NOW).environment().temperatureC());
    append("5,1001\r\n");
    assertEquals(
        new TimedEnvironment(
            Instant.parse("2030-01-31T00:00:10Z"), new Environment(21.5, 0.25, 1001, 2)),
        sensor.read(NOW));
  }

  @Test
  void a_file_that_is_replaced_is_read_anew() throws IOException {
    append("20 1000\n");
    sensor.read(NOW);
    Path next = Files.writeString(folder.resolve("next"), "-5.5 990\n");
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    assertEquals(new Environment(-5.5, 0.25, 990, 2), sensor.read(NOW).environment());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"20.5,1000", "20.5 1000", "20.5;1000", "' 20.5 , 1e3 '", "20.5\t1000"})
  void two_numbers_hold_since_the_file_changed(String line) throws IOException {
    append(line + "\n");
    Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(7)));
    assertEquals(
        new TimedEnvironment(NOW.minusSeconds(7), new Environment(20.5, 0.25, 1000, 2)),
        sensor.read(NOW));
  }

  @Test
  void an_empty_field_is_not_known() throws IOException {
    append("2030-01-31T00:00:00Z,,1000\n");
    assertEquals(new Environment(Double.NaN, Double.NaN, 1000, 2), sensor.read(NOW).environment());
  }

  @Test
  void of_a_large_file_the_end_is_read() throws IOException {
    append("2030-01-31T00:00:00Z,20.5,1000\n".repeat(10_000));
    append("2030-01-31T00:00:01Z,21,1000\n");
    assertEquals(21, sensor.read(NOW).environment().temperatureC());
    append("2030-01-31T00:00:01Z,x,1000\n");
    assertEquals(
        "environment.csv, line 10002: temperature_c is \"x\", allowed: a number, or nothing",
        refusal());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "warm,1000 | temperature_c is \"warm\", allowed: a number, or nothing",
        "20,NaN | pressure_hpa is \"NaN\", allowed: a number, or nothing",
        "2030-01-31T00:00:00Z,20,0.5 | pressure_hpa is 0.5, allowed: [1, 10000]",
        "900,1000 | temperature_c is 900, allowed: [-100, 500]",
        "yesterday,20,1000 | time is \"yesterday\", allowed: a time such as 2030-01-31T00:00:00Z",
        "20 | the line is \"20\", allowed: time,temperature_c,pressure_hpa or"
            + " temperature_c,pressure_hpa"
      })
  void a_line_that_means_nothing_is_refused_with_file_and_line(String line, String complaint)
      throws IOException {
    append("20,1000\n" + line + "\n");
    assertEquals("environment.csv, line 2: " + complaint, refusal());
  }

  @Test
  void a_file_without_a_whole_line_is_refused() throws IOException {
    assertEquals("environment.csv does not exist", refusal());
    append("20,10");
    assertEquals(
        "environment.csv has no whole line, allowed: time,temperature_c,pressure_hpa or"
            + " temperature_c,pressure_hpa, with a newline",
        refusal());
    append("x".repeat(3000) + "\n");
    assertEquals("environment.csv: the last line is longer than 1024 bytes", refusal());
  }
}
