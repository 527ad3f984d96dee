package io.photophone.events.profile.export;

import io.photophone.events.profile.FrameNames;
import io.photophone.events.profile.Losses;
import io.photophone.events.profile.Profile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/// The formats that a profile can be written in, chosen by the file's name.
///
/// Contract: V16.
public final class Exports {
  private final List<Exporter> exporters;

  private Exports(List<Exporter> exporters) {
    this.exporters = List.copyOf(exporters);
  }

  /// pprof (`.pb.gz`), collapsed stacks (`.folded`), Perfetto (`.perfetto`) and speedscope
  /// (`.json`).
  public static Exports standard() {
    return new Exports(
        List.of(
            new PprofExporter(),
            new CollapsedExporter(),
            new PerfettoExporter(),
            new SpeedscopeExporter()));
  }

  /// With one format more, which is preferred where two have the same suffix.
  public Exports with(Exporter exporter) {
    List<Exporter> more = new ArrayList<>();
    more.add(exporter);
    more.addAll(exporters);
    return new Exports(more);
  }

  /// Writes the profile beside the file and then moves it into its place, so that there is the
  /// whole file or what was there before.
  ///
  /// @return what the profile lacks, with the frames that had no name
  public Losses write(Profile profile, FrameNames names, Path file) throws IOException {
    Exporter exporter = of(file);
    Path whole = file.toAbsolutePath();
    Path part = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Losses losses = write(exporter, profile, names, part);
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return losses;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /// The format of a file of this name.
  public Exporter of(Path file) {
    String name = file.toString();
    return exporters.stream()
        .filter(exporter -> name.endsWith(exporter.suffix()))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "name of the profile does not end in one of "
                    + exporters.stream().map(Exporter::suffix).collect(Collectors.joining(", "))
                    + ": "
                    + file));
  }

  private static Losses write(Exporter exporter, Profile profile, FrameNames names, Path part)
      throws IOException {
    try (FileChannel channel =
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      Losses losses = exporter.write(profile, names, out);
      out.flush();
      channel.force(true);
      return losses;
    }
  }
}
