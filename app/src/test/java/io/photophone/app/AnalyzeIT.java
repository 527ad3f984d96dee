package io.photophone.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.app.Photophone.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `analyze` and the small commands as their users run them.
@Timeout(180)
final class AnalyzeIT {
  /// 50 ppm for three seconds, then 5 ppm.
  private static final String CELL =
      """
      source:
        type: simulated
        modulation_hz: 1500
        resonance_hz: 1502
        quality: 60
        sensitivity: 0.002
        background_ppm: 3
        phase_deg: 20
        script: [{for_s: 3, ppm: 50}, {for_s: 3, ppm: 5}]
        faults: []
      measurement: {modulation_hz: 1500}
      """;

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path recording() throws Exception {
    Path wav = folder.resolve("cell.wav");
    Outcome made =
        Photophone.run(
            folder,
            "simulate",
            wav.toString(),
            "--for",
            "6",
            "--config",
            file("cell.yaml", CELL).toString());
    assertEquals(0, made.exitCode(), made::errors);
    return wav;
  }

  /// Amplitude and phase of a driven mode off its resonance, from its textbook response 1 / (1 +
  /// 2iQ(f - f0) / f0), here with numbers of our own.
  @Tag("M6")
  @Test
  void settled_amplitudes_and_phases_agree_with_the_equations_of_the_cell() throws Exception {
    Outcome outcome =
        Photophone.run(
            folder, "analyze", recording().toString(), "--modulation", "1500", "--format", "json");
    assertEquals(0, outcome.exitCode(), outcome::errors);
    JsonNode readings = JsonMapper.shared().readTree(outcome.output());
    assertEquals(6, readings.size());
    double detuning = 2 * 60 * (1500.0 - 1502.0) / 1502.0;
    double response = 1 / Math.sqrt(1 + detuning * detuning);
    for (Map.Entry<Integer, Double> settled : Map.of(1, 50.0, 2, 50.0, 4, 5.0, 5, 5.0).entrySet()) {
      JsonNode reading = readings.get(settled.getKey());
      double amplitude = 0.002 * (settled.getValue() + 3) * response;
      assertEquals(
          amplitude,
          reading.path("amplitude").asDouble(),
          Math.max(0.001 * amplitude, 3 * reading.path("amplitude_uncertainty").asDouble()),
          reading::toString);
      assertEquals(
          20 - Math.toDegrees(Math.atan(detuning)),
          reading.path("phase_deg").asDouble(),
          0.1,
          reading::toString);
      assertEquals("[\"uncalibrated\"]", reading.path("flags").toString(), reading::toString);
      assertTrue(reading.path("concentration").isNull(), reading::toString);
    }
    assertTrue(readings.get(3).path("flags").toString().contains("settling"));
  }

  @Tag("M8")
  @Test
  void a_configured_calibration_gives_concentrations_with_their_uncertainty() throws Exception {
    Path config =
        file(
            "calibration.yaml",
            """
            calibration:
              id: bottle 7
              unit: ppm
              sensitivity: 0.001975
              offset: 0.005925
              phase_deg: 29.07
              relative_uncertainty: 0
              highest: 40
            """);
    Outcome outcome =
        Photophone.run(
            folder,
            "analyze",
            recording().toString(),
            "--modulation",
            "1500",
            "--config",
            config.toString(),
            "--format",
            "csv");
    assertEquals(0, outcome.exitCode(), outcome::errors);
    List<String> lines = outcome.output().lines().toList();
    assertTrue(
        lines
            .getFirst()
            .startsWith(
                "from_s,to_s,amplitude,phase_deg,concentration,standard_uncertainty,unit,flags"),
        lines::getFirst);
    String[] high = lines.get(3).split(",", -1);
    assertEquals(50, Double.parseDouble(high[4]), 0.1);
    assertTrue(Double.parseDouble(high[5]) < 0.01, high[5]);
    assertEquals("ppm", high[6]);
    assertEquals("out_of_range", high[7]);
    String[] low = lines.get(6).split(",", -1);
    assertEquals(5, Double.parseDouble(low[4]), 0.05);
    assertEquals("", low[7]);
  }

  @Test
  void a_simulated_recording_comes_with_the_configuration_that_measures_it() throws Exception {
    Path wav = folder.resolve("own.wav");
    Outcome made = Photophone.run(folder, "simulate", wav.toString(), "--for", "17");
    Path config = file("own.yaml", made.output());
    Outcome outcome =
        Photophone.run(
            folder, "analyze", wav.toString(), "--config", config.toString(), "--format", "json");
    assertEquals(0, outcome.exitCode(), outcome::errors);
    JsonNode last = JsonMapper.shared().readTree(outcome.output()).get(16);
    assertEquals(100, last.path("concentration").asDouble(), 0.05, last::toString);
    assertEquals("[]", last.path("flags").toString());
  }

  @Test
  void a_table_shows_a_bar_for_each_reading() throws Exception {
    Outcome outcome =
        Photophone.run(folder, "analyze", recording().toString(), "--modulation", "1500");
    assertEquals(0, outcome.exitCode(), outcome::errors);
    List<String> lines = outcome.output().lines().toList();
    assertEquals(7, lines.size(), outcome::output);
    assertTrue(lines.get(2).contains("█"), lines.get(2));
    assertTrue(outcome.errors().contains("--config"), outcome::errors);
  }

  @Test
  void what_is_readable_of_a_truncated_recording_is_read_and_the_damage_told() throws Exception {
    Path whole = recording();
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = Files.write(folder.resolve("cut.wav"), Arrays.copyOf(bytes, bytes.length / 2 + 1));
    Outcome outcome =
        Photophone.run(
            folder, "analyze", cut.toString(), "--modulation", "1500", "--format", "csv");
    assertEquals(1, outcome.exitCode());
    assertEquals(3, outcome.output().lines().count(), outcome::output);
    assertTrue(outcome.errors().contains("cut.wav"), outcome::errors);
    assertFalse(outcome.errors().contains("\tat "), outcome::errors);
  }

  private static Stream<Arguments> badRecordings() {
    return Stream.of(
        Arguments.of("garbage", "garbage\n".getBytes(US_ASCII), "8 bytes"),
        Arguments.of("empty", new byte[0], "empty"),
        Arguments.of("mono", wav(1, new byte[400_000]), "--channels"),
        Arguments.of("no channels", wav(0, new byte[4]), "channels"));
  }

  /// A canonical header for 16-bit samples at 48 kHz, then the samples.
  private static byte[] wav(int channels, byte[] samples) {
    return ByteBuffer.allocate(44 + samples.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("RIFF".getBytes(US_ASCII))
        .putInt(36 + samples.length)
        .put("WAVEfmt ".getBytes(US_ASCII))
        .putInt(16)
        .putShort((short) 1)
        .putShort((short) channels)
        .putInt(48_000)
        .putInt(48_000 * 2 * channels)
        .putShort((short) (2 * channels))
        .putShort((short) 16)
        .put("data".getBytes(US_ASCII))
        .putInt(samples.length)
        .put(samples)
        .array();
  }

  @Tag("A2")
  @ParameterizedTest(name = "{0}")
  @MethodSource("badRecordings")
  void a_bad_recording_is_refused_with_a_reason_and_no_stack_trace(
      String name, byte[] content, String reason) throws Exception {
    Path file = Files.write(folder.resolve("bad.wav"), content);
    assertRefused(Photophone.run(folder, "analyze", file.toString()), "bad.wav", reason);
  }

  @Test
  void a_missing_recording_is_refused_with_its_name() throws Exception {
    assertRefused(
        Photophone.run(folder, "analyze", folder.resolve("none.wav").toString()), "none.wav");
  }

  @Test
  void a_modulation_above_half_the_rate_is_refused_with_what_is_allowed() throws Exception {
    assertRefused(
        Photophone.run(folder, "analyze", recording().toString(), "--modulation", "25000"),
        "25000",
        "24000");
  }

  /// Zero gas in noise that is white, so that the deviation of a reading is its uncertainty.
  @Tag("M9")
  @Test
  void allan_deviation_and_detection_limit_of_zero_gas_agree_with_the_uncertainty()
      throws Exception {
    Path wav = folder.resolve("zero.wav");
    Path config =
        file(
            "zero.yaml",
            """
            source:
              type: simulated
              script: [{for_s: 5, ppm: 50}, {for_s: 60, ppm: 0}]
              faults: []
            """);
    Outcome made =
        Photophone.run(
            folder, "simulate", wav.toString(), "--for", "65", "--config", config.toString());
    assertEquals(0, made.exitCode(), made::errors);
    Path measure = file("measure.yaml", made.output());
    String[] analyze = {
      "analyze", wav.toString(), "--config", measure.toString(), "--from", "10", "--format"
    };
    JsonNode readings = JsonMapper.shared().readTree(outputOf(analyze, "json"));
    assertEquals(10, readings.get(0).path("from_s").asDouble());
    double uncertainty = readings.get(20).path("standard_uncertainty").asDouble();

    JsonNode all = JsonMapper.shared().readTree(outputOf(analyze, "json", "--allan"));
    assertEquals(1, all.size());
    JsonNode stability = all.get(0);
    assertEquals("ppm", stability.path("unit").asString());
    assertTrue(stability.path("readings").asInt() >= 30, stability::toString);
    JsonNode single = stability.path("points").get(0);
    assertEquals(1, single.path("averaging_s").asDouble(), 1e-9);
    assertEquals(1, single.path("deviation").asDouble() / uncertainty, 0.4, single::toString);
    assertEquals(
        3 * stability.path("standard_deviation").asDouble(),
        stability.path("zero_gas_limit").asDouble(),
        1e-12);

    List<String> csv = outputOf(analyze, "csv", "--allan").lines().toList();
    assertEquals(
        "gas,unit,averaged,averaging_s,deviation,lower,upper,detection_limit,white_noise",
        csv.getFirst());
    assertEquals(1 + stability.path("points").size(), csv.size());

    String table = outputOf(analyze, "table", "--allan");
    assertTrue(table.contains("●") && table.contains("detection limit (3σ)"), table);

    assertRefused(
        Photophone.run(
            folder,
            "analyze",
            wav.toString(),
            "--config",
            measure.toString(),
            "--allan",
            "--from",
            "60"),
        "needed: 10");
    assertRefused(
        Photophone.run(folder, "analyze", wav.toString(), "--from", "100"),
        "has no reading from 100.0 s to its end; its readings are from 0.0 s to 65.0 s");
    assertRefused(
        Photophone.run(folder, "analyze", wav.toString(), "--allan"),
        "0 of 65 readings have a concentration");
  }

  private String outputOf(String[] arguments, String... more) throws Exception {
    Outcome outcome =
        Photophone.run(
            folder, Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome::errors);
    return outcome.output();
  }

  @Tag("B21")
  @Test
  void three_errors_of_a_configuration_are_told_at_once() throws Exception {
    Path config =
        file(
            "bad.yaml",
            """
            streaming:
              target_fps: .nan
              bufer_frames: 5
            server: {port: 99999}
            """);
    Outcome outcome = Photophone.run(folder, "check-config", config.toString());
    assertRefused(outcome, "target_fps", "bufer_frames", "99999", "3 errors");
    assertRefused(
        Photophone.run(folder, "serve", "--config", config.toString()),
        "target_fps",
        "bufer_frames",
        "99999");
  }

  @Test
  void the_default_configuration_passes_its_own_check_and_has_a_schema() throws Exception {
    Outcome defaults = Photophone.run(folder, "config", "defaults");
    Path config = file("defaults.yaml", defaults.output());
    Outcome check = Photophone.run(folder, "check-config", config.toString());
    assertEquals(0, check.exitCode(), check::errors);
    Outcome schema = Photophone.run(folder, "config", "schema");
    assertEquals(0, schema.exitCode());
    assertTrue(JsonMapper.shared().readTree(schema.output()).has("properties"), schema::output);
  }

  @Test
  void devices_lists_what_there_is_or_says_that_there_is_nothing() throws Exception {
    Outcome outcome = Photophone.run(folder, "devices");
    assertEquals(0, outcome.exitCode(), outcome::errors);
    assertFalse(outcome.output().isBlank());
  }

  @Test
  void wrong_arguments_exit_with_2_and_name_what_is_wrong() throws Exception {
    Outcome outcome = Photophone.run(folder, "analyze", "--fromat", "csv", "x.wav");
    assertEquals(2, outcome.exitCode());
    assertTrue(outcome.errors().contains("--fromat"), outcome::errors);
  }

  private static void assertRefused(Outcome outcome, String... reasons) {
    assertEquals(1, outcome.exitCode(), outcome::errors);
    for (String reason : reasons) {
      assertTrue(outcome.errors().contains(reason), outcome::errors);
    }
    assertFalse(outcome.errors().contains("\tat "), outcome::errors);
  }
}
