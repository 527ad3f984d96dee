package io.photophone.events.profile.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import io.photophone.events.profile.ProfileLimits;
import io.photophone.events.profile.SampleKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V16")
final class ExportsTest {
  private final Profile profile = new Profile(ProfileLimits.DEFAULT);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.pb.gz", "a.folded", "a.perfetto", "a.json"})
  void an_empty_profile_makes_a_file_in_every_format(String name) throws IOException {
    Losses losses = Exports.standard().write(profile, FrameNames.NONE, folder.resolve(name));
    assertEquals("nothing lost", losses.text());
    assertEquals(List.of(name), files());
    assertTrue(Files.size(folder.resolve(name)) > 0);
  }

  @Test
  void a_single_kind_of_sample_needs_no_name_in_collapsed_stacks() throws IOException {
    int cpu = profile.kind(SampleKind.CPU);
    profile.processNamed(1, "java");
    profile.sample(1, 1, 1, 0, cpu, 5, profile.stack(new long[] {0x10, -512, 0x20}, 0, 3));
    profile.sample(2, 1, 1, 0, cpu, 6, profile.stack(new long[] {0x10, -512, 0x20}, 0, 3));
    profile.sample(3, 2, 2, 0, cpu, 7, 0);
    Path file = folder.resolve("a.folded");
    Exports.standard().write(profile, FrameNames.NONE, file);
    assertEquals(
        """
        # 4 frames without a name.
        java;[0x20];[0x10] 11
        process 2;[no stack] 7
        """,
        Files.readString(file));
  }

  @Test
  void pprof_tells_the_time_from_the_earliest_sample_to_the_latest_whatever_came_first()
      throws IOException {
    int cpu = profile.kind(SampleKind.CPU);
    for (long timeNanos : new long[] {700, 900, 500, 600}) {
      profile.sample(timeNanos, 1, 1, 0, cpu, 5, 0);
    }
    Path file = folder.resolve("a.pb.gz");
    Exports.standard().write(profile, FrameNames.NONE, file);
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      assertEquals(400, Fields.parse(in.readAllBytes()).number(10));
    }
  }

  @Test
  void a_name_that_tells_no_format_is_refused() {
    Path file = Path.of("profile.txt");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Exports.standard().of(file));
    assertEquals(
        "name of the profile does not end in one of .pb.gz, .folded, .perfetto, .json: profile.txt",
        refused.getMessage());
  }

  @Test
  void a_failure_leaves_the_old_file_and_nothing_else() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(file, "old");
    Exports exports = Exports.standard().with(new Failing());
    assertThrows(IOException.class, () -> exports.write(profile, FrameNames.NONE, file));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), files());
  }

  @Test
  void an_old_file_is_replaced() throws IOException {
    Path file = folder.resolve("a.folded");
    Files.writeString(file, "old");
    Exports.standard().write(profile, FrameNames.NONE, file);
    assertEquals("# nothing lost.\n", Files.readString(file));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static final class Failing implements Exporter {
    @Override
    public String suffix() {
      return ".txt";
    }

    @Override
    public Losses write(Profile profile, FrameNames names, OutputStream out) throws IOException {
      out.write('x');
      throw new IOException("disk full");
    }
  }
}
