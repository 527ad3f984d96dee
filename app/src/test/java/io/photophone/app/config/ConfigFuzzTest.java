package io.photophone.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.MeasurementConfig;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.analysis.graph.GraphSpec;
import io.photophone.model.ConcentrationUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFuzzTest {
  private static final long SEED = 20_260_321;
  private static final List<String> FRAGMENTS =
      List.of(
          "\n",
          "  ",
          "\t",
          ": ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          ",",
          "\"",
          "'",
          "#",
          "&a ",
          "*a",
          "!!int ",
          "<<: ",
          "? ",
          "|\n",
          ">-\n",
          "---\n",
          "...\n",
          "%YAML 1.1\n",
          ".nan",
          "-.inf",
          "1e999",
          "null",
          "~",
          "yes",
          "0x1F",
          "010",
          "-",
          "999999999999999999999999",
          "\0",
          "\u0007",
          "\uFEFF",
          "\u2028",
          "é",
          "\uD83D\uDE00",
          "type: file\n",
          "streaming:\n",
          "loop: true\n");

  @TempDir Path folder;

  @Test
  @Tag("B21")
  void a_damaged_file_gives_a_configuration_or_an_explanation() throws IOException {
    Random random = new Random(SEED);
    Path file = folder.resolve("photophone.yaml");
    List<String> valid =
        Stream.concat(
                PhotophoneConfigTest.sources().stream().map(ConfigFuzzTest::yaml),
                Stream.of(PhotophoneConfig.DEFAULT.yaml()))
            .toList();
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      StringBuilder yaml = new StringBuilder(valid.get(random.nextInt(valid.size())));
      for (int damage = random.nextInt(4); damage >= 0; damage--) {
        damage(yaml, random);
      }
      // Unlike writeString, it takes a lone surrogate for a question mark.
      Files.write(file, yaml.toString().getBytes(StandardCharsets.UTF_8));
      String about = "seed %d, file %d:%n%s".formatted(SEED, i, yaml);
      if (isRefused(file, Map.of(), about)) {
        refused++;
      } else {
        assertEquals(
            List.of(), ConfigSchemaTest.SCHEMA.validate(yaml.toString(), InputFormat.YAML), about);
      }
    }
    assertTrue(refused > 1000 && refused < 9999, refused + " of 10000 were refused");
  }

  @Test
  @Tag("B21")
  void a_damaged_variable_gives_a_configuration_or_an_explanation() {
    Random random = new Random(SEED);
    List<String> names =
        Settings.ALL
            .singleValues("")
            .map(path -> "PHOTOPHONE_" + path.replace('.', '_').toUpperCase(Locale.ROOT))
            .toList();
    for (int i = 0; i < 10_000; i++) {
      Map<String, String> environment = new HashMap<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        environment.put(
            names.get(random.nextInt(names.size())),
            FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
      }
      isRefused(null, environment, "seed %d, variables %s".formatted(SEED, environment));
    }
  }

  private static boolean isRefused(
      @Nullable Path file, Map<String, String> environment, String about) {
    try {
      PhotophoneConfig config = PhotophoneConfig.read(file, environment, List.of());
      assertNotNull(config, about);
      return false;
    } catch (ConfigException e) {
      assertEquals(e.errors().size(), e.getMessage().lines().count(), about);
      assertFalse(e.getMessage().contains("Exception"), about);
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(about, e);
    }
  }

  private static String yaml(SourceConfig source) {
    PhotophoneConfig config = PhotophoneConfig.DEFAULT;
    return new PhotophoneConfig(
            config.server(),
            config.security(),
            config.streams(),
            config.data(),
            config.recovery(),
            config.logging(),
            config.events(),
            new InstrumentConfig(
                source,
                config.instrument().streaming(),
                config.instrument().measurement(),
                new Calibration(
                    "2026-03", ConcentrationUnit.PPM, 0.0017, 0, 12, 0.02, 250, Instant.EPOCH),
                GraphSpec.standard(MeasurementConfig.DEFAULT, null, 4096, 48_000),
                new EnvironmentConfig.None(),
                PhotophoneConfigTest.alarms(
                    MeasurementConfig.DEFAULT.gas(), ConcentrationUnit.PPM)),
            List.of(second()),
            ProtocolSettingsTest.ALL)
        .yaml();
  }

  private static InstrumentConfig second() {
    return new InstrumentConfig(
        new SourceConfig.None(),
        StreamingConfig.DEFAULT,
        new MeasurementConfig(
            "second", "gas", 1500, Duration.ofSeconds(1), 100, MeasurementConfig.Channel.A),
        null,
        null,
        new EnvironmentConfig.None(),
        PhotophoneConfigTest.alarms("gas", ConcentrationUnit.PPB));
  }

  private static void damage(StringBuilder yaml, Random random) {
    int at = random.nextInt(yaml.length() + 1);
    int to = Math.min(yaml.length(), at + random.nextInt(12));
    switch (random.nextInt(4)) {
      case 0 -> yaml.delete(at, to);
      case 1 -> yaml.insert(at, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
      case 2 -> yaml.replace(at, to, FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
      default -> {
        String copied = yaml.substring(at, to);
        yaml.insert(random.nextInt(yaml.length() + 1), copied);
      }
    }
  }
}
