package io.photophone.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.photophone.model.ConcentrationUnit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigSchemaTest {
  static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(ConfigSchema.json());

  @TempDir Path folder;

  @Test
  void the_default_configuration_conforms() {
    assertEquals(List.of(), SCHEMA.validate(PhotophoneConfig.DEFAULT.yaml(), InputFormat.YAML));
  }

  @ParameterizedTest
  @MethodSource("io.photophone.app.config.PhotophoneConfigTest#sources")
  void every_type_of_source_conforms(SourceConfig source) {
    PhotophoneConfig config = PhotophoneConfig.DEFAULT;
    assertEquals(
        List.of(),
        SCHEMA.validate(
            new PhotophoneConfig(
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
                        null,
                        null,
                        new EnvironmentConfig.None(),
                        PhotophoneConfigTest.alarms(
                            config.instrument().measurement().gas(), ConcentrationUnit.PPM)),
                    List.of(),
                    config.protocols())
                .yaml(),
            InputFormat.YAML));
  }

  @ParameterizedTest
  @MethodSource("io.photophone.app.config.RefusedExamples#all")
  @Tag("B21")
  void a_bad_example_is_refused_by_the_program_and_the_schema(RefusedExamples.Example example)
      throws IOException {
    Path file = Files.writeString(folder.resolve("photophone.yaml"), example.yaml());
    ConfigException refused =
        assertThrows(ConfigException.class, () -> PhotophoneConfig.read(file, Map.of(), List.of()));
    assertEquals(
        "photophone.yaml:" + example.error(),
        refused.getMessage().replace(folder + File.separator, ""));
    if (example.bySchema()) {
      assertFalse(SCHEMA.validate(example.yaml(), InputFormat.YAML).isEmpty());
    }
  }

  @Test
  void an_open_end_of_a_range_is_an_exclusive_minimum() {
    JsonNode properties = JsonMapper.shared().readTree(ConfigSchema.json()).get("properties");
    JsonNode fps = properties.at("/streaming/properties/target_fps");
    assertEquals(
        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":1000,"
            + "\"description\":\"frames a second\",\"default\":30}",
        fps.toString());
    assertEquals(0, properties.at("/server/properties/port/minimum").asInt(-1));
  }
}
