package io.photophone.events.profile.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.util.regex.Matcher;
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

  /// A value for each of three kinds, and the locations.
  private static final Pattern SAMPLE =
      Pattern.compile("^ *(\\d+) +(\\d+) +(\\d+):", Pattern.MULTILINE);

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
  void go_tool_pprof_reads_the_same_totals_and_names() throws Exception {
    assumeTrue(found("go"), "go is not installed");
    String file = export("profile.pb.gz").toString();
    String raw = run("go", "tool", "pprof", "-raw", file);
    long[] totals = new long[3];
    Matcher values = SAMPLE.matcher(raw);
    while (values.find()) {
      for (int kind = 0; kind < totals.length; kind++) {
        totals[kind] += Long.parseLong(values.group(kind + 1));
      }
    }
    assertArrayEquals(
        new long[] {random.total("cpu"), random.total("off-cpu"), random.total("allocated")},
        totals,
        raw);
    String top = run("go", "tool", "pprof", "-top", "-sample_index=off-cpu", file);
    assertTrue(top.contains("Type: off-cpu"), top);
    assertTrue(top.contains("12 records lost by the kernel"), top);
    assertTrue(top.contains("Größe.of2"), top);
  }

  @Test
  void a_flame_graph_script_draws_every_frame_of_collapsed_stacks() throws Exception {
    assumeTrue(
        Files.exists(FLAME_GRAPH), FLAME_GRAPH + " (libdevel-nytprof-perl) is not installed");
    String svg =
        run("perl", FLAME_GRAPH.toString(), "--minwidth=0", export("stacks.folded").toString());
    assertTrue(svg.contains("<svg"), svg);
    assertTrue(svg.contains("Größe.of2"), svg);
    assertTrue(svg.contains("[libx.so+0x4b]"), svg);
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
