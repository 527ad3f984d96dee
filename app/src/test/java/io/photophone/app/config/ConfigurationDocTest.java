package io.photophone.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.photophone.analysis.MeasurementConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Keeps `docs/configuration.md` true; with `-Dphotophone.docs=write` it writes the reference anew.
class ConfigurationDocTest {
  private static final Path DOC = Path.of("../docs/configuration.md");
  private static final Pattern REFERENCE =
      Pattern.compile("(?s)(?<=-Dphotophone.docs=write -->\n).*(?=<!-- end -->)");
  private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.*?)```");

  @TempDir Path folder;

  @Test
  void the_reference_has_every_setting_of_the_table() throws IOException {
    String doc = Files.readString(DOC);
    String current =
        REFERENCE.matcher(doc).replaceFirst(_ -> Matcher.quoteReplacement(reference()));
    if ("write".equals(System.getProperty("photophone.docs"))) {
      Files.writeString(DOC, current);
    } else {
      assertEquals(current, doc, "stale: mvn test -pl app -am -Dphotophone.docs=write");
    }
  }

  @Test
  void the_example_is_valid() throws Exception {
    List<String> examples =
        YAML.matcher(Files.readString(DOC)).results().map(match -> match.group(1)).toList();
    assertEquals(1, examples.size());
    PhotophoneConfig config =
        PhotophoneConfig.read(
            Files.writeString(folder.resolve("photophone.yaml"), examples.getFirst()),
            Map.of(),
            List.of());
    assertEquals(new SourceConfig.Microphone("USB Audio", 48_000), config.instrument().source());
    assertEquals(
        new MeasurementConfig(
            "stack-2",
            "NO2",
            1503.5,
            Duration.ofSeconds(2),
            MeasurementConfig.DEFAULT.bandwidthHz(),
            MeasurementConfig.Channel.DIFFERENCE),
        config.instrument().measurement());
  }

  private static String reference() {
    StringBuilder text = new StringBuilder();
    section(text, "", "The file", Settings.ALL);
    return text.append('\n').toString();
  }

  /// A table of the section's single values and lists, then the sections below it.
  private static void section(StringBuilder text, String path, String title, Section<?> section) {
    text.append("\n### %s\n\n".formatted(title));
    StringBuilder below = new StringBuilder();
    StringBuilder rows = new StringBuilder();
    for (Setting<?, ?> setting : section.settings()) {
      String own = Node.join(path, setting.name());
      String ownTitle = "`%s`: %s".formatted(own, setting.description());
      switch (setting.kind()) {
        case Scalar<?> _ -> rows.append(row(own, setting));
        case ListOf<?>(Section<?> item, _) -> {
          rows.append(row(own, setting));
          if (!section.names().containsAll(item.names())) {
            section(below, own + "[]", "Each of `%s`".formatted(own), item);
          }
        }
        case ListOf<?>(OneOf<?> item, _) -> {
          rows.append(row(own, setting));
          oneOf(below, own + "[]", "Each of `%s`".formatted(own), item);
        }
        case ListOf<?> _ -> rows.append(row(own, setting));
        case Graph(ListOf<?>(OneOf<?> item, _)) -> {
          rows.append(row(own, setting));
          oneOf(below, own + "[]", "Each of `%s`".formatted(own), item);
        }
        case Graph _ -> rows.append(row(own, setting));
        case Section<?> inner -> section(below, own, ownTitle, inner);
        case OneOf<?> oneOf -> oneOf(below, own, ownTitle, oneOf);
      }
    }
    if (!rows.isEmpty()) {
      text.append("| setting | allowed | default | meaning |\n|---|---|---|---|\n").append(rows);
    }
    text.append(below);
  }

  private static void oneOf(StringBuilder text, String path, String title, OneOf<?> oneOf) {
    text.append("\n### %s\n\n".formatted(title));
    text.append(
        "`%s.%s` is one of: %s. Without it, it is %s.\n"
            .formatted(path, oneOf.tag(), oneOf.tagKind().allowed(), oneOf.standard().name()));
    oneOf.variants().stream()
        .filter(variant -> !variant.section().settings().isEmpty())
        .forEach(variant ->
            section(
                text,
                path,
                "`%s` with type %s".formatted(path, variant.name()),
                variant.section()));
  }

  private static String row(String path, Setting<?, ?> setting) {
    JsonNode preset = setting.schema().get("default");
    String ifUnset = setting.required() ? "must be set" : "none";
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            path,
            setting.kind().allowed(),
            preset == null ? ifUnset : "`%s`".formatted(preset),
            setting.description());
  }
}
