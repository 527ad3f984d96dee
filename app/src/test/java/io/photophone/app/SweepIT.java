package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `photophone sweep` as its users run it.
@Tag("M10")
@Timeout(300)
final class SweepIT {
  @TempDir private Path folder;

  private Photophone.Outcome run(String... arguments) throws Exception {
    return Photophone.run(folder, arguments);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private static void assertIsTheCell(JsonNode sweep) {
    JsonNode resonance = sweep.get("resonance");
    assertEquals(
        2000.8,
        resonance.get("frequency_hz").asDouble(),
        4 * resonance.get("frequency_uncertainty_hz").asDouble());
    assertEquals(
        80,
        resonance.get("quality").asDouble(),
        4 * resonance.get("quality_uncertainty").asDouble());
  }

  @Test
  void the_simulated_cell_its_recording_and_its_table_show_the_same_resonance() throws Exception {
    Photophone.Outcome cell = run("sweep", "--steps", "21", "--format", "json");
    assertEquals(0, cell.exitCode(), cell::errors);
    assertIsTheCell(JsonMapper.shared().readTree(cell.output()));

    Photophone.Outcome recorded = run("simulate", path("sweep.wav"), "--sweep", "--steps", "21");
    assertEquals(0, recorded.exitCode(), recorded::errors);
    assertEquals("", recorded.output());
    Photophone.Outcome recording =
        run("sweep", path("sweep.wav"), "--steps", "21", "--format", "json");
    assertEquals(0, recording.exitCode(), recording::errors);
    assertIsTheCell(JsonMapper.shared().readTree(recording.output()));

    Photophone.Outcome csv = run("sweep", path("sweep.wav"), "--steps", "21", "--format", "csv");
    Files.writeString(folder.resolve("sweep.csv"), csv.output());
    Photophone.Outcome table =
        run("sweep", path("sweep.csv"), "--format", "json", "--store", "--data", path("data"));
    assertEquals(0, table.exitCode(), table::errors);
    assertIsTheCell(JsonMapper.shared().readTree(table.output()));
    assertEquals(
        JsonMapper.shared().readTree(table.output()),
        JsonMapper.shared()
            .readTree(Files.readString(folder.resolve("data/sweeps/cell/000001.json"))));
    Photophone.Outcome magnitudes =
        run("sweep", path("sweep.csv"), "--magnitudes", "--format", "json");
    assertEquals(
        "magnitudes", JsonMapper.shared().readTree(magnitudes.output()).get("fitted").asString());
  }

  @Test
  void the_table_ends_with_frequency_and_quality() throws Exception {
    Photophone.Outcome outcome = run("sweep", "--steps", "11");
    assertEquals(0, outcome.exitCode(), outcome::errors);
    assertEquals(
        1,
        outcome
            .output()
            .lines()
            .filter(l -> l.matches("resonance  200[01]\\.\\d+ ± 0\\.\\d+ Hz"))
            .count(),
        outcome::output);
    assertTrue(outcome.output().contains("●"));
    assertTrue(
        outcome
            .output()
            .lines()
            .anyMatch(line -> line.matches("quality    [78]\\d\\.\\d+ ± 0\\.\\d+")),
        outcome::output);
  }

  @Test
  void no_resonance_in_the_span_fails_and_says_so() throws Exception {
    Photophone.Outcome outcome = run("sweep", "--from", "1500", "--to", "1600", "--steps", "21");
    assertTrue(outcome.errors().contains("photophone: the p"), outcome::errors);
    Files.writeString(
        folder.resolve("flat.csv"),
        "frequency_hz,amplitude\n1,1\n2,1\n3,1\n4,1\n5,1\n6,1\n7,1\n8,1\n");
    Photophone.Outcome flat = run("sweep", path("flat.csv"));
    assertEquals(1, flat.exitCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "missing.csv | | 1 | missing.csv: there is no such file",
        "bad.csv | hz,a | 1 | bad.csv:1: the columns are hz, a, allowed: frequency_hz, amplitude"
            + " and perhaps phase_deg",
        "bad.csv | frequency_hz,amplitude;2000,x | 1 | bad.csv:2: amplitude is x, allowed: a finite"
            + " number",
        "bad.csv | frequency_hz,amplitude;2000 | 1 | bad.csv:2: amplitude is missing, allowed: a"
            + " finite number",
        "bad.csv | frequency_hz,amplitude;-1,2 | 1 | bad.csv:2: frequency_hz is -1.0, allowed:"
            + " above 0",
        "bad.csv | frequency_hz,amplitude;1,2;2,2 | 1 | too few usable points for a fit, needed: 7",
      })
  void a_bad_table_is_refused_with_place_and_value(
      String name, String lines, int exitCode, String message) throws Exception {
    if (lines != null) {
      Files.writeString(folder.resolve(name), lines.replace(';', '\n') + "\n");
    }
    Photophone.Outcome outcome = run("sweep", path(name));
    assertEquals(exitCode, outcome.exitCode());
    assertTrue(outcome.errors().contains(message), outcome::errors);
  }

  @Test
  void options_that_mean_nothing_are_refused() throws Exception {
    Photophone.Outcome start = run("sweep", "--start", "3");
    assertEquals(2, start.exitCode());
    assertTrue(
        start.errors().contains("--start has no meaning for a sweep of a simulated cell"),
        start::errors);
    Photophone.Outcome table = run("sweep", "x.csv", "--from", "3");
    assertEquals(2, table.exitCode());
    Photophone.Outcome plain = run("simulate", path("x.wav"), "--steps", "30");
    assertEquals(2, plain.exitCode());
  }
}
