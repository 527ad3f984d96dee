package io.photophone.events.profile.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other programs read what we export.
@Tag("V16")
final class ExportsIT {
  /// As Debian installs it.
  private static final Path FLAME_GRAPH = Path.of("/usr/share/perl5/Devel/NYTProf/flamegraph.pl");

  private static final Path RESOURCES = resources();

  private final RandomProfile random = new RandomProfile(7, 500);

  @TempDir private Path folder;

  @Test
  void protoc_decodes_pprof_without_an_unknown_field() throws Exception {
    Path file = export("profile.pb.gz");
    Path plain = folder.resolve("plain");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      Files.copy(in, plain);
    }
    String text = decode("perftools.profiles.Profile", "profile.proto", plain);
    assertEquals(3, count(text, "^sample_type \\{"));
    assertTrue(count(text, "^sample \\{") > 100, text);
    assertTrue(text.contains("string_table: \"off-cpu\""), text);
  }

  @Test
  void protoc_decodes_perfetto_without_an_unknown_field() throws Exception {
    String text = decode("perfetto.protos.Trace", "trace.proto", export("trace.perfetto"));
    assertEquals(501, count(text, "^  perf_sample \\{"));
    assertTrue(text.contains("kernel_records_lost: 12"), text);
    assertTrue(text.contains("process_name: \"process1\""), text);
    assertTrue(text.contains("name: \"running on processor 1\""), text);
  }

  @Test
  void go_tool_pprof_shows_the_same_total() throws Exception {
    assumeTrue(found("go"), "go is not installed");
    for (String kind : List.of("cpu", "off-cpu", "allocated")) {
      String raw =
          run(
              "go",
              "tool",
              "pprof",
              "-top",
              "-unit=minimum",
              "-sample_index=" + kind,
              "-nodecount=100000",
              "-nodefraction=0",
              export("profile.pb.gz").toString());
      long sum =
          random.sums.entrySet().stream()
              .filter(entry -> entry.getKey().startsWith(kind + ": "))
              .mapToLong(entry -> entry.getValue())
              .sum();
      assertTrue(raw.contains("Type: " + kind), raw);
      assertTrue(raw.contains(" of " + sum), "no total of " + sum + " in:\n" + raw);
      assertTrue(raw.contains("Größe.of2"), raw);
    }
  }

  @Test
  void a_flame_graph_script_draws_every_frame_of_collapsed_stacks() throws Exception {
    assumeTrue(
        Files.exists(FLAME_GRAPH), FLAME_GRAPH + " (libdevel-nytprof-perl) is not installed");
    String svg =
        run("perl", FLAME_GRAPH.toString(), "--minwidth=0", export("stacks.folded").toString());
    assertTrue(svg.contains("<svg"), svg);
    assertTrue(svg.contains("Größe.of2"), svg);
    assertTrue(svg.contains("[libx.so+0x47]"), svg);
  }

  @Test
  void speedscope_files_keep_to_the_schema() throws Exception {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(Files.readString(RESOURCES.resolve("speedscope.schema.json")));
    String json = Files.readString(export("profile.json"));
    assertEquals(List.of(), schema.validate(json, InputFormat.JSON));
  }

  private Path export(String name) throws IOException {
    Path file = folder.resolve(name);
    Exports.standard().write(random.profile, RandomProfile.NAMES, file);
    return file;
  }

  /// A field that the schema lacks would be shown as a bare number.
  private static String decode(String message, String schema, Path file) throws Exception {
    assumeTrue(found("protoc"), "protoc (protobuf-compiler) is not installed");
    Process protoc =
        new ProcessBuilder("protoc", "--decode=" + message, "-I", RESOURCES.toString(), schema)
            .redirectInput(file.toFile())
            .redirectErrorStream(true)
            .start();
    String text = output(protoc);
    assertEquals(0, count(text, "^ *[0-9]+[ :]"), text);
    return text;
  }

  private static String run(String... command) throws Exception {
    return output(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private static String output(Process process) throws Exception {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  private static boolean found(String program) {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results().count();
  }

  private static Path resources() {
    try {
      return Path.of(ExportsIT.class.getResource("trace.proto").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
